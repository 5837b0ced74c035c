import type { JSX } from 'preact';
import type { FileRecord } from '../types.ts';
import { activity, percent } from '../words.ts';
import { Icon } from './icons.tsx';
import { Progress } from './progress.tsx';

/** One line that says where the file stands. */
export function StateLine({ record }: { record: FileRecord }): JSX.Element {
  const doing = activity(record);
  if (doing)
    return (
      <p class="state">
        {doing}
        {record.progress > 0 && <span class="state-percent">{percent(record.progress)} %</span>}
      </p>
    );
  if (record.status === 'failed')
    return <p class="state is-bad"><Icon name="warning" size={16} />{record.failure?.message ?? 'Processing failed.'}</p>;
  if (record.status === 'cancelled')
    return <p class="state"><Icon name="close" size={16} />Cancelled</p>;
  return <p class="state is-good"><Icon name="check" size={16} />Ready</p>;
}

/** How far the processing is; nothing once it is over. */
export function ProcessingProgress({ record }: { record: FileRecord }): JSX.Element | null {
  const doing = activity(record);
  const known = record.progress > 0;
  if (!doing || (record.status === 'receiving' && !known)) return null;
  return <Progress kind="processing" label={`${record.name}: ${doing}`} value={known ? record.progress : null} />;
}
