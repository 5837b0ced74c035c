// kill -9 of a worker costs an attempt; kill -9 of the server costs nothing that was answered.
import assert from "node:assert/strict";
import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { after, test } from "node:test";
import { Listener } from "./listener.mjs";
import { restInStaging } from "./orphans.mjs";
import { Server, encoding } from "./server.mjs";

const servers = [];

async function start({ settings, ownSession } = {}) {
  const server = await Server.start({ settings: { ...encoding, ...settings }, ownSession });
  servers.push(server);
  return server;
}

after(() => Promise.all(servers.map((server) => server.dispose())));

const compressing = (id, since) => (f) => f.type === "file.progress" && f.id === id && f.stage === "compress" && f.progress > 0.15;

async function killWorkers(server) {
  for (const pid of await server.workers()) process.kill(pid, "SIGKILL");
}

test("a worker that is killed costs an attempt and the file is made all the same", async () => {
  const server = await start();
  const listener = await Listener.connect(server);
  const { body } = await server.upload("video.mp4");
  await listener.until(compressing(body.id));
  await killWorkers(server);
  const record = await server.finished(body.id);
  assert.equal(record.status, "ready");
  assert.equal(record.attempt, 2);
  await listener.until((f) => f.type === "file.ready" && f.file.id === body.id);
  assert.deepEqual(listener.story(body.id).filter((t) => t === "file.ready"), ["file.ready"]);
  await listener.close();
});

test("a file whose worker dies at every attempt fails and is not tried again, also not after a restart", async () => {
  const server = await start({ settings: { "processing.max_attempts": 2 } });
  const { body } = await server.upload("video.mp4");
  for (let attempt = 1; attempt <= 2; ++attempt) {
    const listener = await Listener.connect(server, "?since=0");
    await listener.until((f) => f.type === "file.processing" && f.file.attempt === attempt);
    await listener.until(compressing(body.id));
    await killWorkers(server);
    if (attempt === 1) await listener.until((f) => f.type === "file.processing" && f.file.attempt === 2);
    listener.cut();
  }
  const record = await server.finished(body.id);
  assert.equal(record.status, "failed");
  assert.equal(record.failure.code, "worker_died");
  assert.equal(record.attempt, 2);
  await server.kill();
  await server.restart();
  const again = await server.json(`/v1/files/${body.id}`);
  assert.equal(again.body.status, "failed");
  assert.equal(again.body.attempt, 2);
});

for (const moment of ["file.registered", "file.processing", "file.preview", "file.progress"])
  test(`a server killed at ${moment} finishes after its restart everything it had answered`, async () => {
    const server = await start();
    const listener = await Listener.connect(server);
    const answered = [];
    for (const name of ["notes.txt", "photo.jpg", "report.pdf"]) answered.push((await server.upload(name)).body.id);
    const last = server.upload("video.mp4").then(({ body }) => answered.push(body.id), () => {});
    await listener.until((f) => f.type === moment && (f.file?.name === "video.mp4" || moment === "file.progress"));
    const workers = await server.workers();
    await server.kill();
    await last;
    await allEnded(workers);
    await server.restart();
    const kept = (await server.json("/v1/files")).body.files.map((f) => f.id);
    for (const id of answered) assert.ok(kept.includes(id), `${id} is lost`);
    // What was registered but not yet answered may be there, too: then it is finished as well.
    for (const id of kept) {
      const record = await server.finished(id);
      assert.equal(record.status, "ready", `${record.name}: ${JSON.stringify(record.failure)}`);
    }
    await assertNoOrphans(server);
  });

test("neither a worker nor a LibreOffice that is converting outlives a killed server", async (t) => {
  const server = await start({ settings: { "document.office_warm": 0 }, ownSession: true });
  // LibreOffice takes ten seconds and more for these.
  const lines = Array.from({ length: 100_000 }, (_, i) => `Line ${i} of a log that takes LibreOffice a while.\\par\n`);
  const { status } = await server.json("/v1/files?name=log.rtf", { method: "POST", body: `{\\rtf1\\ansi ${lines.join("")}}` });
  assert.equal(status, 201);
  const isConverting = ({ command }) => /soffice\.bin .*--convert-to/.test(command);
  const running = await until(() => server.session(), (all) => all.some(isConverting), 60);
  const [, inside] = /NSpid:\s+\d+\s+(\d+)/.exec(await readFile(`/proc/${running.find(isConverting).pid}/status`, "utf8")) ?? [];
  await server.kill();
  if (!inside) {
    for (const { pid } of await server.session())
      try {
        process.kill(pid, "SIGKILL");
      } catch (e) {
        assert.equal(e.code, "ESRCH"); // it has ended meanwhile
      }
    return t.skip("this system gives no process namespace");
  }
  await until(() => server.session(), (all) => all.length === 0, 5);
});

/** What `look` finds once that `fits`. */
async function until(look, fits, seconds) {
  for (const end = Date.now() + seconds * 1000;;) {
    const found = await look();
    if (fits(found)) return found;
    assert.ok(Date.now() < end, `after ${seconds} s there is ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Workers must not outlive the server that would take their results.
async function allEnded(pids) {
  const until = Date.now() + 10_000;
  for (const pid of pids)
    while (await stat(`/proc/${pid}`).then(() => true, () => false)) {
      assert.ok(Date.now() < until, `worker ${pid} lives on`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

async function files(root, ...under) {
  const entries = await readdir(path.join(root, ...under), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((e) => e.isFile()).length;
}

// Every file of the store belongs to a record, and nothing is left of what was interrupted.
async function assertNoOrphans(server) {
  const { body } = await server.json("/v1/files?limit=500");
  assert.equal(await files(server.root, "store", "blobs"), new Set(body.files.map((f) => f.sha256)).size);
  assert.equal(await files(server.root, "store", "previews"), body.files.filter((f) => f.preview).length);
  assert.equal(await files(server.root, "store", "renditions"), body.files.reduce((n, f) => n + f.renditions.length, 0));
  assert.equal(await files(server.root, "store", "archives"), body.files.filter((f) => f.archive).length);
  assert.deepEqual(await restInStaging(server.root), []);
  assert.deepEqual(await readdir(path.join(server.root, "system", "work")), []);
}
