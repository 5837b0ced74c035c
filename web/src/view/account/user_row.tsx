import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { UserChange } from '../../people.ts';
import { bytes_of_gigabytes, gigabytes, role_names } from '../../people_words.ts';
import type { Role, User } from '../../types.ts';
import { size } from '../../words.ts';
import { Field, Outcome, PasswordField, type Submit, text_in, use_doing } from '../form.tsx';
import { shown_name } from './button.tsx';
import { quota_hint } from './new_user.tsx';
import { Once } from './once.tsx';
import { type Removal, RemoveUser } from './remove_user.tsx';
import { RoleField } from './role.tsx';

interface Props {
  user: User;
  /** Admins do not take their own rights or their own account away by mistake. */
  is_self: boolean;
  change: (wanted: UserChange) => Promise<void>;
  /** Makes a link by which the user signs in once; its address. */
  make_link: () => Promise<string>;
  heirs: User[];
  removal: Removal;
}

export function UserRow({ user, is_self, change, make_link, heirs, removal }: Props): JSX.Element {
  const doing = use_doing();
  const { name, display_name, disabled_at, can_sign_in, second_factor, quota, used, role } = user;
  const is_disabled = disabled_at !== null;
  const notes = [
    ...(display_name ? [name] : []), role_names[role], quota === null ? `${size(used)} used` : `${size(used)} of ${size(quota)} used`,
    ...(can_sign_in || is_disabled ? [] : ['No password yet']), ...(second_factor ? ['Second factor'] : []),
  ];
  const switch_to = (disabled: boolean): void => {
    void doing.run(() => change({ disabled }), disabled ? `${name} is disabled and signed out.` : `${name} is enabled.`);
  };
  return (
    <li class="thing is-user">
      <div class="thing-text">
        <p class="thing-name">{shown_name(user)}{is_self && <span class="mark">You</span>}{is_disabled && <span class="mark is-bad">Disabled</span>}</p>
        <p class="thing-notes">{notes.join(' · ')}</p>
      </div>
      {!is_self && (
        <button type="button" class={is_disabled ? 'button is-small' : 'button is-small is-danger'} aria-disabled={doing.busy}
          aria-label={`${is_disabled ? 'Enable' : 'Disable'} ${name}`} onClick={() => switch_to(!is_disabled)}>{is_disabled ? 'Enable' : 'Disable'}</button>
      )}
      <Outcome doing={doing} />
      <details>
        <summary aria-label={`Change ${name}`}>Change</summary>
        <Rights user={user} is_self={is_self} change={change} />
        {!is_self && <NewPassword user={user} change={change} />}
        {!is_self && !is_disabled && <NewLink name={name} make={make_link} />}
        {!is_self && <RemoveUser user={user} heirs={heirs} removal={removal} />}
      </details>
    </li>
  );
}

function Rights({ user: { name, role, quota }, is_self, change }: Pick<Props, 'user' | 'is_self' | 'change'>): JSX.Element {
  const doing = use_doing();
  const submit = (event: Submit): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const wanted: UserChange = { quota: bytes_of_gigabytes(text_in(form, 'quota')) };
    if (!is_self) wanted.role = text_in(form, 'role') as Role;
    void doing.run(() => change(wanted), 'Saved.');
  };
  return (
    <form class="form" aria-label={`Rights of ${name}`} onSubmit={submit}>
      {!is_self && <RoleField role={role} />}
      <Field label="Quota in GB" name="quota" type="number" min="0" value={gigabytes(quota)} hint={quota_hint} />
      <Outcome doing={doing} />
      <button type="submit" class="button is-small" aria-disabled={doing.busy}>Save</button>
    </form>
  );
}

function NewPassword({ user: { name }, change }: Pick<Props, 'user' | 'change'>): JSX.Element {
  const doing = use_doing();
  const submit = (event: Submit): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const password = text_in(form, 'password');
    void doing.run(() => change({ password }).then(() => form.reset()), `${name} has a new password, and is signed out everywhere.`);
  };
  return (
    <form class="form" aria-label={`Password of ${name}`} onSubmit={submit}>
      <PasswordField label="New password" name="password" autocomplete="new-password" hint="At least 12 characters." />
      <Outcome doing={doing} />
      <button type="submit" class="button is-small" aria-disabled={doing.busy}>Set password</button>
    </form>
  );
}

function NewLink({ name, make }: { name: string; make: () => Promise<string> }): JSX.Element {
  const doing = use_doing();
  const [url, set_url] = useState('');
  return (
    <div class="form">
      <p class="hint">A link signs {name} in once, within 24 hours. It ends a former one.</p>
      {url && <Once what="link" name={`for ${name}`} secret={url} />}
      <Outcome doing={doing} />
      <button type="button" class="button is-small" aria-disabled={doing.busy} onClick={() => void doing.run(async () => set_url(await make()))}>Make link</button>
    </div>
  );
}
