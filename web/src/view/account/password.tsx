import type { JSX } from 'preact';
import type { Account } from '../../account.ts';
import { use_value } from '../../observable.ts';
import { Outcome, PasswordField, type Submit, UserName, text_in, use_doing } from '../form.tsx';

export function Password({ account, name, changed }: { account: Account; name: string; changed: () => void }): JSX.Element {
  const doing = use_doing();
  const by_link = use_value(account.by_link);
  const submit = (event: Submit): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const change = async (): Promise<void> => {
      await account.change_password(text_in(form, 'old'), text_in(form, 'new'));
      form.reset();
      changed();
    };
    void doing.run(change, 'The password is changed, and your other devices are signed out.');
  };
  return (
    <section class="account-part" aria-label="Password">
      <details>
        <summary><h3>Change password</h3></summary>
        <form class="form" method="post" action="v1/password" aria-label="Change password" onSubmit={submit}>
          <UserName name={name} />
          {!by_link && <PasswordField label="Old password" name="old" autocomplete="current-password" />}
          <PasswordField label="New password" name="new" autocomplete="new-password" hint="At least 12 characters." />
          <Outcome doing={doing} />
          <button type="submit" class="button is-small" aria-disabled={doing.busy}>Change password</button>
        </form>
      </details>
    </section>
  );
}
