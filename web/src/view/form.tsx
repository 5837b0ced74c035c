// Parts of forms. Their fields keep their own values, so that password managers can fill them.
import type { JSX } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { sentence_of_error } from '../people_words.ts';

/** What a form does, and what came of it. */
export interface Doing {
  busy: boolean;
  problem: string;
  done: string;
  /** @param said  what is told when it went well. */
  run: (act: () => Promise<void>, said?: string) => Promise<void>;
}

export function use_doing(): Doing {
  const [now, set] = useState({ busy: false, problem: '', done: '' });
  // A button that is disabled meanwhile would lose the focus.
  const is_running = useRef(false);
  const run = async (act: () => Promise<void>, said = ''): Promise<void> => {
    if (is_running.current) return;
    is_running.current = true;
    set({ busy: true, problem: '', done: '' });
    try {
      await act();
      set({ busy: false, problem: '', done: said });
    } catch (error) {
      set({ busy: false, problem: sentence_of_error(error), done: '' });
    } finally {
      is_running.current = false;
    }
  };
  return { ...now, run };
}

/** Says what came of it. Stays on the page while it is empty: a live region must be there before its text. */
export function Outcome({ doing: { problem, done } }: { doing: Doing }): JSX.Element {
  return (
    <>
      <p class="outcome is-bad" role="alert" aria-live="assertive">{problem}</p>
      <p class="outcome is-good" role="status" aria-live="polite">{done}</p>
    </>
  );
}

export type Submit = JSX.TargetedEvent<HTMLFormElement, Event>;

/** The text in a field of the form that is sent. */
export const text_in = (form: HTMLFormElement, name: string): string => String(new FormData(form).get(name) ?? '');

interface FieldProps {
  label: string;
  name: string;
  type?: 'text' | 'number' | 'date';
  autocomplete?: string;
  hint?: string;
  value?: string;
  min?: string;
  max_length?: number;
  required?: boolean;
  focused?: boolean;
}

const focus = (field: HTMLInputElement | null): void => field?.focus();
/** In a dialog that opens, the attribute counts; anywhere else, a field that comes later takes the focus itself. */
const focus_if = (focused: boolean) => (focused ? { autofocus: true, ref: focus } : {});

export function Field({ label, name, type = 'text', autocomplete = 'off', hint, value, min, max_length, required = false, focused = false }: FieldProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} class="field-input" name={name} type={type} autocomplete={autocomplete} defaultValue={value} required={required}
        min={min} max={type === 'date' ? '9999-12-31' : undefined} step={type === 'number' ? 'any' : undefined} maxLength={max_length}
        autocapitalize="none" autocorrect="off" spellcheck={false} aria-describedby={hint && `${id}-hint`} {...focus_if(focused)} />
      {hint && <p class="field-hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

interface PasswordProps {
  label: string;
  name: string;
  autocomplete: 'current-password' | 'new-password';
  hint?: string;
  focused?: boolean;
}

/** A password, which can be shown. */
export function PasswordField({ label, name, autocomplete, hint, focused = false }: PasswordProps): JSX.Element {
  const id = useId();
  const [shown, show] = useState(false);
  const word = shown ? 'Hide' : 'Show';
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-row">
        <input id={id} class="field-input" name={name} type={shown ? 'text' : 'password'} autocomplete={autocomplete} required
          autocapitalize="none" autocorrect="off" spellcheck={false} aria-describedby={hint && `${id}-hint`} {...focus_if(focused)} />
        <button type="button" class="button is-small" aria-controls={id} aria-label={`${word} ${label.toLowerCase()}`} onClick={() => show(!shown)}>{word}</button>
      </div>
      {hint && <p class="field-hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

/** Tells password managers whose password a form is about. */
export function UserName({ name }: { name: string }): JSX.Element {
  return <input class="unseen" type="text" name="username" autocomplete="username" value={name} readOnly tabIndex={-1} aria-hidden="true" />;
}
