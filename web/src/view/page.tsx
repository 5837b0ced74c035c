import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Account } from '../account.ts';
import { use_value } from '../observable.ts';
import { start_session } from '../session.ts';
import type { Who } from '../types.ts';
import { SignIn } from './account/sign_in.tsx';
import { SpendLink } from './account/spend_link.tsx';
import { App } from './app.tsx';

/**
 * The way in, or the files of the one who is in.
 * @param link  signs in once, and was in the address.
 */
export function Page({ account, link }: { account: Account; link: string | null }): JSX.Element | null {
  const access = use_value(account.access);
  const [spends, set_spends] = useState(link !== null);
  if (link !== null && spends) return <SpendLink account={account} link={link} leave={() => set_spends(false)} />;
  switch (access.phase) {
    case 'asking': return null;
    case 'closed': return <SignIn account={account} />;
    case 'open': return <Files account={account} who={access.who} />;
  }
}

function Files({ account, who }: { account: Account; who: Who | null }): JSX.Element {
  // Once for each load of the page: when its person goes, the page is loaded anew.
  const [session] = useState(() => start_session(() => void account.check()));
  return <App session={session} account={account} who={who} />;
}
