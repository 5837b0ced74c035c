// Everything the page says in words and numbers.
import type { Facts, FileRecord, Profile, Rendition, Stage } from './types.ts';
import type { Filter, Sending } from './state.ts';

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** 4183201 → `4.2 MB`. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1).replace(/\.0$/, '')} ${units[unit]}`;
}

/** 3725 → `1:02:05`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export const percent = (fraction: number): number => Math.round(Math.min(1, Math.max(0, fraction)) * 100);

export const profile_names: Record<Profile, string> = {
  image: 'Image', video: 'Video', audio: 'Audio', document: 'Document', other: 'File',
};

export const filter_names: Record<Filter, string> = {
  all: 'All', image: 'Images', video: 'Videos', audio: 'Audio', document: 'Documents', other: 'Other',
};

const stage_names: Record<Stage, string> = {
  preview: 'Making the preview',
  renditions: 'Making smaller sizes',
  compress: 'Compressing the video',
  screenshots: 'Taking stills',
  pages: 'Drawing the pages',
  text: 'Reading the text',
  archive: 'Packing the archive',
};

/** What a file is going through, or null when it is through with it. */
export function activity(record: FileRecord): string | null {
  switch (record.status) {
    case 'receiving': return record.progress > 0 ? 'Receiving' : 'Not all of it has arrived';
    case 'registered': return 'Waiting its turn';
    case 'processing': return (record.stage && stage_names[record.stage]) || 'Getting ready';
    default: return null;
  }
}

export function sending_activity({ phase, sent, bytes, speed, problem }: Sending): string {
  if (phase === 'failed') return problem ?? 'Could not be sent.';
  if (phase === 'waiting' && problem) return `${problem} Trying again soon.`;
  if (phase === 'waiting') return 'Waiting to be sent';
  if (phase === 'paused') return `Paused at ${size(sent)} of ${size(bytes)}`;
  if (sent >= bytes) return 'Sent, saving';
  return `Sending, ${size(sent)} of ${size(bytes)}${speed === null ? '' : `, ${size(speed)}/s`}`;
}

const number_in = (record: FileRecord, name: string): number | null => {
  const value = record.media[name];
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
};

export const pixels = (width: number, height: number): string => `${width} × ${height}`;

/** The one or two facts that tell files of a kind apart. */
export function gist(record: FileRecord): string[] {
  const [width, height] = [number_in(record, 'width'), number_in(record, 'height')];
  const [seconds, pages] = [number_in(record, 'duration'), number_in(record, 'pages')];
  return [
    ...(record.bytes > 0 || record.status !== 'receiving' ? [size(record.bytes)] : []),
    ...(seconds ? [duration(seconds)] : []),
    ...(width && height ? [pixels(width, height)] : []),
    ...(pages ? [`${pages} ${pages === 1 ? 'page' : 'pages'}`] : []),
  ];
}

const fact_names: Record<string, (value: string | number) => [string, string]> = {
  duration: (v) => ['Duration', duration(Number(v))],
  fps: (v) => ['Frame rate', `${Number(Number(v).toFixed(2))} per second`],
  video_codec: (v) => ['Video codec', String(v)],
  audio_codec: (v) => ['Audio codec', String(v)],
  bit_rate: (v) => ['Bit rate', `${Math.round(Number(v) / 1000)} kbit/s`],
  sample_rate: (v) => ['Sample rate', `${Number(v) / 1000} kHz`],
  channels: (v) => ['Channels', String(v)],
  pages: (v) => ['Pages', String(v)],
  title: (v) => ['Title', String(v)],
  artist: (v) => ['Artist', String(v)],
  album: (v) => ['Album', String(v)],
  author: (v) => ['Author', String(v)],
  text_bytes: (v) => ['Text', size(Number(v))],
};

/** What is known of a file, as pairs of a name and a value. */
export function facts(record: FileRecord): [string, string][] {
  const [width, height] = [number_in(record, 'width'), number_in(record, 'height')];
  // What a file says of itself (title, artist …) stands apart from what was measured.
  const media: Facts = { ...(record.media.tags as Facts | undefined), ...record.media };
  const known = Object.entries(fact_names).flatMap(([key, say]) => {
    const value = media[key];
    return (typeof value === 'string' && value !== '') || (typeof value === 'number' && value > 0) ? [say(value)] : [];
  });
  return [
    ['Kind', `${profile_names[record.profile]}, ${record.media_type}`],
    ['Size', size(record.bytes)],
    ...(width && height ? [['Dimensions', pixels(width, height)] as [string, string]] : []),
    ...known,
    ['Added', new Date(record.created_at).toLocaleString()],
  ];
}

const formats: Record<string, string> = {
  'image/webp': 'WebP', 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/avif': 'AVIF',
  'video/mp4': 'MP4', 'application/pdf': 'PDF', 'text/plain': 'Text',
};

export const format_of = (media_type: string): string =>
  formats[media_type.split(';')[0] ?? ''] ?? media_type;

export function rendition_title({ name }: Rendition): string {
  const page = /^page-(\d+)\./.exec(name)?.[1];
  if (page) return `Page ${page}`;
  const still = /^still-(\d+)\./.exec(name)?.[1];
  if (still) return `Still ${still}`;
  const width = /^w(\d+)\./.exec(name)?.[1];
  if (width) return `${width} wide`;
  const titles: Record<string, string> = {
    'poster.jpg': 'Poster', 'video.mp4': 'Compressed video', 'text.txt': 'Plain text', 'document.pdf': 'As PDF',
  };
  return titles[name] ?? name;
}

/** What screen readers hear of an event. */
export function sentence_of(type: string, record: FileRecord): string {
  switch (type) {
    case 'file.preview': return `${record.name} has a preview.`;
    case 'file.ready': return `${record.name} is ready.`;
    case 'file.failed': return `${record.name} failed. ${record.failure?.message ?? ''}`;
    case 'file.cancelled': return `${record.name} was cancelled.`;
    default: return '';
  }
}
