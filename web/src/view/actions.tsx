// What can be done with a file: the same on its card (icons) and in detail (icons with words).
import type { JSX } from 'preact';
import type { Session } from '../session.ts';
import type { Sending } from '../state.ts';
import { type FileRecord, is_terminal } from '../types.ts';
import { Icon, type IconName } from './icons.tsx';

interface ActionProps {
  icon: IconName;
  /** Two or three words, shown in detail and as a tooltip. */
  word: string;
  /** The whole sentence, for those who hear it without its surroundings. */
  label: string;
  wordy: boolean;
  danger?: boolean;
  href?: string;
  save_as?: string;
  act?: () => void;
}

function Action({ icon, word, label, wordy, danger = false, href, save_as, act }: ActionProps): JSX.Element {
  const kind = `${wordy ? 'button is-small' : 'icon-button'}${danger ? ' is-danger' : ''}`;
  const inside = <><Icon name={icon} size={wordy ? 16 : 18} />{wordy && <span>{word}</span>}</>;
  return href === undefined
    ? <button type="button" class={kind} aria-label={label} title={word} onClick={act}>{inside}</button>
    : <a class={kind} href={href} download={save_as ?? ''} aria-label={label} title={word}>{inside}</a>;
}

interface Props {
  record: FileRecord;
  session: Session;
  wordy?: boolean;
}

export function Actions({ record, session, wordy = false }: Props): JSX.Element {
  const { id, name, status, archive, links } = record;
  const again = status === 'failed' || status === 'cancelled';
  const running = status === 'registered' || status === 'processing';
  return (
    <div class="actions">
      {status !== 'receiving' && (
        <Action icon="download" word="Original" label={`Download the original of ${name}`} wordy={wordy} href={links.content} save_as={name} />
      )}
      {archive && <Action icon="archive" word="ZIP" label={`Download everything of ${name} as ZIP`} wordy={wordy} href={archive.url} />}
      {again && <Action icon="retry" word="Process again" label={`Process ${name} again`} wordy={wordy} act={() => session.retry(id)} />}
      {running && <Action icon="close" word="Cancel" label={`Cancel processing ${name}`} wordy={wordy} act={() => session.cancel(id)} />}
      {(is_terminal(status) || status === 'receiving') && (
        <Action icon="trash" word="Delete" label={`Delete ${name}`} wordy={wordy} danger act={() => session.remove(record)} />
      )}
    </div>
  );
}

export function SendingActions({ sending: { key, name, bytes, sent, phase }, session }: { sending: Sending; session: Session }): JSX.Element {
  const failed = phase === 'failed';
  return (
    <div class="actions">
      {phase === 'sending' && sent < bytes && (
        <Action icon="pause" word="Pause" label={`Pause sending ${name}`} wordy={false} act={() => session.pause(key, true)} />
      )}
      {phase === 'paused' && <Action icon="play" word="Go on" label={`Go on sending ${name}`} wordy={false} act={() => session.pause(key, false)} />}
      {failed && <Action icon="retry" word="Send again" label={`Send ${name} again`} wordy={false} act={() => session.uploads.retry(key)} />}
      <Action icon="close" word={failed ? 'Forget' : 'Stop sending'} label={failed ? `Forget ${name}` : `Stop sending ${name}`}
        wordy={false} act={() => session.drop(key)} />
    </div>
  );
}
