import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Account } from '../../account.ts';
import * as people from '../../people.ts';
import type { User } from '../../types.ts';
import { Outcome, use_doing } from '../form.tsx';
import { shown_name } from './button.tsx';
import { ListState, use_list } from './list.tsx';
import { NewUser } from './new_user.tsx';
import type { Removal } from './remove_user.tsx';
import { UserRow } from './user_row.tsx';

/** All users of this server, for admins. */
export function Users({ account, own_id }: { account: Account; own_id: string }): JSX.Element {
  const list = use_list(people.users);
  const make = async (wanted: people.WantedUser): Promise<void> => {
    await account.proven(() => people.make_user(wanted));
    await list.reload();
  };
  const change = async (id: string, wanted: people.UserChange): Promise<void> => {
    await account.proven(() => people.change_user(id, wanted));
    await list.reload();
  };
  const removed = use_doing();
  // The question goes with its row: the focus stays in the part.
  const heading = useRef<HTMLHeadingElement>(null);
  const show_removed = async (user: User, heir: User | null): Promise<void> => {
    await list.reload();
    heading.current?.focus();
    const files = heir === null ? 'deleted' : heir.id === own_id ? 'yours now' : `${shown_name(heir)}’s now`;
    await removed.run(() => Promise.resolve(), `${user.name} is removed. The files are ${files}.`);
  };
  const removal_of = (user: User): Removal => ({
    remove: (heir) => account.proven(() => people.remove_user(user.id, heir?.id ?? null)),
    show: (heir) => show_removed(user, heir),
  });
  const own_first = (all: User[]): User[] => [...all].sort((a, b) => Number(b.id === own_id) - Number(a.id === own_id));
  return (
    <section class="account-part" aria-label="Users">
      <h3 ref={heading} tabIndex={-1}>Users</h3>
      <ListState list={list} empty="" />
      <ul class="things">
        {list.items?.map((user) => (
          <UserRow key={user.id} user={user} is_self={user.id === own_id} change={(wanted) => change(user.id, wanted)}
            make_link={() => account.proven(() => people.make_link(user.id))}
            heirs={own_first(list.items ?? []).filter(({ id }) => id !== user.id)} removal={removal_of(user)} />
        ))}
      </ul>
      <Outcome doing={removed} />
      <NewUser make={make} />
    </section>
  );
}
