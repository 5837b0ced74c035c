import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Account } from '../../account.ts';
import * as people from '../../people.ts';
import { allow_names, share_notes } from '../../people_words.ts';
import type { MadeShare, Share } from '../../types.ts';
import { Outcome, use_doing } from '../form.tsx';
import { ListState, use_list } from './list.tsx';
import { NewShare } from './new_share.tsx';
import { Once } from './once.tsx';

const shown_name = ({ name, allow }: Share): string => name || allow_names[allow];

/** Links for people without an account. */
export function Shares({ account }: { account: Account }): JSX.Element {
  const list = use_list(people.shares);
  const doing = use_doing();
  // The button goes with its row: the focus stays in the part.
  const heading = useRef<HTMLHeadingElement>(null);
  const [made, set_made] = useState<MadeShare | null>(null);
  const remove = (share: Share): void => {
    if (share.id === made?.id) set_made(null);
    void doing.run(() => people.end_share(share.id).then(list.reload).then(() => heading.current?.focus()),
      `${shown_name(share)} is not shared any more.`);
  };
  const make = async (wanted: people.WantedShare): Promise<void> => {
    set_made(await account.proven(() => people.make_share(wanted)));
    await list.reload();
  };
  return (
    <section class="account-part" aria-label="Shares">
      <h3 ref={heading} tabIndex={-1}>Shares</h3>
      <p class="hint">Whoever has the link of a share gets in, without an account.</p>
      <ListState list={list} empty="There are none yet." />
      <ul class="things">
        {list.items?.map((share) => <ShareRow key={share.id} share={share} remove={() => remove(share)} busy={doing.busy} />)}
      </ul>
      <Outcome doing={doing} />
      {made && <Once what="link" name={shown_name(made)} secret={made.url} />}
      <NewShare make={make} />
    </section>
  );
}

function ShareRow({ share, remove, busy }: { share: Share; remove: () => void; busy: boolean }): JSX.Element {
  const name = shown_name(share);
  return (
    <li class="thing">
      <div class="thing-text">
        <p class="thing-name">{name}</p>
        <p class="thing-notes">{share_notes(share).join(' · ')}</p>
      </div>
      <button type="button" class="button is-small is-danger" aria-disabled={busy} aria-label={`Take back ${name}`} onClick={remove}>Take back</button>
    </li>
  );
}
