// Sending files, with Uppy: one request per file, a few at a time, tried again when the network fails.
import Uppy, { type UppyFile } from '@uppy/core';
import DropTarget from '@uppy/drop-target';
import XHRUpload from '@uppy/xhr-upload';
import { refusal } from './api.ts';
import type { FileRecord } from './types.ts';

type Meta = Record<string, unknown>;
type Body = Record<string, unknown>;
type Chosen = UppyFile<Meta, Body>;

interface Listener {
  on_chosen: (key: string, name: string, bytes: number, media_type: string) => void;
  on_sent: (key: string, bytes: number) => void;
  on_answered: (key: string, record: FileRecord) => void;
  /** `again`: it will be tried again without anybody's doing. */
  on_refused: (key: string, problem: string, again: boolean) => void;
  /** The answer did not arrive, and no reconnection will be noticed: look whether the file did. */
  on_lost_answer: () => void;
}

export interface Uploads {
  add: (files: Iterable<File>) => void;
  retry: (key: string) => void;
  /** Stops sending it, and forgets it. */
  drop: (key: string) => void;
  /** Those that never got an answer, though the server may have them. */
  interrupted: () => string[];
}

const at_once = 3;
/** Tries after an answer was lost, not counting those that follow a reconnection. */
const most_tries = 3;
const busy = new Set([429, 503]);
/** No answer, or that of a proxy which lost its server. */
const lost = new Set([0, 502, 504]);
const longest_wait_s = 120;

export function start_uploads(listener: Listener): Uploads {
  let number = 0;
  const interrupted = new Map<string, number>();
  const whole = new WeakSet<XMLHttpRequest>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const uppy = new Uppy<Meta, Body>({
    autoProceed: true,
    logger: { debug: () => undefined, warn: () => undefined, error: () => undefined }, // Cards say it.
    // Uppy takes two files of one name and size for the same; here each is a new upload.
    onBeforeFileAdded: (file) => ({ ...file, id: `${file.id}-${++number}` }),
  });
  uppy.use(XHRUpload, {
    endpoint: '/v1/files',
    method: 'POST',
    formData: true,
    fieldName: 'file',
    allowedMetaFields: [],
    headers: { Accept: 'application/json' },
    onBeforeRequest: (xhr, _again, files) => {
      files.forEach((file) => listener.on_sent(file.id, 0));
      xhr.upload.addEventListener('load', () => whole.add(xhr));
    },
    limit: at_once,
    // A body that broke off was not taken, so it may be sent again at once. When all of it had left,
    // the server may have the file although its answer is lost: first see what the events say.
    shouldRetry: (xhr) => xhr.status === 0 && !whole.has(xhr),
    getResponseData: (xhr) => JSON.parse(xhr.responseText) as Body,
  });
  uppy.use(DropTarget, { target: document.body });

  const retry = (key: string): void => {
    clearTimeout(timers.get(key));
    timers.delete(key);
    if (!uppy.getFile(key)) return;
    listener.on_sent(key, 0);
    // Its outcome arrives as an event; the promise would only repeat it.
    uppy.retryUpload(key).catch(() => undefined);
  };

  uppy.on('file-added', (file) => listener.on_chosen(file.id, file.name, file.size ?? 0, file.type));
  uppy.on('upload-progress', (file, progress) => {
    if (file) listener.on_sent(file.id, Number(progress.bytesUploaded) || 0);
  });
  uppy.on('upload-success', (file, response) => {
    if (!file) return;
    const body = response.body as unknown as FileRecord | { files: FileRecord[] };
    const record = 'files' in body ? body.files[0] : body;
    if (record) listener.on_answered(file.id, record);
    interrupted.delete(file.id);
    uppy.removeFile(file.id);
  });
  uppy.on('upload-error', (file, _error, response) => {
    if (file) refused(file, response as unknown as XMLHttpRequest | undefined);
  });

  function refused(file: Chosen, xhr: XMLHttpRequest | undefined): void {
    const status = xhr?.status ?? 0;
    const problem = refusal(status, status === 0 ? '' : xhr?.responseText ?? '').message;
    if (lost.has(status)) {
      const tries = (interrupted.get(file.id) ?? 0) + 1;
      interrupted.set(file.id, tries);
      if (tries <= most_tries) listener.on_lost_answer();
    } else {
      interrupted.delete(file.id);
    }
    if (busy.has(status)) {
      const wait_s = Math.min(Number(xhr?.getResponseHeader('Retry-After')) || 5, longest_wait_s);
      timers.set(file.id, setTimeout(() => retry(file.id), wait_s * 1000));
    }
    listener.on_refused(file.id, problem, busy.has(status));
  }

  return {
    retry,
    interrupted: () => [...interrupted.keys()],
    add: (files) => uppy.addFiles([...files].map((file) => ({ name: file.name, type: file.type, data: file, source: 'page' }))),
    drop: (key) => {
      clearTimeout(timers.get(key));
      interrupted.delete(key);
      if (uppy.getFile(key)) uppy.removeFile(key);
    },
  };
}
