// Short messages that go away by themselves.
import { type Observable, observable } from './observable.ts';

export interface Toast {
  number: number;
  text: string;
  tone: 'plain' | 'bad';
  undo: (() => void) | null;
}

export interface Toasts {
  shown: Observable<readonly Toast[]>;
  say: (text: string) => void;
  complain: (error: unknown, before?: string) => void;
  /** With a button that takes something back; it stays as long as that is possible. */
  offer_undo: (text: string, undo: () => void) => void;
  dismiss: (number: number) => void;
}

/** How long something can be taken back. */
export const undo_ms = 7_000;
const toast_ms = 6_000;
const at_once = 4;

export function start_toasts(): Toasts {
  const shown = observable<readonly Toast[]>([]);
  let number = 0;
  const dismiss = (gone: number): void => shown.set(shown.get().filter((toast) => toast.number !== gone));
  function add(text: string, tone: Toast['tone'], undo: Toast['undo']): void {
    const mine = ++number;
    // The same text twice at once says nothing more.
    const others = undo ? shown.get() : shown.get().filter((toast) => toast.text !== text);
    shown.set([...others, { number: mine, text, tone, undo }].slice(-at_once));
    setTimeout(() => dismiss(mine), undo ? undo_ms : toast_ms);
  }
  return {
    shown, dismiss,
    say: (text) => add(text, 'plain', null),
    complain: (error, before = '') => add(`${before}${error instanceof Error ? error.message : 'Something went wrong.'}`, 'bad', null),
    offer_undo: (text, undo) => add(text, 'plain', undo),
  };
}
