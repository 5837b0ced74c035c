// Line icons on a grid of 24; decoration only, hidden from screen readers.
import type { JSX } from 'preact';

// Each profile has one of its name.
const paths = {
  image: 'M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v11a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 17.5zM4.5 17l4.2-4.6a1.5 1.5 0 0 1 2.2 0L17.5 19.6M14 14.5l1.4-1.5a1.5 1.5 0 0 1 2.2 0l2.2 2.4M15 8.6h.01',
  video: 'M3.5 7.5A2.5 2.5 0 0 1 6 5h7a2.5 2.5 0 0 1 2.5 2.5v9A2.5 2.5 0 0 1 13 19H6a2.5 2.5 0 0 1-2.5-2.5zM15.5 10.5l5-3v9l-5-3',
  audio: 'M4 10.5v3M8 7v10M12 4v16M16 8v8M20 10.5v3',
  document: 'M6 5.5A2.5 2.5 0 0 1 8.5 3H13l5 5v10.5a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 6 18.5zM13 3v5h5M9.5 12.5h5M9.5 16h5',
  other: 'M12 3l8 4.2v9.6L12 21l-8-4.2V7.2zM4 7.2l8 4.3 8-4.3M12 11.5V21',
  upload: 'M12 16V4.5M7 9l5-5 5 5M4.5 15.5v2A2.5 2.5 0 0 0 7 20h10a2.5 2.5 0 0 0 2.5-2.5v-2',
  download: 'M12 4v11.5M7 11l5 5 5-5M4.5 19.5h15',
  archive: 'M4 8h16v9.5a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 17.5zM5.5 4h13L20 8H4zM10 12h4',
  close: 'M6 6l12 12M18 6L6 18',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  play: 'M8 5.5v13l10.5-6.5z',
  retry: 'M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5V8H15',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 11a2 2 0 0 0 2 2h5.4a2 2 0 0 0 2-2l.8-11M10.5 11v5M13.5 11v5',
  left: 'M14.5 5.5L8 12l6.5 6.5',
  right: 'M9.5 5.5L16 12l-6.5 6.5',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  warning: 'M12 8.5v4.5M12 16.5h.01M10.3 4.6L3.2 17a2 2 0 0 0 1.7 3h14.2a2 2 0 0 0 1.7-3L13.7 4.6a2 2 0 0 0-3.4 0z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor"
      stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
