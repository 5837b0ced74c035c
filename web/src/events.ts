// The live connection: one WebSocket that comes back by itself and continues where it was.
import ReconnectingWebSocket from 'partysocket/ws';
import { url_of } from './place.ts';
import type { Connection } from './state.ts';
import type { Frame } from './types.ts';

interface Listener {
  /** The newest number seen: what the next connection continues after. */
  since: () => number | null;
  on_frame: (frame: Frame) => void;
  on_connection: (connection: Connection) => void;
}

const ping_every_ms = 25_000;
const pong_within_ms = 10_000;

export function connect({ since, on_frame, on_connection }: Listener): void {
  const url = (): string => {
    const seq = since();
    return url_of(`/v1/events${seq === null ? '' : `?since=${seq}`}`).replace(/^http/, 'ws');
  };
  const socket = new ReconnectingWebSocket(url, ['mediad.events.v1'],
    { minReconnectionDelay: 400, maxReconnectionDelay: 8_000, reconnectionDelayGrowFactor: 1.6, connectionTimeout: 10_000, maxEnqueuedMessages: 0 });

  socket.addEventListener('message', ({ data }) => {
    answered();
    const frame = typeof data === 'string' ? parse_frame(data) : null;
    if (frame?.type === 'hello') on_connection('live');
    if (frame) on_frame(frame);
  });
  socket.addEventListener('close', () => {
    answered();
    on_connection('lost');
  });

  // A network that went away in silence (sleep, a dropped tunnel) is noticed by a missing pong.
  let patience: ReturnType<typeof setTimeout> | undefined;
  const answered = (): void => {
    clearTimeout(patience);
    patience = undefined;
  };
  setInterval(() => {
    if (socket.readyState !== socket.OPEN || patience !== undefined) return;
    socket.send('{"type":"ping"}');
    patience = setTimeout(() => { answered(); socket.reconnect(); }, pong_within_ms);
  }, ping_every_ms);

  // No need to wait out the delay when the browser says that the network is back, or someone looks.
  const hurry = (): void => {
    if (!document.hidden && socket.readyState === socket.CLOSED) socket.reconnect();
  };
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
}

const is_object = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null;
const file_events = new Set(['file.registered', 'file.processing', 'file.preview', 'file.ready',
  'file.failed', 'file.cancelled', 'file.updated', 'file.trashed',
  'file.restored', 'file.deleted']);

/** A frame that concerns this page, or null. */
export function parse_frame(text: string): Frame | null {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  if (!is_object(frame) || typeof frame.type !== 'string')
    return null;
  const { type, seq } = frame;
  if (type === 'gap')
    return { type };
  if (type === 'file.progress')
    return typeof frame.id === 'string' && typeof frame.progress === 'number' ? frame as unknown as Frame : null;
  if (type === 'upload.progress')
    return typeof frame.id === 'string' && typeof frame.bytes === 'number' ? frame as unknown as Frame : null;
  if (typeof seq !== 'number')
    return null;
  if (type === 'hello')
    return { type, seq, oldest: Number(frame.oldest ?? 0) };
  if (type === 'notice')
    return { type, seq, message: String(frame.message ?? '') };
  if (file_events.has(type) && is_object(frame.file) && typeof frame.file.id === 'string')
    return frame as unknown as Frame;
  return { type: 'unknown', seq };
}
