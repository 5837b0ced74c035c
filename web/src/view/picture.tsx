// A picture that is never a blank: the blur of its ThumbHash at once, the preview as soon as it is here.
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { thumbHashToDataURL } from 'thumbhash';
import type { Preview } from '../types.ts';

function blur_of(thumbhash: string): string | null {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(thumbhash), (c) => c.charCodeAt(0)));
  } catch {
    return null; // Not Base64, or not a hash: the preview itself will do.
  }
}

interface Props {
  preview: Preview;
  alt: string;
  /** A better picture than the preview, where there is one. */
  src?: string;
  eager?: boolean;
}

export function Picture({ preview, alt, src = preview.url, eager = false }: Props): JSX.Element {
  const blur = useMemo(() => blur_of(preview.thumbhash), [preview.thumbhash]);
  /** The address of the picture that has arrived: another one starts from its blur again. */
  const [loaded, set_loaded] = useState('');
  return (
    <span class="picture">
      {blur && <img class="picture-blur" src={blur} alt="" aria-hidden="true" />}
      <img class={loaded === src ? 'picture-sharp is-loaded' : 'picture-sharp'} src={src} alt={alt}
        width={preview.width} height={preview.height} loading={eager ? 'eager' : 'lazy'} decoding="async"
        onLoad={() => set_loaded(src)} />
    </span>
  );
}
