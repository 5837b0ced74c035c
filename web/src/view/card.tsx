import type { JSX } from 'preact';
import { memo } from './memo.ts';
import { type Card as CardOf, profile_of } from '../cards.ts';
import type { Session } from '../session.ts';
import type { Sending } from '../state.ts';
import type { FileRecord } from '../types.ts';
import { gist, profile_names, sending_activity, size } from '../words.ts';
import { Actions, SendingActions } from './actions.tsx';
import { Icon } from './icons.tsx';
import { Name } from './name.tsx';
import { Picture } from './picture.tsx';
import { Progress } from './progress.tsx';
import { ProcessingProgress, StateLine } from './state_line.tsx';

interface Props {
  card: CardOf;
  session: Session;
}

function card_changed(before: Props, after: Props): boolean {
  return before.card.record !== after.card.record || before.card.sending !== after.card.sending;
}

export const Card = memo(function Card({ card: { record, sending }, session }: Props): JSX.Element {
  const preview = record?.preview;
  const status = record?.status ?? (sending?.phase === 'failed' ? 'unsent' : 'sending');
  return (
    <li class="card" data-status={status} data-profile={record?.profile} data-wide={!!preview && preview.width > preview.height}>
      {record && <FileCard record={record} session={session} />}
      {!record && sending && <SendingCard sending={sending} session={session} />}
    </li>
  );
}, card_changed);

function SendingCard({ sending, session }: { sending: Sending; session: Session }): JSX.Element {
  const { name, bytes, sent, phase } = sending;
  const failed = phase === 'failed';
  return (
    <article aria-label={name}>
      <div class="card-top">
        <div class="card-picture"><span class="card-icon"><Icon name={profile_of(sending.media_type)} size={40} /></span></div>
        {(phase === 'sending' || phase === 'paused') && <Progress kind="sending" label={`Sending ${name}`} value={sent >= bytes ? null : sent / bytes} />}
      </div>
      <div class="card-text">
        <h3><Name name={name} /></h3>
        <p class="card-gist">{size(bytes)}</p>
        <div class="card-foot">
          <p class={failed ? 'state is-bad' : 'state'}>{failed && <Icon name="warning" size={16} />}{sending_activity(sending)}</p>
          <SendingActions sending={sending} session={session} />
        </div>
      </div>
    </article>
  );
}

function FileCard({ record, session }: { record: FileRecord; session: Session }): JSX.Element {
  const { id, name, profile, preview } = record;
  return (
    <article aria-label={name}>
      <div class="card-top">
        <button type="button" class="card-picture" aria-label={`Open ${name}`} onClick={() => session.open(id)}>
          {preview
            ? <Picture preview={preview} alt={`Preview of ${name}`} />
            : <span class="card-icon"><Icon name={profile} size={40} /></span>}
        </button>
        {preview && <span class="badge"><Icon name={profile} size={15} />{profile_names[profile]}</span>}
        <ProcessingProgress record={record} />
      </div>
      <div class="card-text">
        <h3><Name name={name} /></h3>
        <p class="card-gist">{gist(record).join(' · ')}</p>
        <div class="card-foot">
          <StateLine record={record} />
          <Actions record={record} session={session} />
        </div>
      </div>
    </article>
  );
}
