import type { JSX } from 'preact';
import type { Account } from '../../account.ts';
import { Field, Outcome, PasswordField, type Submit, text_in, use_doing } from '../form.tsx';
import { Brand } from '../header.tsx';
import { CodeField, use_code } from './code.tsx';

/** The way in. A real form: password managers fill it, and Enter sends it. */
export function SignIn({ account }: { account: Account }): JSX.Element {
  const doing = use_doing();
  const code = use_code();
  const submit = async (event: Submit): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    await doing.run(() => code.ask(() => account.sign_in(text_in(form, 'name'), text_in(form, 'password'), text_in(form, 'code'))));
    // Still here, so it was refused: the next thing to do is to type the code, or the password again.
    const field = (name: string): HTMLInputElement | null => form.querySelector(`input[name=${name}]`);
    const wrong = form.isConnected ? field('code') ?? field('password') : null;
    wrong?.focus();
    wrong?.select();
  };
  return (
    <main class="sign-in">
      <Brand />
      <form class="form" method="post" action="v1/session" aria-label="Sign in" onSubmit={(event) => void submit(event)}>
        <Field label="Name" name="name" autocomplete="username" required focused />
        <PasswordField label="Password" name="password" autocomplete="current-password" />
        {code.needed && <CodeField />}
        <Outcome doing={doing} />
        <button type="submit" class="button is-primary" aria-disabled={doing.busy}>{doing.busy ? 'Signing in' : 'Sign in'}</button>
      </form>
    </main>
  );
}
