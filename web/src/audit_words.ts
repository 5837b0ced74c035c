// What the page says of what people did.
import { moment } from './people_words.ts';
import type { Noted } from './types.ts';

/** What each kind of act is called, with the words behind the name of who did it. */
const acts = new Map<string, (about: string) => string>(Object.entries({
  'session.begun': () => 'signed in',
  'session.left': () => 'signed out',
  'session.ended': () => 'signed out a device',
  'password.changed': () => 'changed the password',
  'token.made': (name) => `made the token ${name}`,
  'token.ended': (name) => `removed the token ${name}`,
  'user.added': (name) => `added the user ${name}`,
  'user.changed': (name) => `changed the user ${name}`,
  'user.removed': (name) => `removed the user ${name}`,
  'file.deleted': () => 'deleted a file',
  'notice.sent': () => 'sent a notice',
  'share.made': () => 'shared files',
  'share.changed': () => 'changed a share',
  'share.ended': () => 'took a share back',
  'server.reloaded': () => 'had the certificate read again',
}));

/** Of these `about` is an id, which the sentence leaves out. */
const about_ids = new Set(['file.deleted', 'share.made', 'share.changed', 'share.ended', 'share.refused']);

const times = (count: number): string => (count === 1 ? '' : `, ${count} times`);

export const is_refusal = ({ act }: Noted): boolean => act.endsWith('.refused');

/** `ada added the user bob`. */
export function sentence_of_act({ act, user, about, count }: Noted): string {
  if (act === 'session.refused')
    return `A wrong password for ${about ?? 'a name that nobody has'}${times(count)}`;
  if (act === 'share.refused')
    return `A wrong password for a share${times(count)}`;
  const words = acts.get(act)?.(about ?? '') ?? [act, about].filter(Boolean).join(' ');
  return `${user?.name ?? 'Somebody'} ${words}${times(count)}`;
}

/** When, from where, and the id of what it was done to. */
export function notes_of_act({ act, at, address, about }: Noted): string[] {
  return [moment(at), address ?? 'On the machine itself', ...(about !== null && about_ids.has(act) ? [about] : [])];
}
