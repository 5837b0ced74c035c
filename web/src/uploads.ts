// Sending files with tus, by way of Uppy: a few at a time, and each goes on where it was after its
// connection, the server or this page was gone for a while.
import Uppy, { type UppyFile } from '@uppy/core';
import DropTarget from '@uppy/drop-target';
import Tus from '@uppy/tus';
import { refusal, remove } from './api.ts';
import { url_of } from './place.ts';
import { start_meter } from './speed.ts';

type Meta = Record<string, unknown>;
type Body = { xhr: XMLHttpRequest };
type Chosen = UppyFile<Meta, Body>;

interface Listener {
  on_chosen: (key: string, name: string, bytes: number, media_type: string) => void;
  /** The server keeps it under this id. */
  on_placed: (key: string, id: string) => void;
  /** @param speed  bytes a second, or null while it is too early to say. */
  on_sent: (key: string, bytes: number, speed: number | null) => void;
  on_whole: (key: string, id: string) => void;
  /** `again`: it will be tried again by itself. */
  on_refused: (key: string, problem: string, again: boolean) => void;
}

export interface Uploads {
  add: (files: Iterable<File>) => void;
  retry: (key: string) => void;
  pause: (key: string, paused: boolean) => void;
  /** Stops sending it, and has the server forget it. */
  drop: (key: string) => void;
  /** Goes on with what was given up while the server was away. */
  resume_lost: () => void;
}

const at_once = 3;
/** Up to here a file travels with the request that announces it: sent anew, it would cost no more than that. */
const small_bytes = 1 << 20;
/** Ten minutes, counted anew whenever something has arrived. After that, reconnecting starts it again. */
const retry_delays_ms = [500, 1_000, 2_000, 3_000, ...Array<number>(120).fill(5_000)];
const busy = new Set([429, 503]);
/** No answer, or that of a proxy which lost its server; too slow a network; another request that has the upload. */
const passing = new Set([0, 408, 409, 423, 502, 504]);
const longest_wait_s = 120;

const id_in = (url: string): string => decodeURIComponent(url.replace(/[?#].*$/, '').split('/').at(-1) ?? '');
const key_of = (file: Chosen): string => String(file.meta.key);

/** For the server to know a repeated request by. Not randomUUID: that one is missing without TLS. */
function random_key(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

type TusOptions = ConstructorParameters<typeof Tus<Meta, Body>>[1];
type TusError = Parameters<NonNullable<TusOptions['onShouldRetry']>>[0];

/** @param is_passing  says of a failed request whether it may be tried again. */
function create_uppy(is_passing: (key: string, error: TusError) => boolean, before_request: TusOptions['onBeforeRequest']): Uppy<Meta, Body> {
  let number = 0;
  const uppy = new Uppy<Meta, Body>({
    autoProceed: true,
    logger: { debug: () => undefined, warn: () => undefined, error: () => undefined }, // Cards say it.
    // Uppy's id is what an upload is found again by when its file is chosen after a reload. For
    // Uppy two files of one name, size and date are the same; here each is an upload of its own.
    onBeforeFileAdded(file, files) {
      let id = file.id;
      for (let copy = 2; Object.hasOwn(files, id); copy += 1) id = `${file.id}-${copy}`;
      const key = `upload-${++number}`;
      const meta = { ...file.meta, key, request: random_key(), filename: file.name, filetype: file.type, lastModified: (file.data as File).lastModified };
      const tus: TusOptions = {
        uploadDataDuringCreation: (file.size ?? 0) <= small_bytes,
        onShouldRetry: (error, _tries, _options, next) => is_passing(key, error) && next(error),
      };
      return { ...file, id, meta, tus } as Chosen;
    },
  });
  uppy.use(Tus<Meta, Body>, {
    endpoint: url_of('/v1/files'),
    allowedMetaFields: ['filename', 'filetype', 'lastModified'],
    retryDelays: retry_delays_ms,
    removeFingerprintOnSuccess: true,
    limit: at_once,
    onBeforeRequest: before_request,
  });
  return uppy.use(DropTarget, { target: document.body });
}

export function start_uploads(listener: Listener): Uploads {
  const given_up = new Set<string>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const meters = new Map<string, ReturnType<typeof start_meter>>();
  const uppy = create_uppy(is_passing, (request, file) => {
    if (request.getMethod() === 'POST') request.setHeader('Idempotency-Key', String(file.meta.request));
    if (request.getMethod() === 'PATCH') listener.on_placed(key_of(file), id_in(request.getURL()));
  });

  const file_of = (key: string): Chosen | undefined => uppy.getFiles().find((file) => key_of(file) === key);
  const forget = (key: string): void => {
    clearTimeout(timers.get(key));
    timers.delete(key);
    meters.delete(key);
    given_up.delete(key);
  };
  const retry = (key: string): void => {
    forget(key);
    const file = file_of(key);
    if (!file) return;
    listener.on_sent(key, 0, null);
    // Its outcome arrives as an event; the promise would only repeat it.
    uppy.retryUpload(file.id).catch(() => undefined);
  };

  /** What goes away by itself is tried again by tus; anything else is for refused() to judge. */
  function is_passing(key: string, { originalResponse }: TusError): boolean {
    const status = originalResponse?.getStatus() ?? 0;
    if (!passing.has(status)) return false;
    meters.delete(key);
    if (file_of(key)) listener.on_refused(key, refusal(0, '').message, true);
    return true;
  }

  uppy.on('file-added', (file) => listener.on_chosen(key_of(file), file.name, file.size ?? 0, file.type));
  uppy.on('upload-progress', (file, progress) => {
    if (!file) return;
    const key = key_of(file);
    const bytes = Number(progress.bytesUploaded) || 0;
    const meter = meters.get(key) ?? start_meter();
    meters.set(key, meter);
    listener.on_sent(key, bytes, meter(bytes, performance.now()));
  });
  uppy.on('upload-success', (file, response) => {
    if (!file) return;
    const key = key_of(file);
    forget(key);
    listener.on_whole(key, id_in(response.uploadURL ?? ''));
    // Only when Uppy has let go of it: removing a file that is being sent deletes it at the server.
    queueMicrotask(() => uppy.removeFile(file.id));
  });
  uppy.on('upload-error', (file, _error, response) => {
    if (file) refused(key_of(file), response?.body?.xhr);
  });

  function refused(key: string, xhr: XMLHttpRequest | undefined): void {
    const status = xhr?.status ?? 0;
    if (passing.has(status)) given_up.add(key);
    if (busy.has(status)) {
      const wait_s = Math.min(Number(xhr?.getResponseHeader('Retry-After')) || 5, longest_wait_s);
      timers.set(key, setTimeout(() => retry(key), wait_s * 1000));
    }
    listener.on_refused(key, refusal(status, xhr?.responseText ?? '').message, busy.has(status));
  }

  return {
    retry,
    resume_lost: () => [...given_up].forEach(retry),
    add: (files) => uppy.addFiles([...files].map((file) => ({ name: file.name, type: file.type, data: file, source: 'page' }))),
    pause(key, paused) {
      const file = file_of(key);
      meters.delete(key);
      if (file && (file.isPaused ?? false) !== paused) uppy.pauseResume(file.id);
    },
    drop(key) {
      const file = file_of(key);
      forget(key);
      if (!file) return;
      // Uppy tells the server of those it is sending, and of no others.
      const left = file.error ? file.tus?.uploadUrl : null;
      uppy.removeFile(file.id);
      if (left) remove(id_in(left)).catch(() => undefined);
    },
  };
}
