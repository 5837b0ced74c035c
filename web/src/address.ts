// The file shown in detail is named by the address (`/#01JD…`): it can be kept, and «back» closes it.
import { type Observable, observable } from './observable.ts';

export interface Address {
  /** The id of the file shown in detail. */
  opened: Observable<string | null>;
  open: (id: string | null) => void;
}

/** @param known resolves when the file of this id can be shown, and rejects when there is none. */
export function follow_address(known: (id: string) => Promise<void>, complain: (error: unknown) => void): Address {
  const opened = observable<string | null>(null);

  function open(id: string | null): void {
    const was_closed = opened.get() === null;
    opened.set(id);
    if (id === null && history.state?.detail) history.back();
    else if (id === null) history.replaceState(null, '', location.pathname);
    else if (was_closed) history.pushState({ detail: true }, '', `#${id}`);
    else history.replaceState(history.state, '', `#${id}`);
  }

  function read(): void {
    const id = location.hash.slice(1);
    if (/^[0-9A-Z]{26}$/.test(id)) known(id).then(() => opened.set(id), complain);
    else opened.set(null);
  }
  window.addEventListener('popstate', read);
  read();
  return { opened, open };
}
