import type { JSX } from 'preact';
import type { Account } from '../../account.ts';
import * as people from '../../people.ts';
import { ListState, use_list } from './list.tsx';
import { NewUser } from './new_user.tsx';
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
  return (
    <section class="account-part" aria-label="Users">
      <h3>Users</h3>
      <ListState list={list} empty="" />
      <ul class="things">
        {list.items?.map((user) => (
          <UserRow key={user.id} user={user} is_self={user.id === own_id} change={(wanted) => change(user.id, wanted)}
            make_link={() => account.proven(() => people.make_link(user.id))} />
        ))}
      </ul>
      <NewUser make={make} />
    </section>
  );
}
