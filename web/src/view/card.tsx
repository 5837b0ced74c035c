import type { JSX } from 'preact';
import { memo } from './memo.ts';
import type { Session } from '../session.ts';
import { type Card as CardOf, type Sending, profile_of } from '../store.ts';
import { type FileRecord, is_terminal } from '../types.ts';
import { activity, gist, percent, profile_names, sending_activity, size } from '../words.ts';
import { Icon, profile_icon } from './icons.tsx';
import { Name } from './name.tsx';
import { Picture } from './picture.tsx';
import { Progress } from './progress.tsx';

interface Props {
  card: CardOf;
  session: Session;
}

function card_changed(before: Props, after: Props): boolean {
  return before.card.record !== after.card.record || before.card.sending !== after.card.sending;
}

export const Card = memo(function Card({ card: { record, sending }, session }: Props): JSX.Element {
  const status = record?.status ?? (sending?.phase === 'failed' ? 'unsent' : 'sending');
  return (
    <li class="card" data-status={status} data-profile={record?.profile}>
      {record && <FileCard record={record} session={session} />}
      {!record && sending && <SendingCard sending={sending} session={session} />}
    </li>
  );
}, card_changed);

function SendingCard({ sending, session }: { sending: Sending; session: Session }): JSX.Element {
  const { key, name, bytes, sent, phase } = sending;
  const profile = profile_of(sending.media_type);
  const says = sending_activity(sending);
  return (
    <article aria-label={name}>
      <div class="card-picture"><span class="card-icon"><Icon name={profile_icon(profile)} size={40} /></span></div>
      <div class="card-text">
        <h3><Name name={name} /></h3>
        {phase === 'failed'
          ? <p class="card-state is-bad"><Icon name="warning" size={16} />{says}</p>
          : <p class="card-state">{says}</p>}
        {phase !== 'failed' && (
          <Progress kind="sending" label={`Sending ${name}`} value={phase === 'waiting' ? 0 : sent >= bytes ? null : sent / bytes} />
        )}
        <div class="card-foot">
          <span class="card-gist">{size(bytes)}</span>
          <div class="card-actions">
            {phase === 'failed' && <button type="button" class="icon-button" aria-label={`Send ${name} again`} title="Send again"
              onClick={() => session.uploads.retry(key)}><Icon name="retry" size={18} /></button>}
            <button type="button" class="icon-button" aria-label={phase === 'failed' ? `Forget ${name}` : `Stop sending ${name}`}
              title={phase === 'failed' ? 'Forget' : 'Stop sending'} onClick={() => session.drop(key)}><Icon name="close" size={18} /></button>
          </div>
        </div>
      </div>
    </article>
  );
}

function FileCard({ record, session }: { record: FileRecord; session: Session }): JSX.Element {
  const { id, name, profile, preview, status } = record;
  const doing = activity(record);
  return (
    <article aria-label={name}>
      <button type="button" class="card-picture" aria-label={`Open ${name}`} onClick={() => session.open(id)}>
        {preview
          ? <Picture preview={preview} alt={`Preview of ${name}`} />
          : <span class="card-icon"><Icon name={profile_icon(profile)} size={40} /></span>}
        {preview && <span class="badge"><Icon name={profile_icon(profile)} size={15} /><span>{profile_names[profile]}</span></span>}
      </button>
      <div class="card-text">
        <h3><Name name={name} /></h3>
        <State record={record} doing={doing} />
        {doing && <Progress kind="processing" label={`Processing ${name}: ${doing}`}
          value={status === 'processing' ? record.progress : null} />}
        <div class="card-foot">
          <span class="card-gist">{gist(record).join(' · ')}</span>
          <Actions record={record} session={session} />
        </div>
      </div>
    </article>
  );
}

/** One line that says where the file stands. */
export function State({ record, doing }: { record: FileRecord; doing: string | null }): JSX.Element {
  if (doing)
    return (
      <p class="card-state">
        {doing}
        {record.status === 'processing' && <span class="card-percent">{percent(record.progress)} %</span>}
      </p>
    );
  if (record.status === 'failed')
    return <p class="card-state is-bad"><Icon name="warning" size={16} />{record.failure?.message ?? 'Processing failed.'}</p>;
  if (record.status === 'cancelled')
    return <p class="card-state"><Icon name="close" size={16} />Cancelled</p>;
  return <p class="card-state is-good"><Icon name="check" size={16} />Ready</p>;
}

/** What can be done with a file: the same on its card and in detail. */
export function Actions({ record, session }: { record: FileRecord; session: Session }): JSX.Element {
  const { id, name, status, archive, links } = record;
  const again = status === 'failed' || status === 'cancelled';
  return (
    <div class="card-actions">
      {status !== 'receiving' && <a class="icon-button" href={links.content} download={name} aria-label={`Download the original of ${name}`}
        title="Download the original"><Icon name="download" size={18} /></a>}
      {archive && <a class="icon-button" href={archive.url} download aria-label={`Download everything of ${name} as ZIP`}
        title={`Download everything as ZIP (${size(archive.bytes)})`}><Icon name="archive" size={18} /></a>}
      {again && <button type="button" class="icon-button" aria-label={`Process ${name} again`} title="Process again"
        onClick={() => session.retry(id)}><Icon name="retry" size={18} /></button>}
      {(status === 'registered' || status === 'processing') && <button type="button" class="icon-button"
        aria-label={`Cancel processing ${name}`} title="Cancel processing" onClick={() => session.cancel(id)}><Icon name="close" size={18} /></button>}
      {is_terminal(status) && <button type="button" class="icon-button is-danger" aria-label={`Delete ${name}`} title="Delete"
        onClick={() => session.remove(record)}><Icon name="trash" size={18} /></button>}
    </div>
  );
}
