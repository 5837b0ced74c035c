#!/usr/bin/env node
// A stand-in for mediad with which the page is developed: node fake_server.mjs serve --set storage.root=…
// It speaks the same HTTP and events, but processes files with whatever programs are installed. The
// page's folder comes in MEDIAD_PAGE. No test of the project's behaviour may lean on it.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { rgbaToThumbHash } from 'thumbhash';
import { WebSocketServer } from 'ws';

const run = promisify(execFile);
const set = Object.fromEntries(process.argv.flatMap((word, i) => (word === '--set' ? [process.argv[i + 1].split(/=(.*)/).slice(0, 2)] : [])));
const root = set['storage.root'] ?? './data';
const [host, port] = (set['server.listen'] ?? '127.0.0.1:8080').split(':');
const page = process.env.MEDIAD_PAGE;
const slowness_ms = Number(process.env.MEDIAD_FAKE_STEP_MS ?? 120);
mkdirSync(root, { recursive: true });

// What happened, one event a line: the whole of the state.
const history = join(root, 'events.jsonl');
const events = existsSync(history) ? readFileSync(history, 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : [];
const files = new Map();
for (const { type, file } of events) type === 'file.deleted' ? files.delete(file.id) : files.set(file.id, file);

const listeners = new Set();
const tell = (frame) => { for (const socket of listeners) socket.send(JSON.stringify(frame)); };
function announce(type, file) {
  const event = { seq: events.length + 1, type, at: new Date().toISOString(), file: structuredClone(file) };
  events.push(event);
  appendFileSync(history, `${JSON.stringify(event)}\n`);
  tell(event);
}
function change(file, type, to) {
  Object.assign(file, to, { updated_at: new Date().toISOString() });
  announce(type, file);
}

const types = {
  '.jpg': ['image', 'image/jpeg'], '.png': ['image', 'image/png'], '.webp': ['image', 'image/webp'], '.mp4': ['video', 'video/mp4'],
  '.mkv': ['video', 'video/x-matroska'], '.mp3': ['audio', 'audio/mpeg'], '.flac': ['audio', 'audio/flac'], '.pdf': ['document', 'application/pdf'],
  '.xlsx': ['document', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'], '.txt': ['document', 'text/plain'],
  '.csv': ['document', 'text/csv'], '.docx': ['document', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
};
const served = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2',
  '.webp': 'image/webp', '.jpg': 'image/jpeg', '.mp4': 'video/mp4', '.txt': 'text/plain; charset=utf-8', '.pdf': 'application/pdf', '.zip': 'application/zip' };

let last_time = 0;
function ulid() {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  last_time = Math.max(Date.now(), last_time + 1);
  let time = '';
  for (let n = last_time, i = 0; i < 10; i += 1, n = Math.floor(n / 32)) time = digits[n % 32] + time;
  return time + [...randomBytes(16)].map((b) => digits[b % 32]).join('');
}

function add(name, bytes, id = ulid()) {
  const folder = join(root, id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'original'), bytes);
  const [profile, media_type] = types[extname(name).toLowerCase()] ?? ['other', 'application/octet-stream'];
  const self = `/v1/files/${id}`;
  const now = new Date().toISOString();
  const file = { id, progress_id: id, user: 'local', name, profile, media_type, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'),
    status: 'registered', stage: null, progress: 0, attempt: 0, preview: null, media: {}, renditions: [], archive: null, failure: null,
    links: { self, content: `${self}/content`, events: `/v1/events?file=${id}` }, created_at: now, updated_at: now };
  files.set(id, file);
  announce('file.registered', file);
  return file;
}

const size_of = async (path) => {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=width,height:format=duration', '-of', 'json', path]);
  const { streams, format } = JSON.parse(stdout);
  const picture = streams.find((s) => s.width) ?? {};
  return { width: picture.width, height: picture.height, duration: Number(format.duration) || undefined };
};
const convert = (...args) => run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);

