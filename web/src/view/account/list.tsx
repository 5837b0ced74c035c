// A list of the server's that is read when it is first shown, and again after a change.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { sentence_of_error } from '../../people_words.ts';

export interface List<T> {
  /** Null until it is here. */
  items: T[] | null;
  problem: string;
  reload: () => Promise<void>;
}

export function use_list<T>(load: () => Promise<T[]>): List<T> {
  const [now, set] = useState<{ items: T[] | null; problem: string }>({ items: null, problem: '' });
  const reload = (): Promise<void> => load().then((items) => set({ items, problem: '' }),
    (error: unknown) => set(({ items }) => ({ items, problem: sentence_of_error(error) })));
  useEffect(() => void reload(), []);
  return { ...now, reload };
}

/** What stands in place of a list that is not here, or is empty. */
export function ListState({ list: { items, problem }, empty }: { list: List<unknown>; empty: string }): JSX.Element {
  const says = problem || (items?.length === 0 ? empty : '');
  return <p class={problem ? 'outcome is-bad' : 'hint'} role="status">{says}</p>;
}
