// A large archive is nowhere on disk and still a ZIP that every tool reads, in one go or in ranges.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { Server, data, tool } from "./server.mjs";

let server;
let scratch;
let record;
let zip;

before(async () => {
  server = await Server.start({ settings: { "archive.copy_below": "1MiB" } });
  scratch = await mkdtemp(path.join(tmpdir(), "mediad-e2e-zip-"));
  const { body } = await server.upload("video.mp4", "Überfahrt.mp4");
  record = await server.finished(body.id);
  assert.equal(record.status, "ready", JSON.stringify(record.failure));
  zip = await server.download(record.archive.url, path.join(scratch, "archive.zip"));
});

after(async () => {
  await server.dispose();
  await rm(scratch, { recursive: true, force: true });
});

test("no second copy is kept and the person's folder shows no broken ZIP", async () => {
  const kept = path.join(server.root, "store", "archives");
  const names = (await readdir(kept, { recursive: true })).filter((name) => name.endsWith(".zip"));
  assert.equal(names.length, 1);
  assert.ok((await stat(path.join(kept, names[0]))).size < record.archive.bytes - record.bytes);
  assert.deepEqual(await readdir(path.join(server.root, "users", "local", "archives")), []);
  assert.equal(record.archive.sha256, null);
});

test("unzip and Python read all of it", async () => {
  assert.equal((await stat(zip)).size, record.archive.bytes);
  await tool("unzip", "-tqq", zip);
  const names = (await tool("python3", "-c", "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint('\\n'.join(z.namelist()))", zip)).trim().split("\n");
  assert.deepEqual(names, ["Überfahrt.mp4", ...record.renditions.map((r) => `renditions/${r.name}`), "manifest.json"]);
});

test("its manifest has the digest of every member", async () => {
  const manifest = JSON.parse(await tool("unzip", "-p", zip, "manifest.json"));
  assert.equal(manifest.format, "mediad.archive.v1");
  assert.equal(manifest.files[0].sha256, record.sha256);
  assert.deepEqual(manifest.files.slice(1).map((f) => f.sha256), record.renditions.map((r) => r.sha256));
  await tool("unzip", "-qq", zip, "-d", path.join(scratch, "out"));
  for (const { name, sha256, bytes } of manifest.files) {
    const content = await readFile(path.join(scratch, "out", name));
    assert.equal(content.length, bytes);
    assert.equal(createHash("sha256").update(content).digest("hex"), sha256);
  }
});

test("curl gets it in pieces and resumes it, and its ETag holds", async () => {
  const whole = await readFile(zip);
  const url = server.url + record.archive.url;
  const head = await fetch(url, { method: "HEAD" });
  assert.equal(Number(head.headers.get("content-length")), whole.length);
  const etag = head.headers.get("etag");
  assert.match(etag, /^"[0-9a-f]{32}"$/);
  for (const [first, last] of [[0, 0], [10, 99], [1000, record.bytes + 5000], [record.bytes - 10, record.bytes + 300], [whole.length - 100, whole.length - 1]]) {
    const part = path.join(scratch, "part");
    await tool("curl", "-sf", "-r", `${first}-${last}`, "-o", part, url);
    assert.ok((await readFile(part)).equals(whole.subarray(first, last + 1)), `${first}-${last}`);
  }
  const resumed = path.join(scratch, "resumed.zip");
  await writeFile(resumed, whole.subarray(0, record.bytes / 2));
  await tool("curl", "-sf", "-C", "-", "-H", `If-Range: ${etag}`, "-o", resumed, url);
  assert.ok((await readFile(resumed)).equals(whole));
  assert.equal((await fetch(url, { headers: { "If-None-Match": etag } })).status, 304);
});

test("the same file makes the same archive and nothing of it stays when it is removed", async () => {
  const { body } = await server.upload("video.mp4", "Überfahrt.mp4");
  const again = await server.finished(body.id);
  const second = await server.download(again.archive.url, path.join(scratch, "second.zip"));
  assert.ok((await readFile(second)).equals(await readFile(zip)));
  assert.equal((await fetch(`${server.url}${again.links.self}?permanent=1`, { method: "DELETE" })).status, 204);
  assert.equal((await fetch(server.url + again.archive.url)).status, 404);
  await tool("unzip", "-tqq", await server.download(record.archive.url, path.join(scratch, "still.zip")));
});
