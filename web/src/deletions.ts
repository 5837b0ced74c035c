// Deleting with a while to think again.
import * as api from './api.ts';
import type { Action } from './state.ts';
import { type Toasts, undo_ms } from './toasts.ts';
import type { FileRecord } from './types.ts';

export interface Deletions {
  remove: (record: FileRecord) => void;
  /** Does now what could still be undone. */
  finish: () => Promise<void>;
}

export function start_deletions(dispatch: (action: Action) => void, toasts: Toasts): Deletions {
  const pending = new Map<string, ReturnType<typeof setTimeout>>();
  // What was deleted is deleted, even when the page is closed before the time for undoing is over.
  async function finish(): Promise<void> {
    const ids = [...pending.keys()];
    for (const timer of pending.values()) clearTimeout(timer);
    pending.clear();
    await Promise.allSettled(ids.map((id) => api.remove(id, true)));
  }
  window.addEventListener('pagehide', () => void finish());

  function remove({ id, name }: FileRecord): void {
    const hide = (hidden: boolean): void => dispatch({ type: 'hidden', id, hidden });
    const done = (): void => {
      pending.delete(id);
      api.remove(id).then(() => dispatch({ type: 'deleted', id }), (error) => {
        hide(false);
        toasts.complain(error, `${name} was not deleted. `);
      });
    };
    hide(true);
    pending.set(id, setTimeout(done, undo_ms));
    toasts.offer_undo(`Moved ${name} to the trash`, () => {
      clearTimeout(pending.get(id));
      if (pending.delete(id)) hide(false);
    });
  }
  return { remove, finish };
}
