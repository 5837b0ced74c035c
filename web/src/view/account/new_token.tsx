import type { JSX } from 'preact';
import type { WantedToken } from '../../people.ts';
import { date_of, end_of_day, offered_scopes, scope_names } from '../../people_words.ts';
import type { Scope } from '../../types.ts';
import { Field, Outcome, type Submit, text_in, use_doing } from '../form.tsx';

interface Props {
  /** Scopes that the user has; a token can get no others. */
  may: Scope[];
  make: (wanted: WantedToken) => Promise<void>;
}

const usual: Scope[] = ['upload', 'read'];

export function NewToken({ may, make }: Props): JSX.Element {
  const doing = use_doing();
  const submit = (event: Submit): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const wanted: WantedToken = {
      name: text_in(form, 'name').trim(),
      scopes: new FormData(form).getAll('scope') as Scope[],
      expires_at: end_of_day(text_in(form, 'ends')),
    };
    void doing.run(() => make(wanted).then(() => form.reset()));
  };
  return (
    <details>
      <summary>New token</summary>
      <form class="form" aria-label="New token" onSubmit={submit}>
        <Field label="What it is for" name="name" max_length={100} required />
        <fieldset class="choices">
          <legend>It may</legend>
          {offered_scopes.filter((scope) => may.includes(scope)).map((scope) => (
            <label key={scope}><input type="checkbox" name="scope" value={scope} defaultChecked={usual.includes(scope)} />{scope_names[scope]}</label>
          ))}
        </fieldset>
        <Field label="Last day" name="ends" type="date" min={date_of(new Date())} hint="Without one it does not end by itself." />
        <Outcome doing={doing} />
        <button type="submit" class="button is-small" aria-disabled={doing.busy}>Make token</button>
      </form>
    </details>
  );
}
