// What the page says of people, devices and tokens, in words and numbers.
import { Refusal } from './api.ts';
import type { Allow, Role, Scope, Share } from './types.ts';
import { size } from './words.ts';

export const role_names: Record<Role, string> = { member: 'Member', admin: 'Admin' };

export const scope_names: Record<Scope, string> = {
  upload: 'Send files',
  read: 'See and download files',
  write: 'Process files again',
  delete: 'Delete files',
  share: 'Share files',
  admin: 'Manage the server',
};

/** The scopes that a new token can be given here. */
export const offered_scopes: Scope[] = ['upload', 'read', 'write', 'delete', 'share', 'admin'];

export const allow_names: Record<Allow, string> = {
  view: 'See files',
  download: 'See and download files',
  upload: 'Send files to me',
};

/** What there is to say of a share, in its row. */
export function share_notes({ allow, files, originals, has_password, expires_at, is_open, uses, sent }: Share): string[] {
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  return [
    allow_names[allow],
    ...(sent === null ? [count(files.length, 'file')] : [`${count(sent.files, 'file')} came, ${size(sent.bytes)}`]),
    ...(originals ? ['With originals'] : []),
    ...(has_password ? ['Password'] : []),
    `Opened ${count(uses, 'time')}`,
    ...(is_open ? (expires_at === null ? [] : [`Ends ${day(expires_at)}`]) : ['Ended']),
  ];
}

/** 90 → `2 minutes`. */
export function wait_of(seconds: number): string {
  const [count, unit] = seconds < 60 ? [Math.ceil(seconds), 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** What went wrong, and when to try again if the server says it. */
export function sentence_of_error(error: unknown): string {
  if (!(error instanceof Error)) return 'Something went wrong.';
  const waits = error instanceof Refusal && error.status === 429 && error.wait_s > 0;
  return waits ? `${error.message} Try again in ${wait_of(error.wait_s)}.` : error.message;
}

// The first that matches counts: most browsers name others than themselves, too.
const browsers: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'], [/\b(OPR|Opera)\//, 'Opera'], [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'], [/\b(Chromium|Chrome|HeadlessChrome|CriOS)\//, 'Chrome'], [/\bSafari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'], [/\biPad\b/, 'iPad'], [/\bAndroid\b/, 'Android'], [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'], [/\bCrOS\b/, 'ChromeOS'], [/\bLinux\b|\bX11\b/, 'Linux'],
];

/** A `User-Agent` as people say it: `Firefox on Linux`. */
export function device_name(agent: string): string {
  const name_in = (all: [RegExp, string][]): string | undefined => all.find(([pattern]) => pattern.test(agent))?.[1];
  const program = name_in(browsers) ?? /^[\w.-]+/.exec(agent)?.[0];
  const system = name_in(systems);
  if (!program) return 'Unknown device';
  return system ? `${program} on ${system}` : program;
}

export const moment = (time: string): string => new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export const day = (time: string): string => new Date(time).toLocaleDateString(undefined, { dateStyle: 'medium' });

/** The server notes a use within the hour. */
export const last_used = (time: string | null): string => (time === null ? 'Never used' : `Last used ${moment(time)}`);

/** The day where the person is, as a date field has it. */
export function date_of(time: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** The last second of a day as a date field gives it, `2030-01-31`, where the person is; null for none. */
export function end_of_day(date: string): string | null {
  const end = new Date(`${date}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString().replace(/\.\d+/, '');
}

const gigabyte = 1e9;

/** `2.5` → 2500000000; null for an empty field, which leaves it to the server. */
export function bytes_of_gigabytes(text: string): number | null {
  const count = Number(text);
  return text.trim() === '' || !(count > 0) ? null : Math.round(count * gigabyte);
}

export const gigabytes = (bytes: number | null): string => (bytes === null ? '' : String(Number((bytes / gigabyte).toFixed(3))));
