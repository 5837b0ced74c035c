import type { JSX } from 'preact';

const tail_length = 9;

/** A file's name that is shortened in its middle: the end tells what it is. */
export function Name({ name }: { name: string }): JSX.Element {
  const letters = Array.from(name);
  const cut = Math.max(0, letters.length - tail_length);
  return (
    <span class="name" title={name}>
      {/* One text without a space in between, for those who search or listen. */}
      <span class="name-start">{letters.slice(0, cut).join('')}</span><span class="name-end">{letters.slice(cut).join('')}</span>
    </span>
  );
}
