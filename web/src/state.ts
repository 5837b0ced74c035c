// What the page knows, the actions that can change it, and what it starts from. store.ts applies the actions.
import type { FileRecord, Frame, Page, Profile, Who } from './types.ts';

export type Filter = 'all' | Profile;
export type Connection = 'connecting' | 'live' | 'lost';

/** What the page may show: nothing yet, the way in, or the files of the one who asks. */
export type Access =
  | { phase: 'asking' }
  | { phase: 'closed' }
  /** `who` is null while the server could not be asked. */
  | { phase: 'open'; who: Who | null };

/** The password is asked for once more, before something that needs it. */
export interface Question {
  name: string;
  /** @param code  empty unless it is asked for. */
  give: (password: string, code: string) => Promise<void>;
  /** Takes the question away. If the password was not given, what needed it is not done. */
  close: () => void;
}

/** A file on its way from this page to the server. */
export interface Sending {
  key: string;
  name: string;
  bytes: number;
  media_type: string;
  /** Where it stands among the cards: milliseconds, comparable with `created_at`. */
  position: number;
  sent: number;
  /** Bytes a second; null while it is not known. */
  speed: number | null;
  phase: 'waiting' | 'sending' | 'paused' | 'whole' | 'failed';
  problem: string | null;
  /** The record that comes of it. The server says for sure; an event that arrives earlier is a good guess. */
  file: string | null;
  sure: boolean;
}

export interface Known {
  record: FileRecord;
  /** Number of the newest event applied to it; 0 while it is known from a list only. */
  seq: number;
}

/** How much of the server's list has been read for one filter. */
export interface Listing {
  cursor: string | null;
  /** The oldest id read so far; older files wait behind `cursor`. */
  floor: string;
}

export interface State {
  known: ReadonlyMap<string, Known>;
  /** Deleted, or in the trash: a list that was on its way must not bring them back. */
  gone: ReadonlySet<string>;
  /** About to be deleted, while it can still be undone. */
  hidden: ReadonlySet<string>;
  sending: readonly Sending[];
  listings: Readonly<Partial<Record<Filter, Listing>>>;
  filter: Filter;
  connection: Connection;
  /** Number of the newest event seen; null before the first connection. */
  seq: number | null;
  /** What the server has may differ from what we know: list again. */
  stale: boolean;
}

export type Action =
  | { type: 'connection'; connection: Connection }
  | { type: 'frame'; frame: Frame }
  /** A list is on its way, or did not arrive. */
  | { type: 'listing'; under_way: boolean }
  | { type: 'listed'; filter: Filter; page: Page; fresh: boolean; as_of: number }
  | { type: 'record'; record: FileRecord }
  | { type: 'filter'; filter: Filter }
  | { type: 'hidden'; id: string; hidden: boolean }
  | { type: 'deleted'; id: string }
  | { type: 'chosen'; key: string; name: string; bytes: number; media_type: string; now: number }
  /** The server keeps a file that is being sent under this id. */
  | { type: 'placed'; key: string; id: string }
  | { type: 'sent'; key: string; bytes: number; speed: number | null }
  | { type: 'paused'; key: string; paused: boolean }
  /** All of it has arrived, and is this file now. */
  | { type: 'whole'; key: string; id: string }
  | { type: 'refused'; key: string; problem: string; again: boolean }
  | { type: 'dropped'; key: string };

export const initial: State = {
  known: new Map(), gone: new Set(), hidden: new Set(), sending: [], listings: {}, filter: 'all',
  connection: 'connecting', seq: null, stale: true,
};
