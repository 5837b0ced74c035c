// Reading the server's list: at the start, for a filter, further back, and after a gap in the events.
import * as api from './api.ts';
import type { Action, State } from './state.ts';
import type { Toasts } from './toasts.ts';

export interface Lister {
  /** Reads the first page of the chosen filter; `fresh`: in place of all that was known. */
  load: (fresh: boolean) => Promise<void>;
  load_more: () => Promise<void>;
}

const again_ms = 3_000;

export function start_lister(state: () => State, dispatch: (action: Action) => void, toasts: Toasts): Lister {
  async function load(fresh: boolean): Promise<void> {
    const { filter, seq } = state();
    if (fresh) dispatch({ type: 'listing', under_way: true });
    try {
      dispatch({ type: 'listed', filter, page: await api.list(filter, null), fresh, as_of: seq ?? 0 });
    } catch (error) {
      if (fresh) dispatch({ type: 'listing', under_way: false });
      if (state().connection !== 'live') return; // The next hello lists again.
      toasts.complain(error);
      setTimeout(() => void load(fresh), again_ms);
    }
  }

  async function load_more(): Promise<void> {
    const { filter, listings, seq } = state();
    const cursor = listings[filter]?.cursor;
    if (!cursor) return;
    try {
      dispatch({ type: 'listed', filter, page: await api.list(filter, cursor), fresh: false, as_of: seq ?? 0 });
    } catch (error) {
      toasts.complain(error);
    }
  }
  return { load, load_more };
}
