import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visible_cards } from '../src/cards.ts';
import { type Action, type State, initial } from '../src/state.ts';
import { reduce } from '../src/store.ts';
import type { FileEventType, FileRecord, Frame, Profile } from '../src/types.ts';

const id_of = (n: number): string => `01J${String(n).padStart(23, '0')}`;

function a_file(n: number, more: Partial<FileRecord> = {}): FileRecord {
  const id = id_of(n);
  return {
    id, name: `file-${n}.jpg`, profile: 'image', media_type: 'image/jpeg', bytes: 1000 + n, status: 'ready',
    stage: null, progress: 1, preview: null, media: {}, renditions: [], archive: null, failure: null,
    links: { self: `/v1/files/${id}`, content: `/v1/files/${id}/content`, events: '' },
    created_at: new Date(1_700_000_000_000 + n * 1000).toISOString(),
    updated_at: new Date(1_700_000_000_000 + n * 1000).toISOString(), ...more,
  };
}

const after = (record: FileRecord, ms: number): string => new Date(Date.parse(record.updated_at) + ms).toISOString();
const play = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);
const frame = (f: Frame): Action => ({ type: 'frame', frame: f });
const hello = (seq: number): Action => frame({ type: 'hello', seq, oldest: 1 });
const event = (seq: number, type: FileEventType, file: FileRecord): Action => frame({ type, seq, file });
const listed = (files: FileRecord[], more: Partial<Extract<Action, { type: 'listed' }>> & { cursor?: string } = {}): Action =>
  ({ type: 'listed', filter: 'all', page: { files, cursor: more.cursor ?? null }, fresh: true, as_of: 0, ...more });
const chosen = (key: string, name: string, bytes: number): Action =>
  ({ type: 'chosen', key, name, bytes, media_type: 'image/jpeg', now: 1_800_000_000_000 });
const sent = (key: string, bytes: number): Action => ({ type: 'sent', key, bytes, speed: null });
const whole = (key: string, { id }: FileRecord): Action => ({ type: 'whole', key, id });
const names = (state: State): string[] => visible_cards(state).map((c) => c.record?.name ?? `→ ${c.sending?.name}`);
const status_of = (state: State, n: number): string | undefined => state.known.get(id_of(n))?.record.status;

test('files are shown newest first', () => {
  assert.deepEqual(names(play(initial, hello(5), listed([a_file(1), a_file(3), a_file(2)]))),
    ['file-3.jpg', 'file-2.jpg', 'file-1.jpg']);
});

test('an event with a number already seen changes nothing', () => {
  const file = a_file(1);
  const state = play(initial, hello(10), event(12, 'file.ready', file));
  assert.equal(play(state, event(11, 'file.processing', { ...file, status: 'processing' })), state);
  assert.equal(play(state, event(12, 'file.failed', { ...file, status: 'failed' })), state);
  assert.equal(state.seq, 12);
});

test('the number of an unknown event counts too', () => {
  assert.equal(play(initial, hello(10), frame({ type: 'unknown', seq: 14 })).seq, 14);
});

test('the hello of a reconnection does not skip what the replay will bring', () => {
  const state = play(initial, hello(10), hello(20));
  assert.equal(state.seq, 10);
  assert.equal(status_of(play(state, event(15, 'file.ready', a_file(1))), 1), 'ready');
});

test('a gap asks for the list, which then replaces what was known', () => {
  const before = play(initial, hello(10), listed([a_file(1), a_file(2)]), { type: 'listing', under_way: true });
  assert.equal(before.stale, false);
  const gap = play(before, frame({ type: 'gap' }));
  assert.equal(gap.stale, true);
  assert.deepEqual(names(play(gap, listed([a_file(2)], { as_of: 10 }))), ['file-2.jpg']);
});

test('a file announced while the list was on its way survives that list', () => {
  const state = play(initial, hello(10), event(11, 'file.registered', a_file(7, { status: 'registered' })), listed([], { as_of: 10 }));
  assert.deepEqual(names(state), ['file-7.jpg']);
});

test('a server that starts over with smaller numbers is listed again and listened to', () => {
  const state = play(initial, hello(500), event(501, 'file.ready', a_file(1)), hello(3));
  assert.deepEqual([state.stale, state.seq], [true, 3]);
  const again = play(state, listed([], { as_of: 3 }), event(4, 'file.ready', a_file(2)));
  assert.deepEqual(names(again), ['file-2.jpg']);
});

