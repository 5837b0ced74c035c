// Kills the server again and again under mixed load, and looks after each restart for anything that
// was promised and is lost; in the end for anything that was left behind. Run by script/soak, not by ctest.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { tus } from "./doors.mjs";
import { Upload, World } from "./model.mjs";
import { findOrphans } from "./orphans.mjs";
import { Random, contentOf, sha256 } from "./random.mjs";
import { send } from "./requests.mjs";
import { Server, data } from "./server.mjs";

const { values: options } = parseArgs({ options: {
  cycles: { type: "string", default: "500" }, seed: { type: "string", default: String(Date.now()) }, clients: { type: "string", default: "10" },
} });
const [cycles, clients] = [Number(options.cycles), Number(options.clients)];
const mostKept = 300;
const mostOpen = 12;

const server = await Server.start({ settings: { "uploads.save_interval": "200ms", "log.level": "error" } });
const world = new World(server);
const random = new Random(options.seed);
const picture = { name: "photo.png", body: await readFile(path.join(data, "photo.png")) };

/** What was answered with 2xx, and must be there: id → { name, sha256 }. */
const kept = new Map();
const deleted = new Set();
const open = [];
const counts = { stored: 0, appends: 0, reads: 0, deletions: 0, unanswered: 0, whole: 0 };
let fresh = [];
let number = 0;

/** A name that says what the file holds; now and then what others hold, too. */
function invent(most) {
  const bytes = random.oneIn(8) ? 10_000 : random.between(1, most);
  const key = bytes === 10_000 ? "same" : `own-${number}`;
  return { name: `${key}.${bytes}.${number++}.bin`, body: contentOf(key, bytes) };
}

function keep(id, name, hash) {
  kept.set(id, { name, hash });
  fresh.push(id);
  counts.stored += 1;
}

async function ask(method, target, request = {}) {
  const answer = await world.during(() => send(server, method, target, request));
  assert.ok(answer.status || answer.disturbed, `no answer to ${method} ${target}: ${answer.lost}`);
  if (!answer.status) counts.unanswered += 1;
  return answer;
}

async function raw({ name, body }) {
  const headers = { "Content-Type": "application/octet-stream" };
  const answer = await ask("POST", `/v1/files?name=${encodeURIComponent(name)}`, { headers, body });
  if (answer.status === 201) return keep(answer.body.id, name, sha256(body));
  assert.ok(answer.disturbed, `${name}: ${answer.status}`);
}

async function form() {
  const files = Array.from({ length: random.between(2, 3) }, () => invent(200_000));
  const boundary = `soak-${number}`;
  const body = Buffer.concat([...files.flatMap((file) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="${file.name}"\r\n\r\n`), file.body, Buffer.from("\r\n"),
  ]), Buffer.from(`--${boundary}--\r\n`)]);
  const answer = await ask("POST", "/v1/files", { headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` }, body });
  if (answer.status === 201) return answer.body.files.forEach((file, i) => keep(file.id, files[i].name, sha256(files[i].body)));
  assert.ok(answer.disturbed, `a form: ${answer.status}`);
}

async function create() {
  const bytes = random.between(1, 3 << 20);
  const upload = new Upload(world, tus, `own-${number}.${bytes}.${number++}.bin`, bytes, contentOf(`own-${number - 1}`, bytes));
  if (await upload.create(random.oneIn(2) ? 0 : random.size(bytes), true)) open.push(upload);
}

async function append() {
  const [upload] = open.splice(random.between(0, open.length - 1), 1); // Nobody else uses it meanwhile.
  if (!upload) return create();
  counts.appends += 1;
  await upload.append(random.between(1, 1 << 20), true);
  if (!upload.isWhole) return open.push(upload);
  counts.whole += 1;
  keep(upload.id, upload.name, sha256(upload.content));
}

const someKept = () => [...kept.keys()][random.between(0, kept.size - 1)];

async function read(id = someKept()) {
  const file = kept.get(id);
  if (!file) return;
  counts.reads += 1;
  const answer = await ask("GET", `/v1/files/${id}/content`);
  if (answer.status !== 200 || !kept.has(id)) return assert.ok(answer.disturbed || !kept.has(id), `the content of ${id} ${file.name}: ${answer.status}`);
  assert.equal(sha256(answer.body), file.hash, `the content of ${id} ${file.name}`);
}

