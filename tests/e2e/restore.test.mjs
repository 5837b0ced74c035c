// The drill: a copy of the database, 500 uploads and 50 deletes after it, a database that is cut short, and all is back.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readFile, readdir, stat, truncate } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Listener } from "./listener.mjs";
import { findOrphans } from "./orphans.mjs";
import { send } from "./requests.mjs";
import { Server, binary, data } from "./server.mjs";

const run = promisify(execFile);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const at_once = 16;

let server;
let listed; ///< Records after the restore, by name.
const kept = new Map(); ///< Record and digest of each file that must be there, by its name.
const deleted = [];
let newest; ///< Number of the newest event that a client has seen.
let summary;

/** Ends with the program's output and exit status. */
function mediad(...args) {
  return run(binary, [...args, "--set", `storage.root=${server.root}`, "--set", "storage.min_free=0B"], { timeout: 300_000 })
    .then(({ stdout, stderr }) => ({ stdout, stderr, code: 0 }), ({ stdout, stderr, code }) => ({ stdout, stderr, code }));
}

async function forAll(items, act) {
  const waiting = [...items];
  await Promise.all(Array.from({ length: at_once }, async () => {
    while (waiting.length > 0) await act(waiting.shift());
  }));
}

async function upload(name, bytes) {
  const answer = await send(server, "POST", `/v1/files?name=${encodeURIComponent(name)}`, { body: bytes });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  kept.set(name, { id: answer.body.id, sha256: sha256(bytes) });
}

async function allRecords() {
  const records = [];
  for (let cursor = ""; ;) {
    const { body } = await server.json(`/v1/files?limit=500${cursor && `&cursor=${cursor}`}`);
    records.push(...body.files);
    if (!body.cursor) return records;
    cursor = body.cursor;
  }
}

before(async () => {
  server = await Server.start({ settings: { "storage.min_free": "0B", "uploads.preview_wait": "0ms" } });
  await forAll(Array.from({ length: 80 }, (_, i) => `before ${i}.bin`), (name) => upload(name, randomBytes(2000)));
  await forAll(kept.values(), ({ id }) => server.finished(id));
  const copied = await mediad("copy");
  assert.equal(copied.code, 0, copied.stderr);

  const photo = await readFile(path.join(data, "photo.jpg"));
  await forAll(Array.from({ length: 497 }, (_, i) => `after ${i}.bin`), (name) => upload(name, randomBytes(2000)));
  await upload("photo.jpg", photo);
  await upload("the same photo.jpg", photo);
  await upload("größe 😀.txt", Buffer.from("some text\n"));
  await forAll([...kept.keys()].slice(0, 50), async (name) => {
    const { id } = kept.get(name);
    assert.equal((await fetch(`${server.url}/v1/files/${id}?permanent=1`, { method: "DELETE" })).status, 204);
    deleted.push({ name, id });
    kept.delete(name);
  });
  await server.finished(kept.get("photo.jpg").id);
  const listener = await Listener.connect(server, "?since=0");
  await listener.until((f) => f.type === "file.deleted" && f.id === deleted.at(-1).id);
  newest = Math.max(...listener.frames.map((f) => f.seq ?? 0));
  listener.cut();
  await server.kill();

  const database = path.join(server.root, "system/db/data.mdb");
  await truncate(database, Math.floor((await stat(database)).size / 2));
  const refused = await mediad("serve", "--set", "server.listen=127.0.0.1:0");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /cut short/);
  summary = await mediad("restore", "--database");
  assert.equal(summary.code, 0, summary.stderr);
  await server.restart();
  const records = await allRecords();
  listed = new Map(records.map((r) => [r.name, r]));
  assert.equal(records.length, listed.size);
});
after(() => server?.dispose());

test("it says what it did", () => {
  assert.match(summary.stdout, /^The database is restored from \S+\/system\/copies\/\S+, made /);
  assert.match(summary.stdout, /\n {2}30 files are as the copy says\n/);
  assert.match(summary.stdout, /\n {2}500 that it does not know have a record again, \d+ of them under the id they had\n/);
  assert.match(summary.stdout, /\n {2}50 were deleted since: their records are removed\n/);
  assert.equal(summary.stderr, "");
});

test("every file is there with its name, user and bytes, and no other", async () => {
  assert.deepEqual([...listed.keys()].sort(), [...kept.keys()].sort());
  const folder = path.join(server.root, "users/local/originals");
  assert.deepEqual((await readdir(folder)).sort(), [...kept.keys()].sort());
  for (const [name, { sha256: digest }] of kept) {
    assert.equal(listed.get(name).sha256, digest, name);
    assert.equal(sha256(await readFile(path.join(folder, name))), digest, name);
  }
});

test("what was processed before has the id it had", () => {
  assert.equal(listed.get("photo.jpg").id, kept.get("photo.jpg").id);
  const before = [...kept].filter(([name]) => name.startsWith("before "));
  assert.equal(before.length, 30);
  for (const [name, { id }] of before) assert.equal(listed.get(name).id, id, name);
});

test("what was deleted stays deleted", async () => {
  for (const { id } of deleted) assert.equal((await fetch(`${server.url}/v1/files/${id}`)).status, 404);
});

test("every file is identified and processed", async () => {
  await forAll(listed.values(), async ({ id, name }) => {
    const record = await server.finished(id);
    assert.equal(record.status, "ready", `${name}: ${JSON.stringify(record.failure)}`);
    listed.set(name, record);
  });
  const photo = listed.get("the same photo.jpg");
  assert.equal(photo.profile, "image");
  assert.equal(photo.media_type, "image/jpeg");
  assert.ok(photo.preview && photo.renditions.length > 0);
  assert.equal(listed.get("größe 😀.txt").profile, "document");
});

test("a client that comes back with the number it had seen hears all that is new", async () => {
  const listener = await Listener.connect(server, `?since=${newest}`);
  const { id } = listed.get("photo.jpg");
  await listener.until((f) => f.type === "file.ready" && f.file.id === id);
  assert.ok(listener.frames.every((f) => !f.file || f.seq > newest));
  assert.ok(listener.frames.some((f) => f.type === "file.registered" && f.file.id === id));
  listener.cut();
});

test("the doctor finds the server sound, and no file is without a record", async () => {
  const doctor = await mediad("doctor");
  assert.equal(doctor.code, 0, doctor.stdout);
  assert.match(doctor.stdout, / {2}ok {4}copies: 1 in /);
  assert.deepEqual(await findOrphans(server.root, [...listed.values()]), []);
  assert.deepEqual(await readdir(path.join(server.root, "system/quarantine")), []);
});

test("it starts again as if nothing had been", async () => {
  await server.stop();
  await server.restart();
  assert.equal((await allRecords()).length, kept.size);
});
