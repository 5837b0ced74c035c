import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';

interface Props {
  /** The class of the element. */
  kind: string;
  label: string;
  on_close: () => void;
  on_key?: (event: KeyboardEvent) => void;
  /** A click beside it closes it, too. */
  closes_outside?: boolean;
  children: ComponentChildren;
  /** What is said in passing: outside of an open dialog all is inert. */
  messages?: JSX.Element;
}

/** What stands before everything else until it is closed. */
export function Dialog({ kind, label, on_close, on_key, closes_outside = false, children, messages }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  // Closed by its own means, a dialog gives the focus back to where it was.
  const close = (): void => dialog.current?.close();
  return (
    <dialog ref={dialog} class={kind} aria-label={label} onKeyDown={on_key} onClose={on_close}
      onClick={(event) => { if (closes_outside && event.target === dialog.current) close(); }}>
      {children}
      <button type="button" class="icon-button dialog-close" aria-label="Close" onClick={close}><Icon name="close" /></button>
      {messages}
    </dialog>
  );
}
