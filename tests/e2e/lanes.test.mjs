// A preview is quick: on an idle server, and beside a long video. Alone on the machine (RUN_SERIAL).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Listener } from "./listener.mjs";
import { Server, encoding } from "./server.mjs";

let server;

before(async () => {
  server = await Server.start({ settings: encoding });
});

after(() => server.dispose());

test("the answer to a photo holds its preview", async () => {
  const { status, body } = await server.upload("photo.jpg");
  assert.equal(status, 201);
  assert.ok(body.preview, "no preview in the answer");
  assert.deepEqual([body.preview.width, body.preview.height], [320, 240]);
  const preview = await fetch(server.url + body.preview.url);
  assert.equal(preview.status, 200);
  assert.equal(preview.headers.get("content-type"), "image/webp");
  await server.finished(body.id);
});

test("beside a long video a photo still gets its preview in the answer", async () => {
  const listener = await Listener.connect(server);
  const video = (await server.upload("video.mp4")).body.id;
  await listener.until((f) => f.type === "file.progress" && f.id === video && f.stage === "compress");
  const { body } = await server.upload("photo.jpg");
  assert.ok(body.preview, "no preview in the answer");
  const { body: beside } = await server.json(`/v1/files/${video}`);
  assert.equal(beside.status, "processing");
  assert.equal((await server.finished(video)).status, "ready");
  await listener.close();
});
