// The page's one running session: the state, what feeds it, and what a person can do.
import { type Address, follow_address } from './address.ts';
import * as api from './api.ts';
import { start_deletions } from './deletions.ts';
import { connect } from './events.ts';
import { type Lister, start_lister } from './listing.ts';
import { type Observable, observable } from './observable.ts';
import { type Action, type Connection, type Filter, type State, initial } from './state.ts';
import { reduce } from './store.ts';
import { type Toasts, start_toasts } from './toasts.ts';
import { type FileRecord, type Frame, is_terminal } from './types.ts';
import { type Uploads, start_uploads } from './uploads.ts';
import { sentence_of } from './words.ts';

export interface Session extends Address, Pick<Lister, 'load_more'> {
  state: Observable<State>;
  /** The newest sentence for screen readers. */
  spoken: Observable<string>;
  toasts: Toasts;
  uploads: Uploads;
  choose_filter: (filter: Filter) => void;
  cancel: (id: string) => void;
  retry: (id: string) => void;
  remove: (record: FileRecord) => void;
  /** Does the deletions that could still be undone: before the one who asked for them is gone. */
  finish_deletions: () => Promise<void>;
  /** Stops sending a file for now, or goes on. */
  pause: (key: string, paused: boolean) => void;
  /** Stops sending a file, and forgets it. */
  drop: (key: string) => void;
}

/** What the parts of a session share. */
interface Core {
  state: Observable<State>;
  dispatch: (action: Action) => void;
  spoken: Observable<string>;
  toasts: Toasts;
  lister: Lister;
}

/** @param check  finds out whether the one whose session this is still is at the page. */
export function start_session(check: () => void): Session {
  const state = observable(initial);
  const dispatch = (action: Action): void => state.set(reduce(state.get(), action));
  const toasts = start_toasts();
  const core: Core = { state, dispatch, spoken: observable(''), toasts, lister: start_lister(state.get, dispatch, toasts) };
  const uploads = start_sending(core, check);
  connect({
    since: () => state.get().seq,
    on_frame: (frame) => on_frame(core, frame),
    on_connection: (connection) => {
      // A browser does not tell why a WebSocket was refused: at each failed try, and after each interruption.
      if (connection === 'lost' || state.get().connection === 'lost') check();
      on_connection(core, connection, uploads.resume_lost);
    },
  });
  const address = follow_address(async (id) => {
    if (!state.get().known.has(id)) dispatch({ type: 'record', record: await api.get(id) });
  }, toasts.complain);
  const deletions = start_deletions(dispatch, toasts);

  return {
    state, spoken: core.spoken, toasts, uploads, ...address,
    load_more: core.lister.load_more,
    choose_filter: (filter) => {
      dispatch({ type: 'filter', filter });
      if (!state.get().listings[filter]) void core.lister.load(false);
    },
    cancel: (id) => void api.cancel(id).catch(toasts.complain),
    retry: (id) => void api.retry(id).catch(toasts.complain),
    remove: (record) => {
      if (address.opened.get() === record.id) address.open(null);
      deletions.remove(record);
    },
    finish_deletions: deletions.finish,
    pause: (key, paused) => {
      dispatch({ type: 'paused', key, paused });
      uploads.pause(key, paused);
    },
    drop: (key) => {
      uploads.drop(key);
      dispatch({ type: 'dropped', key });
    },
  };
}

function start_sending({ state, dispatch, spoken }: Core, check: () => void): Uploads {
  return start_uploads({
    on_chosen: (key, name, bytes, media_type) => dispatch({ type: 'chosen', key, name, bytes, media_type, now: Date.now() }),
    on_placed: (key, id) => dispatch({ type: 'placed', key, id }),
    on_sent: (key, bytes, speed) => dispatch({ type: 'sent', key, bytes, speed }),
    on_whole: (key, id) => {
      dispatch({ type: 'whole', key, id });
      // Its event has most often come first. If it is lost with the connection, the replay brings it.
      if (!is_arrived(state.get().known.get(id)?.record))
        api.get(id).then((record) => dispatch({ type: 'record', record }), () => undefined);
    },
    on_refused: (key, problem, again) => {
      if (!again) check();
      dispatch({ type: 'refused', key, problem, again });
      const name = state.get().sending.find((s) => s.key === key)?.name ?? 'A file';
      spoken.set(again ? `${name} waits. ${problem}` : `${name} could not be sent. ${problem}`);
    },
  });
}

const is_arrived = (record: FileRecord | undefined): boolean => record !== undefined && record.status !== 'receiving';

function on_frame({ state, dispatch, spoken, toasts, lister }: Core, frame: Frame): void {
  const before = state.get();
  dispatch({ type: 'frame', frame });
  if ((frame.type === 'hello' || frame.type === 'gap') && state.get().stale) void lister.load(true);
  if (state.get() === before) return;
  if (frame.type === 'notice') toasts.say(frame.message);
  if ('file' in frame && (is_terminal(frame.file.status) || frame.type === 'file.preview'))
    spoken.set(sentence_of(frame.type, frame.file));
}

function on_connection({ state, dispatch, spoken, lister }: Core, connection: Connection, resume: () => void): void {
  const before = state.get().connection;
  if (connection === before) return;
  dispatch({ type: 'connection', connection });
  if (connection === 'live') resume();
  if (before !== 'connecting')
    spoken.set(connection === 'live' ? 'Connected again.' : 'The connection is lost. Trying again.');
  // Without live events the files are still worth showing; the first hello lists them again.
  else if (connection === 'lost') void lister.load(true).finally(() => dispatch({ type: 'listing', under_way: false }));
}
