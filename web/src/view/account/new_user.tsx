import type { JSX } from 'preact';
import type { WantedUser } from '../../people.ts';
import { bytes_of_gigabytes } from '../../people_words.ts';
import type { Role } from '../../types.ts';
import { Field, Outcome, PasswordField, type Submit, text_in, use_doing } from '../form.tsx';
import { RoleField } from './role.tsx';

export const quota_hint = 'Empty: as the server is set.';

export function NewUser({ make }: { make: (wanted: WantedUser) => Promise<void> }): JSX.Element {
  const doing = use_doing();
  const submit = (event: Submit): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const wanted: WantedUser = {
      name: text_in(form, 'name').trim(),
      password: text_in(form, 'password'),
      role: text_in(form, 'role') as Role,
      quota: bytes_of_gigabytes(text_in(form, 'quota')),
    };
    void doing.run(() => make(wanted).then(() => form.reset()), `${wanted.name} can sign in now.`);
  };
  return (
    <details>
      <summary>New user</summary>
      <form class="form" aria-label="New user" onSubmit={submit}>
        <Field label="Name" name="name" hint="Small letters without accents, digits, _ and -; at most 32." max_length={32} required />
        <PasswordField label="Password" name="password" autocomplete="new-password" hint="At least 12 characters." />
        <RoleField role="member" />
        <Field label="Quota in GB" name="quota" type="number" min="0" hint={quota_hint} />
        <Outcome doing={doing} />
        <button type="submit" class="button is-small" aria-disabled={doing.busy}>Add user</button>
      </form>
    </details>
  );
}
