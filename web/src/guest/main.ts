// The page of a share: for people without an account. It knows one address, its own, and asks for nothing else.
import { make } from './dom.ts';
import { inbox } from './inbox.ts';
import { pictures } from './pictures.ts';
import { Refusal, type Share, files, share, unlock } from './share.ts';
import '../style/guest.css';

const main = document.querySelector('main') as HTMLElement;

const show = (...parts: (Node | string)[]): void => main.replaceChildren(...parts);

function say(heading: string, sentence: string): void {
  show(make('h1', {}, heading), make('p', { role: 'status' }, sentence));
}

function ask_password(): void {
  const field = make('input', { type: 'password', id: 'password', autocomplete: 'off', required: true });
  const problem = make('p', { role: 'alert', class: 'is-bad' });
  const form = make('form', { 'aria-label': 'Password' },
    make('label', { for: 'password' }, 'This share asks for a password'), field, problem, make('button', { type: 'submit' }, 'Open'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    problem.textContent = '';
    void unlock(field.value).then(open, (error: Refusal) => { problem.textContent = error.message; });
  });
  show(make('h1', {}, 'Shared files'), form);
  field.focus();
}

async function present(what: Share): Promise<void> {
  const title = what.name || (what.allow === 'upload' ? 'Send files' : 'Shared files');
  document.title = title;
  const until = what.expires_at ? `Open until ${new Date(what.expires_at).toLocaleString()}.` : '';
  const body = what.allow === 'upload' ? inbox(what) : pictures(await files());
  const live = what.live && what.allow !== 'upload' ? 'This is a folder as it is now: what is added to it is here, too. ' : '';
  show(make('h1', {}, title), body, make('p', { class: 'hint' }, live + until));
}

async function open(): Promise<void> {
  try {
    await present(await share());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'share_password_needed') ask_password();
    else if (error.status === 404) say('Nothing here', 'This link leads to nothing, or not any more.');
    else say('Not now', error.message);
  }
}

void open();