async function preview_from(file, source, extra = []) {
  const out = join(root, file.id, 'preview.webp');
  await convert(...extra, '-i', source, '-frames:v', '1', '-vf', 'scale=320:320:force_original_aspect_ratio=decrease', out);
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', out, '-vf', 'scale=80:80', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'], { encoding: 'buffer' });
  const { width, height } = await size_of(out);
  const thumbhash = Buffer.from(rgbaToThumbHash(80, 80, stdout)).toString('base64');
  change(file, 'file.preview', { preview: { url: `${file.links.self}/preview`, media_type: 'image/webp', width, height, thumbhash } });
}

async function rendition(file, name) {
  const path = join(root, file.id, name);
  const picture = /\.(webp|jpg|mp4)$/.test(name) ? await size_of(path) : {};
  file.renditions.push({ name, url: `${file.links.self}/renditions/${name}`, media_type: served[extname(name)].split(';')[0],
    ...(picture.width ? { width: picture.width, height: picture.height } : {}), bytes: statSync(path).size });
}

async function document_pages(file, folder, original) {
  let pdf = original;
  if (file.media_type === 'text/plain' || file.media_type === 'text/csv') writeFileSync(join(folder, 'text.txt'), readFileSync(original));
  else if (file.media_type !== 'application/pdf') {
    await run('soffice', [`-env:UserInstallation=file://${folder}/profile`, '--headless', '--convert-to', 'pdf', '--outdir', folder, original]);
    pdf = join(folder, 'original.pdf');
  }
  if (existsSync(join(folder, 'text.txt'))) return [];
  await run('pdftoppm', ['-r', '90', '-l', '10', '-png', pdf, join(folder, 'raw')]);
  await run('pdftotext', ['-layout', pdf, join(folder, 'text.txt')]);
  return readdirSync(folder).filter((name) => /^raw-/.test(name)).sort();
}

const makers = {
  async image(file, folder, original) {
    file.media = await size_of(original);
    await preview_from(file, original);
    await step(file, 'renditions', 0.3);
    for (const width of [320, 640, 1280, 1920].filter((w) => w <= file.media.width)) {
      await convert('-i', original, '-vf', `scale=${width}:-2`, '-frames:v', '1', join(folder, `w${width}.webp`));
      await rendition(file, `w${width}.webp`);
    }
  },
  async video(file, folder, original) {
    file.media = await size_of(original);
    await preview_from(file, original, ['-ss', '1']);
    for (let i = 1; i < 20; i += 1) await step(file, 'compress', i / 22);
    await convert('-i', original, '-c', 'copy', '-movflags', '+faststart', join(folder, 'video.mp4'));
    for (const i of [1, 2, 3]) await convert('-ss', String(i), '-i', original, '-frames:v', '1', join(folder, `still-${i}.jpg`));
    await step(file, 'screenshots', 0.95);
    for (const name of ['video.mp4', 'still-1.jpg', 'still-2.jpg', 'still-3.jpg']) await rendition(file, name);
  },
  async audio(file, folder, original) {
    file.media = await size_of(original);
    await convert('-i', original, '-filter_complex', 'showwavespic=s=640x240:colors=0x3a5bd9', '-frames:v', '1', join(folder, 'wave.png'));
    await preview_from(file, join(folder, 'wave.png'));
  },
  async document(file, folder, original) {
    const pages = await document_pages(file, folder, original);
    if (pages.length > 0) await preview_from(file, join(folder, pages[0]));
    file.media = pages.length > 0 ? { pages: pages.length } : {};
    await step(file, 'pages', 0.6);
    for (const [i, name] of pages.entries()) {
      await convert('-i', join(folder, name), join(folder, `page-${i + 1}.webp`));
      await rendition(file, `page-${i + 1}.webp`);
    }
    await rendition(file, 'text.txt');
  },
  async other() {},
};

async function step(file, stage, progress) {
  if (file.status !== 'processing') throw new Error('cancelled');
  Object.assign(file, { stage, progress });
  tell({ type: 'file.progress', id: file.id, stage, progress });
  await new Promise((done) => setTimeout(done, slowness_ms));
}

