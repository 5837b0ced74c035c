// How the state of a file on its way from this page changes. Pure, like all of store.ts.
import { cards_of } from './cards.ts';
import type { Action, Sending, State } from './state.ts';
import type { FileRecord } from './types.ts';

export function on_chosen(state: State, chosen: Extract<Action, { type: 'chosen' }>): State {
  const { key, name, bytes, media_type, now } = chosen;
  // Above everything else, whatever the clocks of the two machines say.
  const newest = cards_of(state).reduce((most, card) => Math.max(most, card.position), 0);
  const sending: Sending = {
    key, name, bytes, media_type, position: Math.max(now, newest + 1), sent: 0, speed: null,
    phase: 'waiting', problem: null, file: null, sure: false,
  };
  return { ...state, sending: [...state.sending, sending] };
}

/**
 * The event of a new file may overtake the answer to the request that sent it, or arrive when that
 * answer was lost. Taking them for one file avoids showing it twice. A wrong guess lasts until the
 * answer.
 */
export function claim(state: State, record: FileRecord): State {
  if (state.known.has(record.id) || state.sending.some((s) => s.file === record.id))
    return state;
  const name = record.name.normalize();
  const may_have_arrived = (s: Sending): boolean =>
    s.phase === 'sending' || ((s.phase === 'waiting' || s.phase === 'failed') && s.sent >= s.bytes);
  const match = state.sending.find((s) => s.file === null && may_have_arrived(s)
    && s.bytes === record.bytes && s.name.normalize() === name);
  return match ? change(state, match.key, { file: record.id }) : state;
}

export function place(state: State, key: string, id: string): State {
  const mine = state.sending.find((s) => s.key === key);
  if (!mine || (mine.sure && mine.file === id))
    return state;
  // Two equal files at once: the guess may have been the wrong way round.
  const other = state.sending.find((s) => s.file === id && s.key !== key && !s.sure);
  const swapped = other ? change(state, other.key, { file: mine.file }) : state;
  return change(swapped, key, { file: id, sure: true });
}

export function on_whole(state: State, key: string, id: string): State {
  const mine = state.sending.find((s) => s.key === key);
  return change(place(state, key, id), key, { phase: 'whole', sent: mine?.bytes ?? 0, speed: null, problem: null });
}

export function change(state: State, key: string, to: Partial<Sending>): State {
  return { ...state, sending: state.sending.map((s) => (s.key === key ? { ...s, ...to } : s)) };
}
