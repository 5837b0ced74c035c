// The page's one running session: the state, what feeds it, and what a person can do.
import * as api from './api.ts';
import { connect } from './events.ts';
import { type Observable, observable } from './observable.ts';
import { type Action, type Filter, type State, initial, reduce, visible_cards } from './store.ts';
import { type Frame, type FileRecord, is_terminal } from './types.ts';
import { type Uploads, start_uploads } from './uploads.ts';
import { sentence_of } from './words.ts';

export interface Toast {
  number: number;
  text: string;
  tone: 'plain' | 'bad';
  /** What its button does; a toast with one stays longer. */
  undo: (() => void) | null;
}

export interface Session {
  state: Observable<State>;
  toasts: Observable<readonly Toast[]>;
  /** The newest sentence for screen readers. */
  spoken: Observable<string>;
  /** The id of the file shown in detail. */
  opened: Observable<string | null>;
  uploads: Uploads;
  choose_filter: (filter: Filter) => void;
  load_more: () => Promise<void>;
  open: (id: string | null) => void;
  cancel: (id: string) => void;
  retry: (id: string) => void;
  remove: (record: FileRecord) => void;
  drop: (key: string) => void;
  dismiss: (toast: number) => void;
}

const undo_ms = 7_000;
const toast_ms = 6_000;
/** Events may still tell that an interrupted file has arrived after all. */
const replay_ms = 1_000;
const list_again_ms = 3_000;

