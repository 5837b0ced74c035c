import type { JSX } from 'preact';
import { use_value } from '../observable.ts';
import type { Session } from '../session.ts';
import { Icon } from './icons.tsx';

/** What is said in passing, to the eye and to the ear. Belongs into an open dialog: all else is inert then. */
export function Messages({ session }: { session: Session }): JSX.Element {
  const spoken = use_value(session.spoken);
  return (
    <>
      <Toasts session={session} />
      <p class="unseen" role="status" aria-live="polite">{spoken}</p>
    </>
  );
}

function Toasts({ session }: { session: Session }): JSX.Element {
  const toasts = use_value(session.toasts.shown);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ number, text, tone, undo }) => (
        <div key={number} class={`toast is-${tone}`}>
          <span class="toast-text">{text}</span>
          {undo && <button type="button" class="toast-undo" onClick={() => { undo(); session.toasts.dismiss(number); }}>Undo</button>}
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => session.toasts.dismiss(number)}>
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}
