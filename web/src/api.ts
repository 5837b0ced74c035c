// The requests of the page, and what a refusal says.
import { url_of } from './place.ts';
import type { FileRecord, Page } from './types.ts';
import type { Filter } from './state.ts';

/** A request that was refused or never arrived; `message` is a sentence for the person at the page. */
export class Refusal extends Error {
  /** @param wait_s  after how many seconds it may be tried again; 0 if the server does not say. */
  constructor(message: string, readonly status: number, readonly code: string, readonly wait_s = 0) {
    super(message);
  }
}

export const unreachable = 'The server cannot be reached.';

/** The sentence of an RFC 9457 problem, or one made from the status. */
export function refusal(status: number, body: string, wait_s = 0): Refusal {
  if (status === 0)
    return new Refusal(unreachable, 0, 'unreachable');
  try {
    const { title, detail, code } = JSON.parse(body) as Record<string, unknown>;
    const sentence = [detail, title].find((text) => typeof text === 'string' && text !== '');
    if (sentence)
      return new Refusal(String(sentence), status, String(code ?? ''), wait_s);
  } catch {
    // A proxy's own page, perhaps: the status has to do.
  }
  return new Refusal(`The server answered with an error (${status}).`, status, '', wait_s);
}

/** What is done when the server does not know any more who asks. */
let when_unknown = (): void => undefined;
export function on_unknown_caller(act: () => void): void {
  when_unknown = act;
}

const of_signing_in = new Set(['wrong_password', 'code_needed', 'wrong_code', 'wrong_link']);

export async function request(method: string, path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url_of(path), { method, headers: { Accept: 'application/json' }, ...options });
  } catch {
    throw refusal(0, '');
  }
  if (response.ok)
    return response;
  const why = refusal(response.status, await response.text().catch(() => ''), Number(response.headers.get('Retry-After')) || 0);
  // A wrong password is refused by the same status, and says nothing of the session.
  if (why.status === 401 && !of_signing_in.has(why.code)) when_unknown();
  throw why;
}

const page_size = 48;

export async function list(filter: Filter, cursor: string | null): Promise<Page> {
  const query = new URLSearchParams({ limit: String(page_size) });
  if (filter !== 'all') query.set('profile', filter);
  if (cursor !== null) query.set('cursor', cursor);
  return (await request('GET', `/v1/files?${query}`)).json() as Promise<Page>;
}

export async function get(id: string): Promise<FileRecord> {
  return (await request('GET', `/v1/files/${encodeURIComponent(id)}`)).json() as Promise<FileRecord>;
}

export async function cancel(id: string): Promise<void> {
  await request('POST', `/v1/files/${encodeURIComponent(id)}/cancel`);
}

export async function retry(id: string): Promise<void> {
  await request('POST', `/v1/files/${encodeURIComponent(id)}/retry`);
}

/** `keepalive`: the request outlives the page. */
export async function remove(id: string, keepalive = false): Promise<void> {
  await request('DELETE', `/v1/files/${encodeURIComponent(id)}`, { keepalive });
}

/** The beginning of a text, at most `limit` bytes, and whether that is all of it. */
export async function read_text(url: string, limit: number): Promise<{ text: string; whole: boolean }> {
  const response = await request('GET', url, { headers: { Range: `bytes=0-${limit - 1}` } });
  const total = Number(/\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1] ?? 0);
  // A character cut in two at the end becomes U+FFFD; without a BOM texts are UTF-8.
  const text = (await response.text()).replace(/\uFFFD+$/, '');
  return { text, whole: response.status !== 206 || total <= limit };
}
