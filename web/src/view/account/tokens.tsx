import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Account } from '../../account.ts';
import * as people from '../../people.ts';
import { day, last_used, scope_names } from '../../people_words.ts';
import type { MadeToken, Token, Who } from '../../types.ts';
import { Outcome, use_doing } from '../form.tsx';
import { ListState, use_list } from './list.tsx';
import { NewToken } from './new_token.tsx';
import { Once } from './once.tsx';

/** What the person's programs show instead of a password. */
export function Tokens({ account, who }: { account: Account; who: Who }): JSX.Element {
  const list = use_list(people.tokens);
  const doing = use_doing();
  // The button goes with its row: the focus stays in the part.
  const heading = useRef<HTMLHeadingElement>(null);
  const [made, set_made] = useState<MadeToken | null>(null);
  const remove = ({ id, name }: Token): void => {
    if (id === made?.id) set_made(null);
    void doing.run(() => people.end_token(id).then(list.reload).then(() => heading.current?.focus()), `The token ${name} is removed.`);
  };
  const make = async (wanted: people.WantedToken): Promise<void> => {
    set_made(await account.proven(() => people.make_token(wanted)));
    await list.reload();
  };
  return (
    <section class="account-part" aria-label="Tokens">
      <h3 ref={heading} tabIndex={-1}>Tokens</h3>
      <p class="hint">A program shows a token instead of your password.</p>
      <ListState list={list} empty="There are none yet." />
      <ul class="things">
        {list.items?.map((token) => <TokenRow key={token.id} token={token} remove={() => remove(token)} busy={doing.busy} />)}
      </ul>
      <Outcome doing={doing} />
      {made && <Once what="token" name={made.name} secret={made.token} />}
      <NewToken may={who.scopes} make={make} />
    </section>
  );
}

function TokenRow({ token, remove, busy }: { token: Token; remove: () => void; busy: boolean }): JSX.Element {
  const { name, scopes, used_at, expires_at } = token;
  const notes = [last_used(used_at), ...(expires_at === null ? [] : [`Ends ${day(expires_at)}`])];
  return (
    <li class="thing">
      <div class="thing-text">
        <p class="thing-name">{name}</p>
        <p class="thing-notes">{scopes.map((scope) => scope_names[scope]).join(', ')}</p>
        <p class="thing-notes">{notes.join(' · ')}</p>
      </div>
      <button type="button" class="button is-small is-danger" aria-disabled={busy} aria-label={`Remove ${name}`} onClick={remove}>Remove</button>
    </li>
  );
}
