// The data folder that a server of schema 1 left when it was killed (tests/data/schema1): this server migrates it, serves it,
// and finishes what was unfinished.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
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

let server;
let root;
let told; ///< Frames and records as schema 1 showed them.

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), "mediad-migration-"));
  await run("tar", ["-xJf", path.join(kept, "data.tar.xz"), "-C", root]);
  const lines = (await readFile(path.join(kept, "expected.jsonl"), "utf8")).trim().split("\n").map(JSON.parse);
  told = { frames: lines.filter((l) => l.seq), records: lines.filter((l) => !l.seq && !unseen.has(l.name)) };
  const { stdout } = await run(binary, ["doctor", "--set", `storage.root=${root}`, "--set", "storage.min_free=0B"]).catch((e) => e);
  assert.match(stdout, /the next start migrates it from schema 1/);
  server = await Server.start({ root, settings: { "storage.min_free": "0B" } });
});
after(() => server?.dispose());

test("old events are told as they were", async () => {
  const listener = await Listener.connect(server, "?since=0");
  const last = told.frames.at(-1).seq;
  await listener.until((f) => f.seq === last);
  assert.deepEqual(listener.frames.filter((f) => f.seq && f.type !== "hello" && f.seq <= last), told.frames);
  listener.cut();
});

test("files that were finished are served as they were", async () => {
  for (const before of told.records.filter((r) => ["ready", "failed", "cancelled"].includes(r.status))) {
    // Not held against today's documents: what made these derived files was simpler than a worker.
    const body = await (await fetch(`${server.url}/v1/files/${before.id}`)).json();
    assert.deepEqual(body, before);
    const urls = [before.links.content, before.preview?.url, before.archive?.url, ...before.renditions.map((r) => r.url)].filter(Boolean);
    for (const url of urls) {
      const answer = await fetch(server.url + url);
      assert.equal(answer.status, 200, url);
      await answer.arrayBuffer();
    }
  }
});

test("files that were registered or processing are finished", async () => {
  for (const { id } of told.records.filter((r) => ["registered", "processing"].includes(r.status))) {
    const record = await server.finished(id);
    assert.equal(record.status, "ready", `${record.name}: ${JSON.stringify(record.failure)}`);
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
