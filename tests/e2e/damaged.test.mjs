// Damaged and hostile files end as failed, with a code and a sentence, or show what of them is there; their originals stay.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Server, data } from "./server.mjs";

let server;

before(async () => {
  server = await Server.start();
});

after(() => server.dispose());

for (const [name, code] of [
  ["corrupt.jpg", "corrupt_media"],
  ["truncated.mp4", "corrupt_media"], ["corrupt.mp4", "corrupt_media"],
  ["truncated.pdf", "corrupt_media"], ["corrupt.pdf", "corrupt_media"], ["encrypted.pdf", "password_protected"]])
  test(`${name} fails with ${code} at the first attempt and its original stays`, async () => {
    const { status, body } = await server.upload(name);
    assert.equal(status, 201);
    const record = await server.finished(body.id);
    assert.equal(record.status, "failed");
    assert.equal(record.failure.code, code);
    assert.match(record.failure.message, /^[A-Z].*\.$/);
    assert.equal(record.attempt, 1);
    const original = await fetch(`${server.url}/v1/files/${record.id}/content`);
    assert.deepEqual(Buffer.from(await original.arrayBuffer()), await readFile(path.join(data, name)));
  });

for (const name of ["truncated.jpg", "truncated.png"])
  test(`${name} shows what is there and says that a part is missing`, async () => {
    const { body } = await server.upload(name);
    const record = await server.finished(body.id);
    assert.equal(record.status, "ready");
    assert.equal(record.media.damage, "incomplete");
    assert.ok(record.preview && record.renditions.length > 0);
  });

test("a playlist that calls itself a video is text and opens nothing", async () => {
  const { body } = await server.upload("playlist.mp4");
  const record = await server.finished(body.id);
  assert.equal(record.profile, "document");
  assert.equal(record.media_type, "text/plain");
});

test("after all of that the server still works", async () => {
  const { body } = await server.upload("photo.jpg");
  assert.equal((await server.finished(body.id)).status, "ready");
});