test('a replayed event does not turn back a newer record from the list', () => {
  const file = a_file(1);
  const old = { ...file, status: 'processing' as const, updated_at: after(file, -50) };
  const state = play(initial, hello(10), listed([file], { as_of: 10 }), event(11, 'file.processing', old));
  assert.equal(status_of(state, 1), 'ready');
  assert.equal(state.seq, 11);
});

test('of two events the later number wins, whatever their clocks say', () => {
  const file = a_file(1, { status: 'processing' });
  const ready = { ...file, status: 'ready' as const, updated_at: after(file, -60_000) };
  assert.equal(status_of(play(initial, hello(1), event(2, 'file.processing', file), event(3, 'file.ready', ready)), 1), 'ready');
});

test('progress moves a file that is being processed, and no other', () => {
  const file = a_file(1, { status: 'processing', stage: 'preview', progress: 0.1 });
  const progress = frame({ type: 'file.progress', id: file.id, stage: 'compress', progress: 0.5 });
  const state = play(initial, hello(1), event(2, 'file.processing', file), progress);
  assert.deepEqual([state.known.get(file.id)?.record.stage, state.known.get(file.id)?.record.progress], ['compress', 0.5]);
  const done = play(state, event(3, 'file.ready', { ...file, status: 'ready', progress: 1 }));
  assert.equal(play(done, progress), done);
});

test('a deleted file does not come back with a list that was on its way', () => {
  const state = play(initial, hello(1), listed([a_file(1)]), event(2, 'file.deleted', a_file(1)), listed([a_file(1)], { as_of: 1 }));
  assert.deepEqual(names(state), []);
});

test('a file in the trash is gone and comes back when it is restored', () => {
  const state = play(initial, hello(1), listed([a_file(1)]), event(2, 'file.trashed', a_file(1)));
  assert.deepEqual(names(state), []);
  assert.deepEqual(names(play(state, event(3, 'file.restored', a_file(1)))), ['file-1.jpg']);
});

test('a deletion can be undone until it is done', () => {
  const state = play(initial, hello(1), listed([a_file(1)]), { type: 'hidden', id: id_of(1), hidden: true });
  assert.deepEqual(names(state), []);
  assert.deepEqual(names(play(state, { type: 'hidden', id: id_of(1), hidden: false })), ['file-1.jpg']);
});

test('a file being sent is on top, even if the clock of this machine is slow', () => {
  const state = play(initial, hello(1), listed([a_file(1)]), { ...chosen('k', 'new.jpg', 5), now: 7 } as Action);
  assert.deepEqual(names(state), ['→ new.jpg', 'file-1.jpg']);
});

test('a sent file keeps its card when the answer turns it into a record', () => {
  const sending = play(initial, hello(1), chosen('k', 'file-9.jpg', 1009), sent('k', 1009));
  const done = play(sending, whole('k', a_file(9)), { type: 'record', record: a_file(9) });
  assert.equal(visible_cards(done)[0]?.record?.id, id_of(9));
  assert.deepEqual(visible_cards(done).map((c) => c.key), visible_cards(sending).map((c) => c.key));
});

test('the event of a file that overtakes the answer does not show it twice', () => {
  const state = play(initial, hello(1), chosen('k', 'file-9.jpg', 1009), sent('k', 1009),
    event(2, 'file.registered', a_file(9, { status: 'registered' })));
  assert.deepEqual(visible_cards(state).map((c) => c.key), ['k']);
  assert.equal(visible_cards(state)[0]?.record?.id, id_of(9));
});

test('the event of another file of the same name does not take over one whose sending has not begun', () => {
  const state = play(initial, hello(1), chosen('k', 'file-9.jpg', 1009), event(2, 'file.registered', a_file(9)));
  assert.equal(visible_cards(state).length, 2);
});

test('an answer corrects a file taken for another of the same name and size', () => {
  const [theirs, mine] = [a_file(1, { name: 'x', bytes: 5 }), a_file(2, { name: 'x', bytes: 5 })];
  const state = play(initial, hello(1), chosen('k', 'x', 5), sent('k', 1),
    event(2, 'file.registered', theirs), event(3, 'file.registered', mine), whole('k', mine));
  assert.deepEqual(visible_cards(state).map((c) => [c.key, c.record?.id]), [['k', mine.id], [theirs.id, theirs.id]]);
});