async function work(file) {
  const folder = join(root, file.id);
  change(file, 'file.processing', { status: 'processing', stage: 'preview', attempt: file.attempt + 1, failure: null, renditions: [] });
  try {
    await makers[file.profile](file, folder, join(folder, 'original'));
    await step(file, 'archive', 0.98);
    writeFileSync(join(folder, 'archive.zip'), 'PK\x05\x06'.padEnd(22, '\0'));
    const archive = { name: 'archive.zip', url: `${file.links.self}/archive`, media_type: 'application/zip', bytes: 22 };
    change(file, 'file.ready', { status: 'ready', stage: null, progress: 1, archive });
  } catch {
    if (file.status !== 'processing') return;
    const failure = { code: 'corrupt_media', message: 'The file is damaged and cannot be read.' };
    change(file, 'file.failed', { status: 'failed', stage: null, failure });
  }
}

function parts_of(body, content_type) {
  const boundary = /boundary=("?)([^";]+)\1/.exec(content_type)[2];
  const found = [];
  for (let at = body.indexOf(`--${boundary}`); ;) {
    const head_end = body.indexOf('\r\n\r\n', at);
    const next = body.indexOf(`\r\n--${boundary}`, at + 2);
    if (head_end < 0 || next < 0) return found;
    const head = body.subarray(at, head_end).toString();
    found.push({ name: /filename="([^"]*)"/.exec(head)[1], bytes: body.subarray(head_end + 4, next) });
    at = next + 2;
  }
}

function answer(response, status, body, type = 'application/json') {
  response.writeHead(status, { 'Content-Type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
}
const problem = (response, status, detail) => answer(response, status, { title: detail, detail, status, code: 'fake' }, 'application/problem+json');

function send_file(request, response, path, type) {
  const total = statSync(path).size;
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const [first, last] = range ? [Number(range[1]), Math.min(Number(range[2] || total), total - 1)] : [0, total - 1];
  response.writeHead(range ? 206 : 200, { 'Content-Type': type, 'Content-Length': last - first + 1, 'Accept-Ranges': 'bytes',
    ...(range ? { 'Content-Range': `bytes ${first}-${last}/${total}` } : {}) });
  total > 0 ? createReadStream(path, { start: first, end: last }).pipe(response) : response.end();
}

function list(url, response) {
  const { profile, limit = '50', cursor } = Object.fromEntries(url.searchParams);
  const all = [...files.values()].filter((f) => (!profile || f.profile === profile) && (!cursor || f.id < cursor)).sort((a, b) => (a.id < b.id ? 1 : -1));
  const shown = all.slice(0, Number(limit));
  answer(response, 200, { files: shown, cursor: all.length > shown.length ? shown.at(-1).id : null });
}

function upload(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const made = parts_of(Buffer.concat(chunks), request.headers['content-type']).map(({ name, bytes }) => add(name, bytes));
    for (const file of made) void work(file);
    setTimeout(() => answer(response, 201, made.length === 1 ? made[0] : { files: made }), 200);
  });
}

// The part of tus 1.0 that the page uses. What has come of an upload is the length of its file, so it outlives the process.
const tus_headers = { 'Tus-Resumable': '1.0.0', 'Cache-Control': 'no-store' };
const unfinished = (id) => join(root, id, 'unfinished.json');

function tus_create(request, response) {
  const text = Object.fromEntries((request.headers['upload-metadata'] ?? '').split(',').map((pair) => pair.split(' ')));
  const id = ulid();
  mkdirSync(join(root, id));
  writeFileSync(unfinished(id), JSON.stringify({ name: Buffer.from(text.filename, 'base64').toString(), length: Number(request.headers['upload-length']) }));
  writeFileSync(join(root, id, 'body'), '');
  tus_append(request, response, id, 201, { Location: `/v1/files/${id}`, 'Mediad-Progress-Id': id });
}

