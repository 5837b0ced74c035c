import type { JSX } from 'preact';
import type { Question } from '../../state.ts';
import { Dialog } from '../dialog.tsx';
import { Outcome, PasswordField, type Submit, UserName, text_in, use_doing } from '../form.tsx';
import { CodeField, use_code } from './code.tsx';

/** Asks for the password once more, before something that needs it. */
export function PasswordQuestion({ question: { name, give, close } }: { question: Question }): JSX.Element {
  const doing = use_doing();
  const code = use_code();
  const submit = (event: Submit): void => {
    event.preventDefault();
    const sent = event.currentTarget;
    void doing.run(async () => {
      await code.ask(() => give(text_in(sent, 'password'), text_in(sent, 'code')));
      // Closed by its own means, a dialog gives the focus back to where it was.
      sent.closest('dialog')?.close();
    });
  };
  return (
    <Dialog kind="question" label="Your password" on_close={close}>
      <form class="form" method="post" action="v1/session" aria-label="Your password" onSubmit={submit}>
        <h2>Your password</h2>
        <p>This needs your password, given a moment ago.</p>
        <UserName name={name} />
        <PasswordField label="Password" name="password" autocomplete="current-password" focused />
        {code.needed && <CodeField />}
        <Outcome doing={doing} />
        <button type="submit" class="button is-primary" aria-disabled={doing.busy}>Go on</button>
      </form>
    </Dialog>
  );
}
