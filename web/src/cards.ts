// What is shown of the state, and in which order.
import type { Sending, State } from './state.ts';
import type { FileRecord, Profile } from './types.ts';

/** One card: a file being sent, one the server has, or both in turn. */
export interface Card {
  /** Stays the same while the one becomes the other. */
  key: string;
  sending: Sending | null;
  record: FileRecord | null;
  position: number;
}

const is_on_its_way = (record: FileRecord, sending: Sending | undefined): boolean =>
  record.status === 'receiving' && sending !== undefined && sending.phase !== 'whole';

export function cards_of(state: State): Card[] {
  const claimed = new Map<string, Sending>();
  const cards: Card[] = [];
  for (const sending of state.sending) {
    const record = sending.file === null ? undefined : state.known.get(sending.file)?.record;
    if (record)
      claimed.set(record.id, sending);
    // While it is sent from here, this page knows more of it than the server's record says.
    if (!record || is_on_its_way(record, sending))
      cards.push({ key: sending.key, sending, record: null, position: sending.position });
  }
  for (const { record } of state.known.values()) {
    if (is_on_its_way(record, claimed.get(record.id)))
      continue;
    const sending = claimed.get(record.id) ?? null;
    const position = sending?.position ?? Date.parse(record.created_at);
    cards.push({ key: sending?.key ?? record.id, sending, record, position });
  }
  return cards;
}

/** The cards of the chosen filter, newest first. */
export function visible_cards(state: State): Card[] {
  const listing = state.listings[state.filter];
  const shown = (card: Card): boolean => {
    const { record, sending } = card;
    if (!record)
      return state.filter === 'all' || state.filter === profile_of(sending?.media_type ?? '');
    if (state.hidden.has(record.id) || (state.filter !== 'all' && record.profile !== state.filter))
      return false;
    // Files older than what this list has reached would leave holes: they come with «load more».
    return sending !== null || !listing?.cursor || record.id >= listing.floor;
  };
  return cards_of(state).filter(shown).sort((a, b) => b.position - a.position || (a.key < b.key ? 1 : -1));
}

/** What a browser takes a file for: good enough until the server has looked inside. */
export function profile_of(media_type: string): Profile {
  const word = media_type.split('/')[0];
  if (word === 'image' || word === 'video' || word === 'audio')
    return word;
  return /^text\/|pdf|rtf|office|opendocument|ms-?(word|excel|powerpoint)|visio|mspublisher|epub|apple\.(pages|numbers|keynote)/.test(media_type) ? 'document' : 'other';
}

/** The files one can step through in detail, in the order of their cards. */
export function ids_in_order(state: State): string[] {
  return visible_cards(state).flatMap((card) => (card.record ? [card.record.id] : []));
}
