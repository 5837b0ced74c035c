// How each thing that happens changes what the page knows. Pure: no network, no clock, no DOM.
import { change, claim, on_chosen, on_whole, place } from './sending.ts';
import type { Action, Known, State } from './state.ts';
import type { FileRecord, Frame, UploadProgress } from './types.ts';

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'connection': return { ...state, connection: action.connection };
    case 'frame': return on_frame(state, action.frame);
    case 'listing': return { ...state, stale: !action.under_way };
    case 'listed': return on_listed(state, action);
    case 'record': return learn(state, action.record, 0);
    case 'filter': return { ...state, filter: action.filter };
    case 'hidden': return { ...state, hidden: toggled(state.hidden, action.id, action.hidden) };
    case 'deleted': return forget(state, action.id);
    case 'chosen': return on_chosen(state, action);
    case 'placed': return place(state, action.key, action.id);
    case 'sent': return change(state, action.key,
      { sent: action.bytes, speed: action.speed, phase: 'sending', problem: null });
    case 'paused': return change(state, action.key,
      { phase: action.paused ? 'paused' : 'waiting', speed: null, problem: null });
    case 'whole': return on_whole(state, action.key, action.id);
    case 'refused': return change(state, action.key,
      { phase: action.again ? 'waiting' : 'failed', speed: null, problem: action.problem });
    case 'dropped': return { ...state, sending: state.sending.filter((s) => s.key !== action.key) };
  }
}

function on_frame(state: State, frame: Frame): State {
  switch (frame.type) {
    case 'hello':
      if (state.seq !== null && frame.seq < state.seq)
        return started_over(state, frame.seq);
      return state.seq === null ? { ...state, seq: frame.seq } : state;
    case 'gap':
      return { ...state, stale: true };
    case 'file.progress':
      return on_progress(state, frame.id, { stage: frame.stage, progress: frame.progress });
    case 'upload.progress':
      return on_bytes(state, frame);
    default:
      return on_event(state, frame);
  }
}

/** A number smaller than ours: another database. Nothing we know needs to be true any more. */
function started_over(state: State, seq: number): State {
  const known = new Map([...state.known].map(([id, { record }]) => [id, { record, seq: 0 }]));
  return { ...state, known, seq, stale: true };
}

function on_event(state: State, event: Extract<Frame, { seq: number }>): State {
  // Replay and live events may overlap; each number counts once.
  if (state.seq !== null && event.seq <= state.seq)
    return state;
  const next = { ...state, seq: event.seq };
  if (!('file' in event))
    return next;
  if (event.type === 'file.deleted' || event.type === 'file.trashed')
    return forget(next, event.file.id);
  if (event.type === 'file.restored')
    return learn({ ...next, gone: toggled(next.gone, event.file.id, false) }, event.file, event.seq);
  return learn(event.type === 'file.registered' ? claim(next, event.file) : next, event.file, event.seq);
}

function on_progress(state: State, id: string, now: Pick<FileRecord, 'stage' | 'progress'>): State {
  const known = state.known.get(id);
  if (known?.record.status !== 'processing')
    return state;
  return with_known(state, { ...known, record: { ...known.record, ...now } });
}

/** Bytes that another page or program sends. */
function on_bytes(state: State, { id, bytes, total }: UploadProgress): State {
  const known = state.known.get(id);
  if (known?.record.status !== 'receiving' || !total)
    return state;
  return with_known(state, { ...known, record: { ...known.record, bytes: total, progress: bytes / total } });
}

function on_listed(state: State, { filter, page, fresh, as_of }: Extract<Action, { type: 'listed' }>): State {
  let next = state;
  if (fresh) {
    // Only what an event told us since the list was asked for may be missing from it.
    const known = new Map([...state.known].filter(([, { seq }]) => seq > as_of));
    next = { ...state, known, listings: {} };
  }
  for (const record of page.files)
    next = learn(next, record, 0);
  const floor = page.files.at(-1)?.id ?? next.listings[filter]?.floor ?? '';
  return { ...next, listings: { ...next.listings, [filter]: { cursor: page.cursor, floor } } };
}

/** Takes a record over unless what we have is newer. `seq` is 0 for one that came without an event. */
function learn(state: State, record: FileRecord, seq: number): State {
  if (state.gone.has(record.id))
    return state;
  const before = state.known.get(record.id);
  if (!before)
    return with_known(state, { record, seq });
  if (seq > 0 && seq <= before.seq)
    return state;
  // Two events compare by number; anything else by what the records say of themselves.
  const by_number = seq > 0 && before.seq > 0;
  const newer = by_number || !is_older(record, before.record) ? record : before.record;
  return with_known(state, { record: newer, seq: Math.max(seq, before.seq) });
}

const order = ['receiving', 'registered', 'processing', 'cancelled', 'failed', 'ready'];

function is_older(a: FileRecord, b: FileRecord): boolean {
  if (a.updated_at !== b.updated_at)
    return a.updated_at < b.updated_at;
  return order.indexOf(a.status) < order.indexOf(b.status)
    || (a.status === b.status && (a.progress < b.progress || (b.preview !== null && a.preview === null)));
}

function forget(state: State, id: string): State {
  const known = new Map(state.known);
  known.delete(id);
  return {
    ...state, known, gone: toggled(state.gone, id, true), hidden: toggled(state.hidden, id, false),
    sending: state.sending.filter((s) => s.file !== id),
  };
}

function with_known(state: State, known: Known): State {
  return { ...state, known: new Map(state.known).set(known.record.id, known) };
}

function toggled(set: ReadonlySet<string>, id: string, member: boolean): ReadonlySet<string> {
  const copy = new Set(set);
  if (member) copy.add(id);
  else copy.delete(id);
  return copy;
}
