import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { list as list_files } from '../../api.ts';
import type { WantedShare } from '../../people.ts';
import { allow_names, bytes_of_gigabytes, date_of, end_of_day } from '../../people_words.ts';
import type { Allow, FileRecord } from '../../types.ts';
import { Field, Outcome, type Submit, text_in, use_doing } from '../form.tsx';
import { ListState, use_list } from './list.tsx';

const kinds: Allow[] = ['view', 'download', 'upload'];

const newest = async (): Promise<FileRecord[]> => (await list_files('all', null)).files;

/** What the form says, as the server wants it. */
function wanted_in(form: HTMLFormElement, allow: Allow): WantedShare {
  const common = { name: text_in(form, 'name').trim(), allow, expires_at: end_of_day(text_in(form, 'ends')), password: text_in(form, 'password') };
  if (allow === 'upload') {
    const files = Number(text_in(form, 'most'));
    return { ...common, limits: { files: files > 0 ? Math.round(files) : null, bytes: bytes_of_gigabytes(text_in(form, 'room')) } };
  }
  const chosen = new FormData(form);
  const files = chosen.getAll('file') as string[];
  if (files.length === 0) throw new Error('Choose the files first.');
  return { ...common, files, ...(allow === 'download' ? { originals: chosen.has('originals') } : {}) };
}

export function NewShare({ make }: { make: (wanted: WantedShare) => Promise<void> }): JSX.Element {
  const doing = use_doing();
  const [allow, set_allow] = useState<Allow>('view');
  const [is_open, set_open] = useState(false);
  const submit = (event: Submit): void => {
    event.preventDefault();
    const form = event.currentTarget;
    void doing.run(async () => {
      await make(wanted_in(form, allow));
      form.reset();
      set_allow('view');
    });
  };
  return (
    <details onToggle={(event) => set_open(event.currentTarget.open)}>
      <summary>New share</summary>
      <form class="form" aria-label="New share" onSubmit={submit}>
        <fieldset class="choices">
          <legend>Guests may</legend>
          {kinds.map((kind) => (
            <label key={kind}><input type="radio" name="allow" value={kind} checked={allow === kind} onChange={() => set_allow(kind)} />{allow_names[kind]}</label>
          ))}
        </fieldset>
        {allow !== 'upload' && is_open && <Files />}
        {allow === 'download' && (
          <div class="choices">
            <label><input type="checkbox" name="originals" />Give the originals, with the place, the camera and all else that is in them</label>
          </div>
        )}
        {allow === 'upload' && (
          <>
            <Field label="Most files" name="most" type="number" min="1" hint="Without a number there is no limit." />
            <Field label="Most gigabytes" name="room" type="number" min="0" hint="What guests send counts for your room." />
          </>
        )}
        <Field label="What it is called" name="name" max_length={100} hint="Guests see it." />
        <Field label="Last day" name="ends" type="date" min={date_of(new Date())} hint="Without one it does not end by itself." />
        <Field label="Password" name="password" hint="At least 12 characters; guests give it first. Without one the link is enough." />
        <Outcome doing={doing} />
        <button type="submit" class="button is-small" aria-disabled={doing.busy}>Share</button>
      </form>
    </details>
  );
}

/** The newest files, of which some are chosen. */
function Files(): JSX.Element {
  const list = use_list(newest);
  return (
    <fieldset class="choices">
      <legend>Files</legend>
      <ListState list={list} empty="There are none yet." />
      {list.items?.map(({ id, name }) => <label key={id}><input type="checkbox" name="file" value={id} />{name}</label>)}
    </fieldset>
  );
}
