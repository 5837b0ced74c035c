import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Outcome, use_doing } from '../form.tsx';

interface Props {
  /** What it is: `token`. */
  what: string;
  name: string;
  secret: string;
}

/** A new secret, the one time that it can be seen. */
export function Once({ what, name, secret }: Props): JSX.Element {
  const text = useRef<HTMLElement>(null);
  const doing = use_doing();
  // What has just been made is what the person looks for, by eye or by ear.
  useEffect(() => text.current?.focus(), [secret]);
  const copy = (): Promise<void> => doing.run(() => copied(text.current, secret), 'Copied.');
  return (
    <div class="once">
      <p>The {what} {name}. Copy it now: it is not shown again.</p>
      <div class="field-row">
        <code ref={text} class="once-text" tabIndex={0} role="group" aria-label={`The ${what} ${name}`}>{secret}</code>
        <button type="button" class="button is-small" aria-label={`Copy the ${what}`} onClick={() => void copy()}>Copy</button>
      </div>
      <Outcome doing={doing} />
    </div>
  );
}

async function copied(shown: HTMLElement | null, text: string): Promise<void> {
  // Missing without TLS, unless the server is this machine.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (clipboard) return clipboard.writeText(text);
  if (shown) getSelection()?.selectAllChildren(shown);
  if (!document.execCommand('copy')) throw new Error('This browser does not copy it: it is selected now, for you to copy.');
}
