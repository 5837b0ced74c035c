import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Card as CardOf } from '../cards.ts';
import type { Session } from '../session.ts';
import type { Filter } from '../state.ts';
import { filter_names } from '../words.ts';
import { Card } from './card.tsx';

interface Props {
  cards: CardOf[];
  loading: boolean;
  /** The server has older ones. */
  more: boolean;
  filter: Filter;
  session: Session;
}

export function Gallery({ cards, loading, more, filter, session }: Props): JSX.Element {
  const [fetching, set_fetching] = useState(false);
  const load_more = async (): Promise<void> => {
    set_fetching(true);
    await session.load_more();
    set_fetching(false);
  };
  return (
    <section aria-label="Files" aria-busy={loading}>
      {cards.length === 0 && !loading && (
        <p class="nothing">{filter === 'all' ? 'No files here.' : `No ${filter_names[filter].toLowerCase()} files yet.`}</p>
      )}
      <ul class="cards">
        {cards.map((card) => <Card key={card.key} card={card} session={session} />)}
        {loading && cards.length === 0 && Array.from({ length: 6 }, (_, i) => <li key={i} class="card is-ghost" aria-hidden="true" />)}
      </ul>
      {more && (
        <button type="button" class="button load-more" disabled={fetching} onClick={() => void load_more()}>
          {fetching ? 'Loading' : 'Load more'}
        </button>
      )}
    </section>
  );
}
