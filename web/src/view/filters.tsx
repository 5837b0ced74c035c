import type { JSX } from 'preact';
import type { Filter } from '../state.ts';
import { filter_names } from '../words.ts';

export function Filters({ chosen, choose }: { chosen: Filter; choose: (filter: Filter) => void }): JSX.Element {
  return (
    <nav class="filters" aria-label="Kinds of files">
      {(Object.keys(filter_names) as Filter[]).map((filter) => (
        <button key={filter} type="button" class="filter" aria-pressed={filter === chosen} onClick={() => choose(filter)}>
          {filter_names[filter]}
        </button>
      ))}
    </nav>
  );
}
