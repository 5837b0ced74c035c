import type { JSX } from 'preact';
import { percent } from '../words.ts';

interface Props {
  /** 0..1, or null while it is not known. */
  value: number | null;
  label: string;
  kind: 'sending' | 'processing';
}

export function Progress({ value, label, kind }: Props): JSX.Element {
  const now = value === null ? undefined : percent(value);
  return (
    <div class={`progress is-${kind}${now === undefined ? ' is-open' : ''}`} role="progressbar" aria-label={label}
      aria-valuemin={0} aria-valuemax={100} aria-valuenow={now}>
      <div class="progress-bar" style={now === undefined ? {} : { transform: `scaleX(${now / 100})` }} />
    </div>
  );
}
