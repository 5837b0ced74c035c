import type { JSX } from 'preact';
import type { Session } from '../session.ts';
import { ids_in_order } from '../cards.ts';
import { type FileRecord, type Rendition, is_terminal } from '../types.ts';
import { facts, format_of, pixels, rendition_title, size } from '../words.ts';
import { Actions } from './actions.tsx';
import { Dialog } from './dialog.tsx';
import { Icon } from './icons.tsx';
import { ProcessingProgress, StateLine } from './state_line.tsx';
import { Messages } from './messages.tsx';
import { Viewer } from './viewer.tsx';

export function Detail({ record, session }: { record: FileRecord; session: Session }): JSX.Element {
  const ids = ids_in_order(session.state.get());
  const at = ids.indexOf(record.id);
  const beside = (step: number): string | undefined => (at < 0 ? undefined : ids[at + step]);
  const go = (step: number): void => {
    const id = beside(step);
    if (id) session.open(id);
  };
  const keys = (event: KeyboardEvent): void => {
    // Players and scrollable texts have their own use for the arrows.
    if (event.target instanceof HTMLMediaElement || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowLeft') go(-1);
    if (event.key === 'ArrowRight') go(1);
  };
  return (
    <Dialog kind="detail" label={record.name} on_key={keys} on_close={() => session.open(null)} closes_outside
      messages={<Messages session={session} />}>
      <div class="detail-stage">
        <Viewer key={record.id} record={record} />
        {beside(-1) && <button type="button" class="step is-left" aria-label="Previous file" onClick={() => go(-1)}><Icon name="left" /></button>}
        {beside(1) && <button type="button" class="step is-right" aria-label="Next file" onClick={() => go(1)}><Icon name="right" /></button>}
      </div>
      <Panel record={record} session={session} />
    </Dialog>
  );
}

function Panel({ record, session }: { record: FileRecord; session: Session }): JSX.Element {
  return (
    <div class="panel">
      <h2>{record.name}</h2>
      <StateLine record={record} />
      <ProcessingProgress record={record} />
      <Actions record={record} session={session} wordy />
      <dl class="facts">
        {facts(record).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
      <Downloads record={record} />
    </div>
  );
}

function Downloads({ record: { name, bytes, links, media_type, renditions, archive, status } }: { record: FileRecord }): JSX.Element {
  const stem = name.replace(/\.[^.]+$/, '');
  return (
    <section class="downloads" aria-label="Downloads">
      <h3>Downloads</h3>
      <ul>
        {status !== 'receiving' && <Download href={links.content} save_as={name} title="Original" notes={[format_of(media_type), size(bytes)]} />}
        {renditions.map((r) => <Download key={r.name} href={r.url} save_as={`${stem}-${r.name}`} title={rendition_title(r)} notes={notes_of(r)} />)}
        {archive && <Download href={archive.url} save_as={`${stem}.zip`} title="Everything" notes={['ZIP', size(archive.bytes)]} />}
      </ul>
      {!is_terminal(status) && <p class="hint">More will appear here as it is made.</p>}
    </section>
  );
}

const notes_of = ({ media_type, width, height, bytes }: Rendition): string[] =>
  [format_of(media_type), ...(width && height ? [pixels(width, height)] : []), size(bytes)];

interface DownloadProps {
  href: string;
  save_as: string;
  title: string;
  notes: string[];
}

function Download({ href, save_as, title, notes }: DownloadProps): JSX.Element {
  return (
    <li>
      <a href={href} download={save_as}>
        <span class="download-title">{title}</span>
        <span class="download-notes">{notes.join(' · ')}</span>
        <Icon name="download" size={16} />
      </a>
    </li>
  );
}