async function remove() {
  const id = someKept();
  if (!kept.delete(id)) return;
  counts.deletions += 1;
  const answer = await ask("DELETE", `/v1/files/${id}?permanent=1`);
  if (answer.status === 204) deleted.add(id);
  else assert.ok(answer.disturbed, `DELETE ${id}: ${answer.status}`);
}

const moves = { small: () => raw(invent(64 << 10)), large: () => raw(invent(1 << 20)), form, create, append, read: () => read(), remove, picture: () => raw(picture) };

function chooseMove() {
  const full = kept.size > mostKept;
  return random.weighted({ small: 6, large: 2, form: 1.5, create: open.length < mostOpen ? 2 : 0, append: 6, read: 3, remove: full ? 15 : 1, picture: 0.15 });
}

/** Start to ready, in milliseconds. */
async function killAndRestart() {
  await server.kill();
  const begun = performance.now();
  await server.restart();
  for (;;) {
    const { status } = await send(server, "GET", "/readyz");
    if (status === 200) return performance.now() - begun;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function checkRecord(id) {
  const file = kept.get(id);
  const { status, body } = await ask("GET", `/v1/files/${id}`);
  assert.equal(status, 200, `${id} ${file.name} is lost`);
  assert.ok(body.status !== "receiving" && body.sha256 === file.hash, `${id} ${file.name}: ${JSON.stringify(body)}`);
}

/** Everything answered since the last restart, and some of what is older. */
async function checkPromises() {
  const ids = [...fresh, ...Array.from({ length: 20 }, someKept)].filter((id) => kept.has(id));
  await Promise.all(ids.map(checkRecord));
  await Promise.all(ids.slice(0, 8).map(read));
  await Promise.all(open.map((upload) => upload.head()));
  for (const id of deleted) assert.equal((await ask("GET", `/v1/files/${id}`)).status, 404, `${id} was deleted`);
  fresh = [];
  deleted.clear();
}

async function allFiles() {
  const files = [];
  for (let cursor = ""; cursor !== null;) {
    const { body } = await ask("GET", `/v1/files?limit=500${cursor && `&cursor=${cursor}`}`);
    files.push(...body.files);
    cursor = body.cursor;
  }
  return files;
}

/** Ends every upload, waits for all processing, and looks for what nobody owns. */
async function checkRemains() {
  while (open.length > 0) await append();
  const begun = await allFiles();
  // Resumable ones whose creation was never answered: nobody can go on with them.
  for (const { id } of begun.filter((file) => file.status === "receiving")) await ask("DELETE", `/v1/files/${id}`);
  for (const { id, status } of begun) if (status !== "receiving") await server.finished(id);
  const files = await allFiles();
  for (const file of files) {
    if (file.name === picture.name) continue;
    const [key, bytes] = file.name.split(".");
    assert.equal(file.sha256, sha256(contentOf(key, Number(bytes))), `${file.id} ${file.name}`);
  }
  const ids = new Set(files.map(({ id }) => id));
  for (const [id, { name }] of kept) assert.ok(ids.has(id), `${id} ${name} is lost`);
  assert.deepEqual(await findOrphans(server.root, files), []);
  return files.length;
}

async function cycle() {
  const until = performance.now() + random.between(800, 1300);
  const client = async () => {
    while (performance.now() < until) await moves[chooseMove()]();
  };
  const load = Array.from({ length: clients }, client);
  await new Promise((resolve) => setTimeout(resolve, until - performance.now()));
  let ready;
  await world.outage(async () => { ready = await killAndRestart(); });
  await Promise.all(load);
  await checkPromises();
  return ready;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const starts = [];
const begun = performance.now();
console.log(`${cycles} cycles, seed ${options.seed}, root ${server.root}`);
try {
  while (starts.length < cycles) {
    starts.push(await cycle());
    if (starts.length % 25 !== 0) continue;
    console.log(`${starts.length} cycles in ${Math.round((performance.now() - begun) / 1000)} s; start to ready: median ${median(starts).toFixed(0)} ms,`
      + ` most ${Math.max(...starts).toFixed(0)} ms; ${JSON.stringify(counts)}`);
  }
  const files = await checkRemains();
  console.log(`nothing lost, nothing left behind; ${files} files in the end`);
  assert.ok(Math.max(...starts) < 2000, "a start took more than two seconds");
  await server.dispose();
} catch (error) {
  console.error(`${error.stack}\nafter ${starts.length} cycles; the root is kept: ${server.root}`);
  await server.stop();
  process.exitCode = 1;
}
