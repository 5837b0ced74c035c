// The data folders that servers of schema 1 left when they were killed (tests/data/schema1): this server migrates them, serves
// them, and finishes what was unfinished.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { ietf, tus } from "./doors.mjs";
import { Listener } from "./listener.mjs";
import { Server, binary } from "./server.mjs";

const run = promisify(execFile);
const kept = process.env.MEDIAD_SCHEMA1;
const unseen = new Set(["cut short.bin", "with another key.bin"]); ///< Nobody had been answered for them.

/** A record or the frame of an event as it was, with the members that records have had since. */
const later = { folder: null, modified_at: null, taken_at: null, tags: [], favourite: false, description: "", metadata: {}, revision: 0, trashed_at: null };
const grown = (said) => (said.file ? { ...said, file: { ...said.file, ...later } } : said.seq ? said : { ...said, ...later });

/** Starts a server on one of the kept folders. @returns it, and the frames and records that clients of schema 1 saw. */
async function open(name, expected) {
  const root = await mkdtemp(path.join(tmpdir(), "mediad-migration-"));
  await run("tar", ["-xJf", path.join(kept, name), "-C", root]);
  const lines = (await readFile(path.join(kept, expected), "utf8")).trim().split("\n").map((line) => grown(JSON.parse(line)));
  const { stdout } = await run(binary, ["doctor", "--set", `storage.root=${root}`, "--set", "storage.min_free=0B"]).catch((e) => e);
  assert.match(stdout, /the next start migrates it from schema 1/);
  const server = await Server.start({ root, settings: { "storage.min_free": "0B" } });
  return { root, server, frames: lines.filter((l) => l.seq), records: lines.filter((l) => !l.seq && !unseen.has(l.name)) };
}

async function isTold({ server, frames }) {
  const listener = await Listener.connect(server, "?since=0");
  const last = frames.at(-1).seq;
  await listener.until((f) => f.type !== "hello" && f.seq === last);
  assert.deepEqual(listener.frames.filter((f) => f.seq && f.type !== "hello" && f.seq <= last), frames);
  listener.cut();
}

async function isServed({ server, records }) {
  const finished = records.filter((r) => ["ready", "failed", "cancelled"].includes(r.status));
  assert.ok(finished.length > 5);
  for (const before of finished) {
    // Not held against today's documents: what made these derived files may have been simpler than a worker.
    const body = await (await fetch(`${server.url}/v1/files/${before.id}`)).json();
    assert.deepEqual(body, before);
    const made = [before.preview, before.archive, ...before.renditions].filter((one) => one?.url);
    for (const { url, sha256 } of [{ url: before.links.content, sha256: before.sha256 }, ...made]) {
      const answer = await fetch(server.url + url);
      assert.equal(answer.status, 200, url);
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (sha256) assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256, url);
    }
  }
}

async function isFinished({ server, records }) {
  const begun = records.filter((r) => ["registered", "processing"].includes(r.status));
  assert.ok(begun.length > 0);
  for (const { id } of begun) {
    const record = await server.finished(id);
    assert.equal(record.status, "ready", `${record.name}: ${JSON.stringify(record.failure)}`);
  }
}

let server;
let root;
let told;

before(async () => {
  told = await open("data.tar.xz", "expected.jsonl");
  ({ server, root } = told);
});
after(() => server?.dispose());

test("old events are told as they were", () => isTold(told));
test("files that were finished are served as they were", () => isServed(told));
test("files that were registered or processing are finished", () => isFinished(told));

test("what a whole server made is told, served and finished", async () => {
  const whole = await open("served.tar.xz", "served.jsonl");
  try {
    await isTold(whole);
    await isServed(whole);
    await isFinished(whole);
  } finally {
    await whole.server.dispose();
  }
});

for (const [name, door] of [["tus.jpg", tus], ["empty.jpg", tus], ["ietf.jpg", ietf]])
  test(`the upload of ${name} goes on where it was`, async () => {
    const { id } = told.records.find((r) => r.name === name);
    const whole = Buffer.from(await (await fetch(server.url + told.records.find((r) => r.name === "image.jpg").links.content)).arrayBuffer());
    const head = await fetch(`${server.url}/v1/files/${id}`, { method: "HEAD", headers: door.asking });
    const offset = Number(head.headers.get("upload-offset"));
    assert.equal(offset, { "tus.jpg": 5000, "empty.jpg": 0, "ietf.jpg": 7000 }[name]);
    const answer = await fetch(`${server.url}/v1/files/${id}`, { method: "PATCH", headers: door.appending({ offset, last: true }), body: whole.subarray(offset) });
    assert.ok(door.appended.includes(answer.status), `${answer.status} ${await answer.text()}`);
    assert.equal((await server.finished(id)).status, "ready");
  });

test("the upload whose parts were whole is joined", async () => {
  const { id } = told.records.find((r) => r.name === "joined.jpg");
  const record = await server.finished(id);
  assert.equal(record.bytes, 8000);
});

test("a second start migrates nothing", async () => {
  const database = path.join(root, "system", "db", "data.mdb");
  const before = await stat(database);
  await server.stop();
  await server.restart();
  assert.equal((await stat(database)).ino, before.ino);
});