test('two equal files sent at once end on one card each', () => {
  const [a, b] = [a_file(1, { name: 'x', bytes: 5 }), a_file(2, { name: 'x', bytes: 5 })];
  const state = play(initial, hello(1), chosen('k1', 'x', 5), chosen('k2', 'x', 5),
    sent('k1', 5), sent('k2', 5),
    event(2, 'file.registered', a), event(3, 'file.registered', b),
    whole('k1', b), whole('k2', a));
  assert.deepEqual(visible_cards(state).map((c) => [c.key, c.record?.id]), [['k2', a.id], ['k1', b.id]]);
});

test('a file whose answer was lost is found again in the replay', () => {
  const state = play(initial, hello(1), chosen('k', 'file-9.jpg', 1009), sent('k', 1009),
    { type: 'refused', key: 'k', problem: 'The server cannot be reached.', again: false }, hello(2),
    event(2, 'file.registered', a_file(9, { status: 'registered' })));
  assert.deepEqual(visible_cards(state).map((c) => [c.key, c.record?.status]), [['k', 'registered']]);
});

test('a file that waits to be sent anew is not taken for another that arrives', () => {
  const state = play(initial, hello(1), chosen('k', 'file-9.jpg', 1009), sent('k', 500),
    { type: 'refused', key: 'k', problem: 'The server cannot be reached.', again: true }, event(2, 'file.registered', a_file(9)));
  assert.equal(visible_cards(state).length, 2);
});

test('a placed file shows how its sending goes until it is whole, and the record after that', () => {
  const receiving = a_file(9, { status: 'receiving', bytes: 0 });
  const state = play(initial, hello(1), chosen('k', 'x', 5), sent('k', 1), { type: 'placed', key: 'k', id: receiving.id },
    listed([receiving]));
  assert.deepEqual(visible_cards(state).map((c) => [c.key, c.record]), [['k', null]]);
  const arrived = play(state, event(2, 'file.registered', a_file(9, { status: 'registered', bytes: 5 })));
  assert.deepEqual(visible_cards(arrived).map((c) => [c.key, c.record?.status]), [['k', 'registered']]);
});

test('a paused file stays where it is, and waits when it goes on', () => {
  const state = play(initial, chosen('k', 'x', 5), { type: 'sent', key: 'k', bytes: 3, speed: 7 }, { type: 'paused', key: 'k', paused: true });
  assert.deepEqual([state.sending[0]?.phase, state.sending[0]?.sent, state.sending[0]?.speed], ['paused', 3, null]);
  assert.equal(play(state, { type: 'paused', key: 'k', paused: false }).sending[0]?.phase, 'waiting');
});

test('bytes that another client sends move a file that is being received, and no other', () => {
  const receiving = a_file(1, { status: 'receiving', bytes: 0, progress: 0 });
  const bytes = frame({ type: 'upload.progress', id: receiving.id, bytes: 30, total: 120 });
  const state = play(initial, hello(1), listed([receiving]), bytes);
  assert.deepEqual([state.known.get(receiving.id)?.record.bytes, state.known.get(receiving.id)?.record.progress], [120, 0.25]);
  const done = play(state, event(2, 'file.registered', a_file(1, { status: 'registered' })));
  assert.equal(play(done, bytes), done);
});

test('a refused file says why', () => {
  const state = play(initial, chosen('k', 'a', 1), { type: 'refused', key: 'k', problem: 'Too large.', again: false });
  assert.deepEqual([state.sending[0]?.phase, state.sending[0]?.problem], ['failed', 'Too large.']);
});

test('a filter shows its kind only', () => {
  const kind = (n: number, profile: Profile): FileRecord => a_file(n, { profile });
  const state = play(initial, hello(1), listed([kind(1, 'video'), kind(2, 'image')]), { type: 'filter', filter: 'video' });
  assert.deepEqual(names(state), ['file-1.jpg']);
});

test('files beyond what a list has reached wait for the next page', () => {
  const state = play(initial, hello(1), listed([a_file(9), a_file(8)], { page: { files: [a_file(9), a_file(8)], cursor: 'c' } }),
    { type: 'listed', filter: 'image', page: { files: [a_file(2)], cursor: null }, fresh: false, as_of: 1 });
  assert.deepEqual(names(state), ['file-9.jpg', 'file-8.jpg']);
  const more = play(state, { type: 'listed', filter: 'all', page: { files: [a_file(2)], cursor: null }, fresh: false, as_of: 1 });
  assert.deepEqual(names(more), ['file-9.jpg', 'file-8.jpg', 'file-2.jpg']);
});
