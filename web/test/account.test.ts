import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Account, type Server, declined, start_account } from '../src/account.ts';
import { Refusal, unreachable } from '../src/api.ts';
import type { Who } from '../src/types.ts';

const person = (name: string, signed_in = true): Who => ({
  user: { id: `id of ${name}`, name, display_name: '', role: 'member' }, signed_in, scopes: ['read'], quota: { used: 0, limit: null },
});
const unknown = new Refusal('Sign in first.', 401, 'unauthenticated');
const wrong = new Refusal('The name or the password is wrong.', 401, 'wrong_password');
const gone = new Refusal(unreachable, 0, 'unreachable');
const needed = new Refusal('Sign in again first.', 403, 'password_needed');

/** A server that says of the asker what a test has it say. */
class Fake implements Server {
  answer: Who | Refusal;
  passwords: string[] = [];
  constructor(answer: Who | Refusal) { this.answer = answer; }
  who = async (): Promise<Who> => {
    if (this.answer instanceof Refusal) throw this.answer;
    return this.answer;
  };
  sign_in = async (name: string, password: string): Promise<void> => {
    this.passwords.push(password);
    if (password !== 'right') throw wrong;
    this.answer = person(name);
  };
  spend_link = async (link: string): Promise<void> => {
    if (link !== 'right') throw wrong;
    this.answer = person('ada');
  };
  sign_out = async (): Promise<void> => { this.answer = unknown; };
  change_password = async (): Promise<void> => undefined;
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** An account whose server has been asked, and how often the page was told to forget everything. */
async function start(server: Server): Promise<{ account: Account; forgotten: () => number }> {
  let times = 0;
  const account = start_account(server, () => { times += 1; });
  await settled();
  return { account, forgotten: () => times };
}

test('a page of a server where nobody signs in is open', async () => {
  const { account } = await start(new Fake(person('local', false)));
  assert.deepEqual(account.access.get(), { phase: 'open', who: person('local', false) });
});

test('a page whose server does not know the asker is closed, until the password is right', async () => {
  const { account, forgotten } = await start(new Fake(unknown));
  assert.equal(account.access.get().phase, 'closed');
  await assert.rejects(account.sign_in('ada', 'guess'), wrong);
  assert.equal(account.access.get().phase, 'closed');
  await account.sign_in('ada', 'right');
  assert.deepEqual(account.access.get(), { phase: 'open', who: person('ada') });
  assert.equal(forgotten(), 0);
});

test('a link opens the page once, and its person need not know the old password', async () => {
  const { account } = await start(new Fake(unknown));
  await assert.rejects(account.spend_link('guess', ''), wrong);
  assert.deepEqual([account.access.get().phase, account.by_link.get()], ['closed', false]);
  await account.spend_link('right', '');
  assert.deepEqual([account.access.get(), account.by_link.get()], [{ phase: 'open', who: person('ada') }, true]);
  await account.change_password('', 'a new one');
  assert.equal(account.by_link.get(), false);
});

test('a code goes beside the password', async () => {
  const server = new Fake(unknown);
  const codes: string[] = [];
  server.sign_in = async (_name: string, _password: string, code = ''): Promise<void> => { codes.push(code); server.answer = person('ada'); };
  const { account } = await start(server);
  await account.sign_in('ada', 'right');
  await account.sign_in('ada', 'right', '123456');
  assert.deepEqual(codes, ['', '123456']);
});

test('a browser that keeps no cookie is told of it', async () => {
  const server = new Fake(unknown);
  server.sign_in = async () => undefined;
  const { account } = await start(server);
  await assert.rejects(account.sign_in('ada', 'right'), /cookies/);
});

test('a server that cannot be reached, or says nonsense, leaves the page open to wait for it', async () => {
  const server = new Fake(gone);
  const { account, forgotten } = await start(server);
  assert.deepEqual(account.access.get(), { phase: 'open', who: null });
  server.who = () => Promise.reject(new SyntaxError('no JSON'));
  await account.check();
  assert.deepEqual([account.access.get().phase, forgotten()], ['open', 0]);
});

test('a session that has ended has the page forget everything, once', async () => {
  const server = new Fake(person('ada'));
  const { account, forgotten } = await start(server);
  server.answer = unknown;
  await Promise.all([account.check(), account.check()]);
  await account.check();
  assert.deepEqual([account.access.get().phase, forgotten()], ['asking', 1]);
});

test('an interruption is no end of the session', async () => {
  const server = new Fake(person('ada'));
  const { account, forgotten } = await start(server);
  server.answer = gone;
  await account.check();
  assert.deepEqual([account.access.get(), forgotten()], [{ phase: 'open', who: person('ada') }, 0]);
});

test('another person in the same browser has the page forget everything', async () => {
  const server = new Fake(person('ada'));
  const { account, forgotten } = await start(server);
  server.answer = person('bob');
  await account.check();
  assert.equal(forgotten(), 1);
});

test('signing out forgets everything, also if the session had ended before', async () => {
  for (const sign_out of [async () => undefined, () => Promise.reject(unknown)]) {
    const server = Object.assign(new Fake(person('ada')), { sign_out });
    const { account, forgotten } = await start(server);
    await account.sign_out();
    assert.equal(forgotten(), 1);
  }
});

test('a failed signing out says so and forgets nothing', async () => {
  const server = Object.assign(new Fake(person('ada')), { sign_out: () => Promise.reject(gone) });
  const { account, forgotten } = await start(server);
  await assert.rejects(account.sign_out(), gone);
  assert.deepEqual([account.access.get().phase, forgotten()], ['open', 0]);
});

test('a refusal from the moment in which the cookie changes is not taken for the end', async () => {
  const server = new Fake(person('ada'));
  const { account, forgotten } = await start(server);
  let changed = (): void => undefined;
  server.change_password = () => new Promise((resolve) => {
    server.answer = unknown;
    changed = () => { server.answer = person('ada'); resolve(); };
  });
  let answer_asker = (): void => undefined;
  const who = server.who;
  server.who = () => new Promise((_, reject) => { answer_asker = () => reject(unknown); });
  const early = account.check(); // asked before, answered during the change
  await settled();
  const change = account.change_password('old', 'new');
  answer_asker();
  server.who = who;
  await settled();
  const late = account.check(); // asked during the change
  await settled();
  changed();
  await Promise.all([early, change, late]);
  assert.deepEqual([account.access.get().phase, forgotten()], ['open', 0]);
});

test('what needs a password is done once it was given', async () => {
  const server = new Fake(person('ada'));
  const { account } = await start(server);
  let tries = 0;
  const act = async (): Promise<string> => {
    tries += 1;
    if (server.passwords.at(-1) !== 'right') throw needed;
    return 'done';
  };
  const outcome = account.proven(act);
  await settled();
  const question = account.question.get();
  assert.equal(question?.name, 'ada');
  await assert.rejects(question!.give('guess', ''), wrong);
  await question!.give('right', '');
  question!.close();
  assert.deepEqual([await outcome, tries, account.question.get()], ['done', 2, null]);
});

test('what needs a password is not done if it is not given, and can be asked for again', async () => {
  const { account } = await start(new Fake(person('ada')));
  for (let time = 0; time < 2; time += 1) {
    const outcome = account.proven(() => Promise.reject(needed));
    await settled();
    account.question.get()!.close();
    await assert.rejects(outcome, { message: declined });
    assert.equal(account.question.get(), null);
  }
});

test('another refusal does not ask for the password', async () => {
  const { account } = await start(new Fake(person('ada')));
  await assert.rejects(account.proven(() => Promise.reject(unknown)), unknown);
  assert.equal(account.question.get(), null);
});
