// Files that are shown, and those that may be taken.
import { make } from './dom.ts';
import { type Made, type SharedFile, at } from './share.ts';

const away = { target: '_blank', rel: 'noopener noreferrer' };

const made_at = (file: SharedFile, made: Made): string => at('files', file.id, 'renditions', made.name);

/** The largest of a kind that every browser shows. */
function largest(file: SharedFile, family: RegExp): Made | undefined {
  const some = file.renditions.filter(({ media_type }) => family.test(media_type));
  return some.sort((a, b) => (b.width ?? 0) - (a.width ?? 0) || b.bytes - a.bytes)[0];
}

function shown(file: SharedFile): HTMLElement {
  const preview = file.preview ? at('files', file.id, 'preview') : '';
  const film = largest(file, /^video\/(mp4|webm)$/);
  if (film) return make('video', { src: made_at(file, film), poster: preview, controls: true, preload: 'none', 'aria-label': file.name });
  const sound = largest(file, /^audio\/(?!.*mpegurl)/);
  if (sound) return make('audio', { src: made_at(file, sound), controls: true, preload: 'none', 'aria-label': file.name });
  if (!file.preview) return make('p', { class: 'hint' }, file.status === 'ready' ? 'No preview' : 'Not ready yet');
  const picture = make('img', { src: preview, alt: `Preview of ${file.name}`, loading: 'lazy' });
  const large = largest(file, /^image\//);
  return large ? make('a', { href: made_at(file, large), ...away }, picture) : picture;
}

/** Texts and pages of a document, which have no player. */
const others = (file: SharedFile): Made[] => (file.profile === 'document' ? file.renditions.filter(({ media_type }) => !media_type.startsWith('image/')) : []);

function links(file: SharedFile): HTMLElement[] {
  const all = others(file).map((made) => make('a', { href: made_at(file, made), ...away }, made.name));
  if (file.content) all.push(make('a', { class: 'button', href: `${at('files', file.id, 'content')}?download=1`, download: true, 'aria-label': `Download ${file.name}` }, 'Download'));
  if (file.archive) all.push(make('a', { href: `${at('files', file.id, 'archive')}?download=1`, download: true, 'aria-label': `Download ${file.name} with all that was made of it` }, 'ZIP'));
  return all;
}

export function pictures(files: SharedFile[]): HTMLElement {
  return make('ul', { class: 'files' }, ...files.map((file) => make('li', {},
    make('figure', {}, shown(file), make('figcaption', {}, file.folder ? `${file.folder}/${file.name}` : file.name)),
    make('p', { class: 'links' }, ...links(file)))));
}
