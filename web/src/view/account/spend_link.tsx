import type { JSX } from 'preact';
import type { Account } from '../../account.ts';
import { Outcome, type Submit, text_in, use_doing } from '../form.tsx';
import { Brand } from '../header.tsx';
import { CodeField, use_code } from './code.tsx';

interface Props {
  account: Account;
  link: string;
  /** Takes this away: the link is spent, or is not to be. */
  leave: () => void;
}

/** The way in by a link. Nothing is spent before the person says so: programs that look at links open them, too. */
export function SpendLink({ account, link, leave }: Props): JSX.Element {
  const doing = use_doing();
  const code = use_code();
  const submit = (event: Submit): void => {
    event.preventDefault();
    const given = code.needed ? text_in(event.currentTarget, 'code') : '';
    void doing.run(() => code.ask(async () => {
      await account.spend_link(link, given);
      leave();
    }));
  };
  return (
    <main class="sign-in">
      <Brand />
      <form class="form" method="post" action="v1/session" aria-label="Sign in by a link" onSubmit={submit}>
        <p>This link signs you in once. Then set a password of your own in your account, within 15 minutes.</p>
        {code.needed && <CodeField />}
        <Outcome doing={doing} />
        <button type="submit" class="button is-primary" aria-disabled={doing.busy}>{doing.busy ? 'Signing in' : 'Sign in'}</button>
        <button type="button" class="button" onClick={leave}>Not now</button>
      </form>
    </main>
  );
}
