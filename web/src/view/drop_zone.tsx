import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';

interface Props {
  /** Nothing else is on the page yet. */
  large: boolean;
  add: (files: Iterable<File>) => void;
}

export function DropZone({ large, add }: Props): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const chosen = (): void => {
    const { current } = input;
    if (!current?.files) return;
    add([...current.files]);
    current.value = ''; // Choosing the same file again is a new choice.
  };
  return (
    <section class={large ? 'drop-zone is-large' : 'drop-zone'} aria-label="Send files">
      <span class="drop-zone-icon"><Icon name="upload" size={large ? 30 : 22} /></span>
      <div class="drop-zone-text">
        <h2>{large ? 'Drop your first files here' : 'Drop files anywhere'}</h2>
        <p>{large
          ? 'Photos, videos, music, documents: you see a preview at once, and smaller versions, pages and an archive soon after.'
          : 'or paste them, or choose them from this device'}</p>
      </div>
      <button type="button" class="button is-primary" onClick={() => input.current?.click()}>Choose files</button>
      <input ref={input} class="unseen" type="file" multiple tabIndex={-1} aria-hidden="true" onChange={chosen} />
    </section>
  );
}
