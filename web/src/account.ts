// Who is at the page: signing in and out, and noticing that a session has ended or is another one's.
import { Refusal, refusal } from './api.ts';
import { type Observable, observable } from './observable.ts';
import type { Access, Question } from './state.ts';
import type { Who } from './types.ts';

/** The requests that decide it; people.ts has them. */
export interface Server {
  who: () => Promise<Who>;
  sign_in: (name: string, password: string, code: string) => Promise<void>;
  spend_link: (link: string, code: string) => Promise<void>;
  sign_out: () => Promise<void>;
  change_password: (former: string, wanted: string) => Promise<void>;
}

export interface Account extends Omit<Server, 'who' | 'sign_in'> {
  /** @param code  beside the password, if it is asked for. */
  sign_in: (name: string, password: string, code?: string) => Promise<void>;
  /** Whether the person came in by a link, and so need not know the old password to set a new one. */
  by_link: Observable<boolean>;
  access: Observable<Access>;
  /** Set while the password is asked for once more. */
  question: Observable<Question | null>;
  /** Asks the server who this is. If it is not the same person any more, the page forgets everything. */
  check: () => Promise<void>;
  /** Does something; if that needs a password given a moment ago, asks for it and does it again. */
  proven: <T>(act: () => Promise<T>) => Promise<T>;
}

export const declined = 'Nothing was changed: the password was not given.';
const without_cookies = 'This browser does not keep the session: it has to allow cookies for this page.';

const is_unknown = (answer: Who | Refusal): boolean => answer instanceof Refusal && answer.status === 401;

const is_another = (a: Who, b: Who): boolean => a.user.id !== b.user.id || a.signed_in !== b.signed_in;

/** @param forget  rids the page of all that it knows of a person. */
export function start_account(server: Server, forget: () => void): Account {
  const access = observable<Access>({ phase: 'asking' });
  const renewals = start_renewals(server);
  const question = observable<Question | null>(null);
  const by_link = observable(false);
  const ask = start_asking(question, access, renewals.renew, server);
  let checking: Promise<void> | null = null;

  async function enter(): Promise<void> {
    const answer = await renewals.who();
    // A server that cannot be reached is waited for by the page itself.
    const who = answer instanceof Refusal ? null : answer;
    access.set(is_unknown(answer) ? { phase: 'closed' } : { phase: 'open', who });
  }

  function leave(): void {
    access.set({ phase: 'asking' });
    forget();
  }

  async function check_once(): Promise<void> {
    const answer = await renewals.who();
    const now = access.get();
    if (now.phase !== 'open') return;
    if (is_unknown(answer)) leave();
    else if (answer instanceof Refusal) return;
    else if (now.who && is_another(now.who, answer)) leave();
    else access.set({ phase: 'open', who: answer });
  }

  async function come_in(act: () => Promise<void>): Promise<void> {
    await renewals.renew(act);
    await enter();
    if (access.get().phase === 'closed') throw new Error(without_cookies);
  }

  void enter();
  return {
    access, question, by_link,
    sign_in: (name, password, code = '') => come_in(() => server.sign_in(name, password, code)),
    async spend_link(link, code) {
      await come_in(() => server.spend_link(link, code));
      by_link.set(true);
    },
    async sign_out() {
      try {
        await renewals.renew(() => server.sign_out());
      } catch (error) {
        if (!(error instanceof Refusal && is_unknown(error))) throw error;
      }
      leave();
    },
    async change_password(former, wanted) {
      await renewals.renew(() => server.change_password(former, wanted));
      by_link.set(false);
    },
    check() {
      if (access.get().phase !== 'open') return Promise.resolve();
      checking ??= check_once().finally(() => { checking = null; });
      return checking;
    },
    async proven(act) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof Refusal && error.code === 'password_needed')) throw error;
      }
      await ask();
      return act();
    },
  };
}

interface Renewals {
  /** Does a request that gives the page another cookie, or takes it away. */
  renew: (act: () => Promise<void>) => Promise<void>;
  /** Who asks, or why the server does not say it. */
  who: () => Promise<Who | Refusal>;
}

/** The former cookie counts no more before the new one is here: an answer from that time says nothing. */
function start_renewals(server: Pick<Server, 'who'>): Renewals {
  let under_way: Promise<unknown> = Promise.resolve();
  let number = 0;

  // An answer that is no JSON comes from something that stands in for the server, a proxy perhaps.
  const ask = (): Promise<Who | Refusal> => server.who().catch((error: unknown) =>
    (error instanceof Refusal ? error : refusal(0, '')));

  return {
    renew(act) {
      number += 1;
      const done = act().finally(() => { number += 1; });
      under_way = Promise.allSettled([under_way, done]);
      return done;
    },
    async who() {
      for (;;) {
        await under_way;
        const before = number;
        const answer = await ask();
        if (number === before) return answer;
      }
    },
  };
}

/** @returns a function that asks for the password; its promise is kept once the password was right. */
function start_asking(question: Observable<Question | null>, access: Observable<Access>, renew: Renewals['renew'],
  server: Pick<Server, 'sign_in'>): () => Promise<void> {
  let asked: Promise<void> | null = null;
  return () => {
    const now = access.get();
    const name = now.phase === 'open' ? now.who?.user.name ?? '' : '';
    asked ??= new Promise<void>((resolve, reject) => question.set({
      name,
      give: async (password, code) => {
        await renew(() => server.sign_in(name, password, code));
        resolve();
      },
      close: () => {
        question.set(null);
        reject(new Error(declined));
      },
    })).finally(() => { asked = null; });
    return asked;
  };
}
