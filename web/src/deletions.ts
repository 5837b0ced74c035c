// Deleting with a while to think again.
import * as api from './api.ts';
import type { Action } from './state.ts';
import { type Toasts, undo_ms } from './toasts.ts';
import type { FileRecord } from './types.ts';

export function start_deletions(dispatch: (action: Action) => void, toasts: Toasts): (record: FileRecord) => void {
  const pending = new Map<string, ReturnType<typeof setTimeout>>();
  // What was deleted is deleted, even when the page is closed before the time for undoing is over.
  window.addEventListener('pagehide', () => {
    for (const id of pending.keys()) api.remove(id, true).catch(() => undefined);
    pending.clear();
  });

  return function remove({ id, name }) {
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
    toasts.offer_undo(`Deleted ${name}`, () => {
      clearTimeout(pending.get(id));
      if (pending.delete(id)) hide(false);
    });
  };
}
