import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { User } from '../../types.ts';
import { size } from '../../words.ts';
import { Dialog } from '../dialog.tsx';
import { Outcome, type Submit, text_in, use_doing } from '../form.tsx';
import { shown_name } from './button.tsx';

interface Props {
  user: User;
  /** Those who can get the files, the one who asks first. */
  heirs: User[];
  removal: Removal;
}

/** Of one user; without an heir the files are deleted. */
export interface Removal {
  remove: (heir: User | null) => Promise<void>;
  /** Shows that it is done, once nothing stands before the list any more. */
  show: (heir: User | null) => Promise<void>;
}

/** Asks what becomes of the files before anything happens: it cannot be undone. */
export function RemoveUser({ user, heirs, removal }: Props): JSX.Element {
  const [asks, ask] = useState(false);
  return (
    <div class="form">
      <button type="button" class="button is-small is-danger" aria-haspopup="dialog" onClick={() => ask(true)}>Remove {user.name}</button>
      {asks && <RemovalQuestion user={user} heirs={heirs} removal={removal} close={() => ask(false)} />}
    </div>
  );
}

type Fate = 'delete' | 'hand-over';

const fates: { is: Fate; choice: string; button: string }[] = [
  { is: 'delete', choice: 'Delete them', button: 'and delete the files' },
  { is: 'hand-over', choice: 'Hand them over', button: 'and hand over the files' },
];

function RemovalQuestion({ user: { name, used }, heirs, removal, close }: Props & { close: () => void }): JSX.Element {
  const doing = use_doing();
  const [fate, choose] = useState<Fate | null>(null);
  const submit = (event: Submit): void => {
    event.preventDefault();
    const sent = event.currentTarget;
    const chosen = text_in(sent, 'heir');
    const heir = fate === 'delete' ? null : heirs.find(({ id }) => id === chosen);
    void doing.run(async () => {
      if (heir === undefined) throw new Error('Choose who gets the files.');
      await removal.remove(heir);
      sent.closest('dialog')?.close();
      await removal.show(heir);
    });
  };
  return (
    <Dialog kind="question" label={`Remove ${name}`} on_close={close}>
      <form class="form" aria-label={`Remove ${name}`} onSubmit={submit}>
        <h2>Remove {name}?</h2>
        <p>{name} is signed out at once, and all tokens and shares of {name} end. This cannot be undone.</p>
        <fieldset class="choices">
          <legend>The files of {name}, {size(used)}</legend>
          {fates.map(({ is, choice }) => (
            <label key={is}><input type="radio" name="files" value={is} required checked={fate === is} onChange={() => choose(is)} />{choice}</label>
          ))}
        </fieldset>
        {fate === 'hand-over' && <Heir heirs={heirs} folder={name} />}
        <Outcome doing={doing} />
        <button type="submit" class="button is-final" aria-disabled={doing.busy}>
          {doing.busy ? 'Removing' : ['Remove', name, fates.find(({ is }) => is === fate)?.button].filter(Boolean).join(' ')}
        </button>
      </form>
    </Dialog>
  );
}

function Heir({ heirs, folder }: { heirs: User[]; folder: string }): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>To whom</label>
      <select id={id} class="field-input" name="heir" aria-describedby={`${id}-hint`}>
        {heirs.map((one) => <option key={one.id} value={one.id}>{shown_name(one)}</option>)}
      </select>
      <p class="field-hint" id={`${id}-hint`}>They come into a folder called {folder}, and count for the new owner.</p>
    </div>
  );
}
