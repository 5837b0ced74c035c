import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Account } from '../../account.ts';
import { use_value } from '../../observable.ts';
import { role_names } from '../../people_words.ts';
import type { Who } from '../../types.ts';
import { size } from '../../words.ts';
import { Dialog } from '../dialog.tsx';
import { Outcome, use_doing } from '../form.tsx';
import { Activity } from './activity.tsx';
import { shown_name } from './button.tsx';
import { Devices } from './devices.tsx';
import { Password } from './password.tsx';
import { PasswordQuestion } from './question.tsx';
import { SecondFactor } from './second_factor.tsx';
import { Shares } from './shares.tsx';
import { Tokens } from './tokens.tsx';
import { Users } from './users.tsx';

interface Props {
  account: Account;
  who: Who;
  sign_out: () => Promise<void>;
  close: () => void;
  messages: JSX.Element;
}

/** Everything about the one who is signed in. */
export function AccountPanel({ account, who, sign_out, close, messages }: Props): JSX.Element {
  const question = use_value(account.question);
  const leaving = use_doing();
  const [passwords, set_passwords] = useState(0);
  // How much room is used has changed with every file since.
  useEffect(() => void account.check(), [account]);
  const leave = (): Promise<void> => leaving.run(sign_out);
  return (
    <Dialog kind="account" label="Account" on_close={close} messages={messages}>
      <div class="account-inside">
        <div class="account-head">
          <h2>{shown_name(who.user)}</h2>
          <p class="account-role">{who.user.display_name && `${who.user.name}, `}{role_names[who.user.role]}</p>
          <button type="button" class="button is-small" aria-disabled={leaving.busy} onClick={() => void leave()}>Sign out</button>
          <Outcome doing={leaving} />
        </div>
        <Room quota={who.quota} />
        <Password account={account} name={who.user.name} changed={() => set_passwords(passwords + 1)} />
        <SecondFactor account={account} />
        {/* A new password signs out the others. */}
        <Devices key={passwords} leave={leave} />
        {who.scopes.includes('share') && <Shares account={account} />}
        <Tokens account={account} who={who} />
        {who.scopes.includes('admin') && <Users account={account} own_id={who.user.id} />}
        {who.scopes.includes('admin') && <Activity />}
      </div>
      {question && <PasswordQuestion question={question} />}
    </Dialog>
  );
}

function Room({ quota: { used, limit } }: Pick<Who, 'quota'>): JSX.Element {
  return (
    <section class="account-part" aria-label="Room">
      <h3>Room</h3>
      <p>{limit === null ? `${size(used)} used` : `${size(used)} of ${size(limit)} used`}</p>
      {limit !== null && <meter class="room" aria-label="Used room" min={0} max={limit} high={limit * 0.9} value={Math.min(used, limit)} />}
    </section>
  );
}
