import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Account } from '../account.ts';
import { visible_cards } from '../cards.ts';
import { use_value } from '../observable.ts';
import type { Session } from '../session.ts';
import type { Who } from '../types.ts';
import { AccountButton } from './account/button.tsx';
import { AccountPanel } from './account/panel.tsx';
import { Detail } from './detail.tsx';
import { DropZone } from './drop_zone.tsx';
import { Filters } from './filters.tsx';
import { Gallery } from './gallery.tsx';
import { Header } from './header.tsx';
import { Messages } from './messages.tsx';

interface Props {
  session: Session;
  account: Account;
  /** Null while the server could not be asked. */
  who: Who | null;
}

export function App({ session, account, who }: Props): JSX.Element {
  const state = use_value(session.state);
  const opened = use_value(session.opened);
  const [in_account, show_account] = useState(false);
  useEffect(() => paste_into(session), [session]);

  const cards = visible_cards(state);
  const record = opened === null ? undefined : state.known.get(opened)?.record;
  const loading = state.listings[state.filter] === undefined;
  const empty = state.known.size === 0 && state.sending.length === 0 && !loading && state.filter === 'all';
  const shown_account = in_account && who;
  const sign_out = async (): Promise<void> => {
    await session.finish_deletions();
    await account.sign_out();
  };
  return (
    <>
      <Header connection={state.connection}>
        {who?.signed_in && <AccountButton who={who} open={() => show_account(true)} />}
      </Header>
      <main>
        <DropZone large={empty} add={session.uploads.add} />
        {!empty && <Filters chosen={state.filter} choose={session.choose_filter} />}
        {!empty && <Gallery cards={cards} loading={loading} filter={state.filter} session={session}
          more={!!state.listings[state.filter]?.cursor} />}
      </main>
      <div class="veil" aria-hidden="true"><p>Drop to send</p></div>
      {record && <Detail record={record} session={session} />}
      {!record && shown_account && (
        <AccountPanel account={account} who={shown_account} sign_out={sign_out} close={() => show_account(false)} messages={<Messages session={session} />} />
      )}
      {!record && !shown_account && <Messages session={session} />}
    </>
  );
}

/** Pasting files, or a picture from the clipboard, sends them. */
function paste_into(session: Session): () => void {
  const paste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    session.uploads.add(files.map(with_own_name));
  };
  document.addEventListener('paste', paste);
  return () => document.removeEventListener('paste', paste);
}

/** Every picture from a clipboard is called image.png: the time tells them apart. */
function with_own_name(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const time = new Date().toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  return new File([file], `Pasted ${time}${file.name.slice('image'.length)}`, { type: file.type });
}
