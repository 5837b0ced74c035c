// Sends one file by tus 1.0, and goes on where it was when the connection breaks.
import { type Refusal, at, refusal } from './share.ts';

const tus = { 'Tus-Resumable': '1.0.0' };
const most_tries = 5;
const pause_ms = 1_000;

interface Answer {
  status: number;
  offset: number;
  location: string | null;
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

function ask(method: string, path: string, headers: Record<string, string>, body: Blob | null = null, on_bytes?: (n: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open(method, path);
    for (const [name, value] of Object.entries({ ...tus, ...headers })) sending.setRequestHeader(name, value);
    sending.onload = () => {
      if (sending.status >= 300) return reject(refusal(sending.status, sending.responseText));
      resolve({ status: sending.status, offset: Number(sending.getResponseHeader('Upload-Offset')), location: sending.getResponseHeader('Location') });
    };
    sending.onerror = () => reject(refusal(0, ''));
    if (on_bytes) sending.upload.onprogress = ({ loaded }) => on_bytes(loaded);
    sending.send(body);
  });
}

const may_pass = ({ status }: Refusal): boolean => status === 0 || status === 409 || status === 423 || status >= 500;

/** @param on_sent  hears how many bytes are there. */
export async function send(file: File, on_sent: (bytes: number) => void): Promise<void> {
  const begun = await ask('POST', at('files'), {
    'Upload-Length': String(file.size),
    'Upload-Metadata': `filename ${base64(file.name)},mtime ${base64(String(file.lastModified))}`,
  });
  const id = begun.location?.split('/').at(-1) ?? '';
  const path = at('files', id);
  let offset = file.size === 0 ? 0 : begun.offset;
  for (let tries = 0; offset < file.size;) {
    try {
      const from = offset;
      const answer = await ask('PATCH', path, { 'Upload-Offset': String(from), 'Content-Type': 'application/offset+octet-stream' },
        file.slice(from), (bytes) => on_sent(from + bytes));
      offset = answer.offset;
    } catch (error) {
      tries += 1;
      if (!may_pass(error as Refusal) || tries === most_tries) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause_ms * tries));
      offset = await ask('HEAD', path, {}).then((answer) => answer.offset, () => offset);
    }
  }
  on_sent(file.size);
}
