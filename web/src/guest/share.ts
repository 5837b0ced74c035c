// What the server says of one share: every address is below the page's own.

export interface Share {
  name: string;
  allow: 'view' | 'download' | 'upload';
  /** It is of a folder: what is in that now. */
  live: boolean;
  expires_at: string | null;
  /** What guests may still send; only if they may. */
  left?: { files: number | null; bytes: number | null; profiles: string[] | null };
}

export interface Made {
  name: string;
  media_type: string;
  width?: number;
  height?: number;
  bytes: number;
}

export interface SharedFile {
  id: string;
  name: string;
  /** Path of the folder that it is in below the shared one; null if no folder is shared. */
  folder: string | null;
  profile: string;
  status: string;
  preview: Made | null;
  renditions: Made[];
  content: string | null;
  archive: string | null;
}

export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, sentence: string) {
    super(sentence);
  }
}

const root = location.pathname.replace(/\/+$/, '');

export const at = (...names: string[]): string => [root, ...names.map(encodeURIComponent)].join('/');

export function refusal(status: number, text: string): Refusal {
  try {
    const { code, detail } = JSON.parse(text) as { code: string; detail: string };
    return new Refusal(status, code, detail);
  } catch {
    return new Refusal(status, '', status === 0 ? 'The server cannot be reached.' : 'The server did not understand.');
  }
}

async function request(path: string, options: RequestInit = {}): Promise<Response> {
  const answer = await fetch(path, { cache: 'no-store', ...options }).catch(() => { throw refusal(0, ''); });
  if (!answer.ok) throw refusal(answer.status, await answer.text());
  return answer;
}

export const share = async (): Promise<Share> => (await request(at('share'))).json() as Promise<Share>;

/** All of them, page by page. */
export async function files(): Promise<SharedFile[]> {
  const all: SharedFile[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { files: SharedFile[]; cursor: string | null } = await (await request(`${at('files')}${cursor && `?cursor=${cursor}`}`)).json();
    all.push(...page.files);
    cursor = page.cursor;
  }
  return all;
}

export async function unlock(password: string): Promise<void> {
  await request(at('password'), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ password }) });
}