function tus_append(request, response, id, status, headers = {}) {
  const body = join(root, id, 'body');
  const { name, length } = JSON.parse(readFileSync(unfinished(id), 'utf8'));
  if (status === 204 && Number(request.headers['upload-offset']) !== statSync(body).size) return problem(response, 409, 'Not the right offset.');
  request.on('data', (chunk) => appendFileSync(body, chunk));
  request.on('end', () => {
    const offset = statSync(body).size;
    if (offset === length) void work(add(name, readFileSync(body), id));
    response.writeHead(status, { ...tus_headers, ...headers, 'Upload-Offset': offset }).end();
  });
}

function tus(request, response, id) {
  if (!id) return tus_create(request, response);
  if (files.has(id) && request.method === 'HEAD') return response.writeHead(200, { ...tus_headers, 'Upload-Offset': files.get(id).bytes, 'Upload-Length': files.get(id).bytes }).end();
  if (!existsSync(unfinished(id))) return problem(response, 404, 'There is no such upload.');
  if (request.method === 'PATCH') return tus_append(request, response, id, 204);
  if (request.method === 'DELETE') { rmSync(join(root, id), { recursive: true }); return response.writeHead(204, tus_headers).end(); }
  const { length } = JSON.parse(readFileSync(unfinished(id), 'utf8'));
  return response.writeHead(200, { ...tus_headers, 'Upload-Offset': statSync(join(root, id, 'body')).size, 'Upload-Length': length }).end();
}

function act(request, response, file, what, name) {
  const folder = join(root, file.id);
  if (request.method === 'DELETE') { files.delete(file.id); announce('file.deleted', file); return response.writeHead(204).end(); }
  if (what === 'cancel') { change(file, 'file.cancelled', { status: 'cancelled', stage: null }); return answer(response, 202, file); }
  if (what === 'retry') { void work(file); return answer(response, 202, file); }
  if (what === 'content') return send_file(request, response, join(folder, 'original'), file.media_type);
  if (what === 'preview') return send_file(request, response, join(folder, 'preview.webp'), 'image/webp');
  if (what === 'archive') return send_file(request, response, join(folder, 'archive.zip'), 'application/zip');
  if (what === 'renditions') return send_file(request, response, join(folder, basename(name)), served[extname(name)]);
  return answer(response, 200, file);
}

const nobody_signs_in = { user: { id: 'local', name: 'local', display_name: '', role: 'admin' }, signed_in: false, scopes: [], quota: { used: 0, limit: null } };

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://fake');
  const [, , kind, id, what, name] = url.pathname.split('/');
  if (kind === 'files' && request.headers['tus-resumable'] && !(id && request.method === 'DELETE' && files.has(id))) return tus(request, response, id);
  if (kind === 'files' && !id) return request.method === 'POST' ? upload(request, response) : list(url, response);
  if (kind === 'files') return files.has(id) ? act(request, response, files.get(id), what, name) : problem(response, 404, 'There is no such file.');
  if (kind === 'session') return answer(response, 200, nobody_signs_in);
  const path = join(page, url.pathname === '/' ? 'index.html' : basename(url.pathname));
  if (!existsSync(path)) return problem(response, 404, 'There is nothing here.');
  response.setHeader('Content-Security-Policy', "default-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:");
  return send_file(request, response, path, served[extname(path)]);
});

const sockets = new WebSocketServer({ server, path: '/v1/events', handleProtocols: () => 'mediad.events.v1' });
sockets.on('connection', (socket, request) => {
  const since = new URL(request.url, 'http://fake').searchParams.get('since');
  socket.send(JSON.stringify({ type: 'hello', seq: events.length, oldest: 1 }));
  for (const event of since === null ? [] : events.slice(Number(since))) socket.send(JSON.stringify(event));
  listeners.add(socket);
  socket.on('message', (text) => socket.send(JSON.stringify({ type: String(text).includes('ping') ? 'pong' : 'error', code: 'unknown' })));
  socket.on('close', () => listeners.delete(socket));
});

server.listen(Number(port), host, () => console.log(`listening on http://${host}:${server.address().port}`));
for (const file of files.values()) if (['registered', 'processing'].includes(file.status)) void work(file);
