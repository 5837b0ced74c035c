// Where guests send files, one after the other.
import { make } from './dom.ts';
import { send } from './sending.ts';
import type { Refusal, Share } from './share.ts';

const size = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);

function terms({ left }: Share): string {
  if (!left) return '';
  const most = [
    ...(left.files === null ? [] : [`${left.files} ${left.files === 1 ? 'file' : 'files'}`]),
    ...(left.bytes === null ? [] : [size(left.bytes)]),
  ];
  const kinds = left.profiles === null ? '' : ` Kinds: ${left.profiles.join(', ')}.`;
  return `${most.length > 0 ? `At most ${most.join(' and ')}.` : ''}${kinds}`;
}

function row(file: File): { line: HTMLElement; run: () => Promise<void> } {
  const bar = make('progress', { max: '1', value: '0', 'aria-label': `Sending ${file.name}` });
  const says = make('p', { role: 'status' }, 'Waits');
  const line = make('li', {}, make('p', { class: 'name' }, file.name), bar, says);
  const run = async (): Promise<void> => {
    says.textContent = 'Sending';
    try {
      await send(file, (bytes) => { bar.value = file.size === 0 ? 1 : bytes / file.size; });
      bar.value = 1;
      says.textContent = 'Sent';
      line.dataset.state = 'sent';
    } catch (error) {
      says.textContent = (error as Refusal).message;
      line.dataset.state = 'failed';
    }
  };
  return { line, run };
}

export function inbox(share: Share): HTMLElement {
  const input = make('input', { type: 'file', multiple: true, id: 'files' });
  const list = make('ul', { class: 'sendings' });
  let last: Promise<void> = Promise.resolve();
  const take = (files: Iterable<File>): void => {
    for (const file of files) {
      const { line, run } = row(file);
      list.append(line);
      last = last.then(run);
    }
  };
  input.addEventListener('change', () => {
    take(input.files ?? []);
    input.value = '';
  });
  const zone = make('section', { class: 'inbox', 'aria-label': 'Send files' },
    make('label', { for: 'files' }, 'Choose files, or drop them here'), input, make('p', { class: 'hint' }, terms(share)), list);
  zone.addEventListener('dragover', (event) => event.preventDefault());
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files ?? []);
  });
  return zone;
}