export function start_session(): Session {
  const state = observable(initial);
  const dispatch = (action: Action): void => state.set(reduce(state.get(), action));
  const { toasts, toast, dismiss } = start_toasts();
  const spoken = observable('');
  const opened = observable<string | null>(null);

  const uploads = start_uploads({
    on_chosen: (key, name, bytes, media_type) => dispatch({ type: 'chosen', key, name, bytes, media_type, now: Date.now() }),
    on_sent: (key, bytes) => dispatch({ type: 'sent', key, bytes }),
    on_answered: (key, record) => dispatch({ type: 'answered', key, record }),
    on_refused: (key, problem, again) => {
      dispatch({ type: 'refused', key, problem, again });
      spoken.set(`${name_of(state.get(), key)} could not be sent. ${problem}`);
    },
    on_lost_answer: () => setTimeout(() => {
      if (state.get().connection === 'live') resume_interrupted();
    }, replay_ms),
  });

  /** Reads the first page of the chosen filter, in place of all that was known. */
  async function load(fresh: boolean): Promise<void> {
    const { filter, seq } = state.get();
    if (fresh) dispatch({ type: 'listing', under_way: true });
    try {
      const page = await api.list(filter, null);
      dispatch({ type: 'listed', filter, page, fresh, as_of: seq ?? 0 });
    } catch (error) {
      if (fresh) dispatch({ type: 'listing', under_way: false });
      const { connection } = state.get();
      if (connection !== 'live') return; // The next hello lists again.
      toast(message_of(error), 'bad', null);
      setTimeout(() => void load(fresh), list_again_ms);
    }
  }

  function resume_interrupted(): void {
    for (const key of uploads.interrupted()) {
      const { sending, known } = state.get();
      const mine = sending.find((s) => s.key === key);
      const record = known.get(mine?.file ?? '')?.record;
      if (mine?.phase !== 'failed') continue; // Already on its way again.
      if (record && mine.sent >= mine.bytes) {
        uploads.drop(key);
        dispatch({ type: 'answered', key, record });
      } else {
        uploads.retry(key);
      }
    }
  }

  function on_frame(frame: Frame): void {
    const before = state.get();
    dispatch({ type: 'frame', frame });
    if ((frame.type === 'hello' || frame.type === 'gap') && state.get().stale) void load(true);
    if (state.get() === before) return;
    if (frame.type === 'notice') toast(frame.message, 'plain', null);
    if ('file' in frame && (is_terminal(frame.file.status) || frame.type === 'file.preview'))
      spoken.set(sentence_of(frame.type, frame.file));
  }

  connect({
    since: () => state.get().seq,
    on_frame,
    on_connection: (connection) => {
      const before = state.get();
      dispatch({ type: 'connection', connection });
      if (connection === before.connection) return;
      if (connection === 'live') setTimeout(resume_interrupted, replay_ms);
      if (before.connection !== 'connecting')
        spoken.set(connection === 'live' ? 'Connected again.' : 'The connection is lost. Trying again.');
      // Without live events the files are still worth showing.
      else if (connection === 'lost') void load(true).finally(() => dispatch({ type: 'listing', under_way: false }));
    },
  });

  const pending = new Map<string, ReturnType<typeof setTimeout>>();
  // What was deleted is deleted, even when the page is closed before the time for undoing is over.
  window.addEventListener('pagehide', () => {
    for (const id of pending.keys()) void api.remove(id, true).catch(() => undefined);
    pending.clear();
  });

  function remove(record: FileRecord): void {
    const { id, name } = record;
    const show = (): void => dispatch({ type: 'hidden', id, hidden: false });
    dispatch({ type: 'hidden', id, hidden: true });
    if (opened.get() === id) open(null);
    pending.set(id, setTimeout(() => {
      pending.delete(id);
      api.remove(id).then(() => dispatch({ type: 'deleted', id }), (error) => {
        show();
        toast(`${name} was not deleted. ${message_of(error)}`, 'bad', null);
      });
    }, undo_ms));
    toast(`Deleted ${name}`, 'plain', () => {
      clearTimeout(pending.get(id));
      pending.delete(id);
      show();
    });
  }

  function act(what: (id: string) => Promise<void>, id: string): void {
    what(id).catch((error) => toast(message_of(error), 'bad', null));
  }

  async function load_more(): Promise<void> {
    const { filter, listings, seq } = state.get();
    const cursor = listings[filter]?.cursor;
    if (!cursor) return;
    try {
      dispatch({ type: 'listed', filter, page: await api.list(filter, cursor), fresh: false, as_of: seq ?? 0 });
    } catch (error) {
      toast(message_of(error), 'bad', null);
    }
  }

  // The address names the file shown in detail (`/#01JD…`), so that it can be kept, and «back» closes it.
  function open(id: string | null): void {
    const was_closed = opened.get() === null;
    opened.set(id);
    if (id === null && history.state?.detail) history.back();
    else if (id === null) history.replaceState(null, '', location.pathname);
    else if (was_closed) history.pushState({ detail: true }, '', `#${id}`);
    else history.replaceState(history.state, '', `#${id}`);
  }

  async function open_address(): Promise<void> {
    const id = location.hash.slice(1);
    if (!/^[0-9A-Z]{26}$/.test(id)) {
      opened.set(null);
      return;
    }
    try {
      if (!state.get().known.has(id)) dispatch({ type: 'record', record: await api.get(id) });
      opened.set(id);
    } catch (error) {
      toast(message_of(error), 'bad', null);
    }
  }
  window.addEventListener('popstate', () => void open_address());
  void open_address();

  return {
    state, toasts, spoken, opened, uploads, load_more, open, remove, dismiss,
    choose_filter: (filter) => {
      dispatch({ type: 'filter', filter });
      if (!state.get().listings[filter]) void load(false);
    },
    cancel: (id) => act(api.cancel, id),
    retry: (id) => act(api.retry, id),
    drop: (key) => {
      uploads.drop(key);
      dispatch({ type: 'dropped', key });
    },
  };
}

/** The files one can step through in detail, in the order of their cards. */
export function ids_in_order(state: State): string[] {
  return visible_cards(state).flatMap((card) => (card.record ? [card.record.id] : []));
}

function start_toasts() {
  const toasts = observable<readonly Toast[]>([]);
  let number = 0;
  const dismiss = (gone: number): void => toasts.set(toasts.get().filter((t) => t.number !== gone));
  function toast(text: string, tone: Toast['tone'], undo: Toast['undo']): void {
    const mine = ++number;
    // Saying the same thing twice at once helps nobody.
    toasts.set([...toasts.get().filter((t) => t.text !== text), { number: mine, text, tone, undo }].slice(-4));
    setTimeout(() => dismiss(mine), undo ? undo_ms : toast_ms);
  }
  return { toasts, toast, dismiss };
}

const name_of = (state: State, key: string): string =>
  state.sending.find((s) => s.key === key)?.name ?? 'A file';

const message_of = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something went wrong.';
