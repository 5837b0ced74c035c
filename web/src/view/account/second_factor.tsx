import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Account } from '../../account.ts';
import * as people from '../../people.ts';
import { day, sentence_of_error } from '../../people_words.ts';
import type { NewSecret, SecondFactor as State } from '../../types.ts';
import { Outcome, type Submit, text_in, use_doing } from '../form.tsx';
import { CodeField } from './code.tsx';
import { Once } from './once.tsx';
import { QrCode } from './qr.tsx';

const needed_words = 'On this server admins need a second factor: without one you cannot manage it.';

/** Codes beside the password: setting them up, and turning them off. */
export function SecondFactor({ account }: { account: Account }): JSX.Element {
  const [state, set_state] = useState<State | null>(null);
  const [problem, set_problem] = useState('');
  const [codes, set_codes] = useState<string[] | null>(null);
  const load = (): Promise<void> => people.second_factor().then(set_state, (error: unknown) => set_problem(sentence_of_error(error)));
  useEffect(() => void load(), []);

  const changed = async (recovery: string[] | null): Promise<void> => {
    set_codes(recovery);
    await load();
    // An admin may do more now.
    await account.check();
  };
  return (
    <section class="account-part" aria-label="Second factor">
      <h3>Second factor</h3>
      <p class={problem ? 'outcome is-bad' : 'hint'} role="status">{problem || (state ? words_of(state) : '')}</p>
      {codes && <Once what="list of recovery codes" name="for when you have lost your authenticator" secret={codes.join('\n')} />}
      {state?.enabled_at === null && <SetUp account={account} done={changed} />}
      {state && state.enabled_at !== null && <TurnOff account={account} done={() => changed(null)} />}
    </section>
  );
}

function words_of({ enabled_at, recovery_codes, needed }: State): string {
  if (enabled_at !== null) return `Signing in asks for a code, since ${day(enabled_at)}. ${recovery_codes} recovery codes are left.`;
  return `Signing in asks for your password alone. ${needed ? needed_words : ''}`.trim();
}

function SetUp({ account, done }: { account: Account; done: (codes: string[]) => Promise<void> }): JSX.Element {
  const doing = use_doing();
  const [made, set_made] = useState<NewSecret | null>(null);
  const begin = (): Promise<void> => doing.run(async () => set_made(await account.proven(people.propose_second_factor)));
  const submit = (event: Submit): void => {
    event.preventDefault();
    const code = text_in(event.currentTarget, 'code');
    if (made) void doing.run(async () => done(await account.proven(() => people.turn_second_factor_on(made.secret, code))));
  };
  if (!made) {
    return (
      <>
        <Outcome doing={doing} />
        <button type="button" class="button is-small" aria-disabled={doing.busy} onClick={() => void begin()}>Set up</button>
      </>
    );
  }
  return (
    <form class="form" aria-label="Set up a second factor" onSubmit={submit}>
      <QrCode text={made.uri} label="The secret for your authenticator, as a QR code" />
      <Once what="secret" name="for your authenticator" secret={made.secret} />
      <p class="hint once-uri">{made.uri}</p>
      <CodeField hint="The six digits that your authenticator shows then." focused={false} />
      <Outcome doing={doing} />
      <button type="submit" class="button is-small" aria-disabled={doing.busy}>Turn on</button>
    </form>
  );
}

function TurnOff({ account, done }: { account: Account; done: () => Promise<void> }): JSX.Element {
  const doing = use_doing();
  const submit = (event: Submit): void => {
    event.preventDefault();
    const code = text_in(event.currentTarget, 'code');
    void doing.run(async () => {
      await account.proven(() => people.turn_second_factor_off(code));
      await done();
    });
  };
  return (
    <details>
      <summary>Turn off</summary>
      <form class="form" aria-label="Turn off the second factor" onSubmit={submit}>
        <CodeField focused={false} />
        <Outcome doing={doing} />
        <button type="submit" class="button is-small is-danger" aria-disabled={doing.busy}>Turn off</button>
      </form>
    </details>
  );
}
