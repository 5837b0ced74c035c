// A file, as large as it gets: picture, player, pages or text.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { read_text } from '../api.ts';
import type { FileRecord, Rendition } from '../types.ts';
import { activity, size } from '../words.ts';
import { Icon } from './icons.tsx';
import { Picture } from './picture.tsx';

const by_name = (record: FileRecord, pattern: RegExp): Rendition[] =>
  record.renditions.filter(({ name }) => pattern.test(name));

export function Viewer({ record }: { record: FileRecord }): JSX.Element {
  switch (record.profile) {
    case 'image': return <ImageViewer record={record} />;
    case 'video': return <VideoViewer record={record} />;
    case 'audio': return <AudioViewer record={record} />;
    case 'document': return <DocumentViewer record={record} />;
    default: return <NoViewer record={record} />;
  }
}

/** What there is before there is more: the preview, or an icon and a sentence. */
function NoViewer({ record }: { record: FileRecord }): JSX.Element {
  if (record.preview)
    return <figure class="viewer is-picture"><Picture preview={record.preview} alt={record.name} eager /></figure>;
  const says = record.failure?.message ?? activity(record) ?? 'There is no preview for this kind of file.';
  return (
    <div class="viewer is-empty">
      <Icon name={record.profile} size={72} />
      <p>{says}</p>
    </div>
  );
}

function ImageViewer({ record }: { record: FileRecord }): JSX.Element {
  const sizes = by_name(record, /^w\d+\.webp$/).sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
  const sharp = enough_for_screen(sizes);
  if (!record.preview || !sharp) return <NoViewer record={record} />;
  return <figure class="viewer is-picture"><Picture preview={record.preview} src={sharp.url} alt={record.name} eager /></figure>;
}

/** The smallest that fills the screen, or else the largest. */
function enough_for_screen(largest_first: Rendition[]): Rendition | undefined {
  const pixels = window.innerWidth * window.devicePixelRatio;
  return largest_first.filter(({ width }) => (width ?? 0) >= pixels).at(-1) ?? largest_first[0];
}

function VideoViewer({ record }: { record: FileRecord }): JSX.Element {
  const video = record.renditions.find(({ name }) => name === 'video.mp4');
  const poster = record.renditions.find(({ name }) => name === 'poster.jpg') ?? record.preview;
  const stills = by_name(record, /^still-\d+\./);
  if (!video) return <NoViewer record={record} />;
  return (
    <div class="viewer is-video">
      <video src={video.url} poster={poster?.url} controls playsInline preload="metadata" aria-label={record.name} />
      {stills.length > 0 && (
        <ul class="stills" aria-label="Stills">
          {stills.map((still, i) => (
            <li key={still.name}><a href={still.url} target="_blank" rel="noopener"><img src={still.url} alt={`Still ${i + 1}`} loading="lazy" /></a></li>
          ))}
        </ul>
      )}
    </div>
  );
}

function AudioViewer({ record }: { record: FileRecord }): JSX.Element {
  return (
    <div class="viewer is-audio">
      {record.preview ? <Picture preview={record.preview} alt={`Waveform of ${record.name}`} eager /> : <Icon name="audio" size={72} />}
      <audio src={record.links.content} controls preload="metadata" aria-label={record.name} />
    </div>
  );
}

function DocumentViewer({ record }: { record: FileRecord }): JSX.Element {
  const pages = by_name(record, /^page-\d+\./);
  const text = record.renditions.find(({ name }) => name === 'text.txt');
  const [chosen, choose] = useState<'pages' | 'text'>('pages');
  if (pages.length === 0 && !text) return <NoViewer record={record} />;
  const shown = pages.length === 0 ? 'text' : chosen;
  return (
    <div class="viewer is-document">
      {pages.length > 0 && text && (
        <div class="tabs" role="group" aria-label="Show">
          <button type="button" class="filter" aria-pressed={shown === 'pages'} onClick={() => choose('pages')}>Pages</button>
          <button type="button" class="filter" aria-pressed={shown === 'text'} onClick={() => choose('text')}>Text</button>
        </div>
      )}
      {shown === 'text' && text ? <Text file={text} /> : <Pages pages={pages} total={Number(record.media.pages) || pages.length} />}
    </div>
  );
}

function Pages({ pages, total }: { pages: Rendition[]; total: number }): JSX.Element {
  return (
    <div class="pages" tabIndex={0} role="group" aria-label="Pages">
      {pages.map((page, i) => (
        <img key={page.name} src={page.url} alt={`Page ${i + 1}`} width={page.width} height={page.height} loading={i < 2 ? 'eager' : 'lazy'} />
      ))}
      {total > pages.length && <p class="hint">The first {pages.length} of {total} pages. The original has them all.</p>}
    </div>
  );
}

const text_limit = 200_000;

function Text({ file }: { file: Rendition }): JSX.Element {
  const [shown, show] = useState<{ text: string; whole: boolean } | null>(null);
  const [problem, set_problem] = useState('');
  useEffect(() => {
    let left = false;
    read_text(file.url, text_limit).then((text) => { if (!left) show(text); }, (error: Error) => { if (!left) set_problem(error.message); });
    return () => { left = true; };
  }, [file.url]);
  return (
    <div class="text" tabIndex={0} role="group" aria-label="Text">
      {problem && <p class="hint">{problem}</p>}
      {shown && <pre>{shown.text}</pre>}
      {shown && !shown.whole && <p class="hint">The beginning of {size(file.bytes)} of text.</p>}
    </div>
  );
}
