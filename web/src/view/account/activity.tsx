import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { is_refusal, notes_of_act, sentence_of_act } from '../../audit_words.ts';
import * as people from '../../people.ts';
import type { Audit, Noted } from '../../types.ts';
import { Outcome, use_doing } from '../form.tsx';

/** What people did on this server, for admins: the newest first, and more of it when it is asked for. */
export function Activity(): JSX.Element {
  const doing = use_doing();
  const [shown, show] = useState<Audit | null>(null);
  const end = useRef<HTMLParagraphElement>(null);
  const read = (): void => void doing.run(async () => show(await people.audit(null)));
  const read_on = ({ items, cursor }: Audit): void => void doing.run(async () => {
    const more = await people.audit(cursor);
    show({ items: [...items, ...more.items], cursor: more.cursor });
    // The button has gone.
    if (more.cursor === null) end.current?.focus();
  });
  return (
    <section class="account-part" aria-label="Activity">
      <details onToggle={(event) => { if (event.currentTarget.open) read(); }}>
        <summary><h3>Activity</h3></summary>
        <ul class="things is-dense">{shown?.items.map((noted) => <Act key={noted.id} noted={noted} />)}</ul>
        <Outcome doing={doing} />
        {shown?.cursor && <button type="button" class="button is-small" aria-disabled={doing.busy} onClick={() => read_on(shown)}>Show earlier</button>}
        <p ref={end} class="hint" tabIndex={-1}>{shown !== null && shown.cursor === null && 'That is all that is kept.'}</p>
      </details>
    </section>
  );
}

function Act({ noted }: { noted: Noted }): JSX.Element {
  return (
    <li class="thing">
      <div class="thing-text">
        <p class="thing-act">{sentence_of_act(noted)}{is_refusal(noted) && <span class="mark is-bad">Refused</span>}</p>
        <p class="thing-notes">{notes_of_act(noted).join(' · ')}</p>
      </div>
    </li>
  );
}
