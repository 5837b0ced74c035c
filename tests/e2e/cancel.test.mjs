// Whoever stops a file's processing or removes the file, ends the work at once: within a second on a machine with time to spare.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Listener } from "./listener.mjs";
import { inodeOf, workingOn } from "./processes.mjs";
import { Server, encoding } from "./server.mjs";

// Ten times what is promised: others may need the processor, too. The encode itself would take longer still.
const patience_ms = 10_000;
// One job at a time: what waits behind the video begins only when its work has ended.
const slow = { ...encoding, "video.preset": "veryslow", "video.threads": "1", "video.stills": "0", "video.motion_seconds": "0", "video.sprite_tiles": "0", "lanes.batch": "1" };

let server;

before(async () => {
  server = await Server.start({ settings: slow });
});

after(() => server.dispose());

/** Waits until something holds, not long after @p since, a time of performance.now(). @returns after how many ms. */
async function within(since, holds, otherwise) {
  while (!(await holds())) {
    assert.ok(performance.now() - since < patience_ms, otherwise);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - since;
}

/** Uploads a video and waits until a worker encodes it, a photo waiting behind it. */
async function busy(listener) {
  const { body: video } = await server.upload("video.mp4");
  await listener.until((f) => f.type === "file.progress" && f.id === video.id && f.stage === "compress");
  const inode = await inodeOf(server, video);
  // Else nothing would be said by none being there later.
  await within(performance.now(), async () => (await workingOn(server, inode)).length > 0, "the process that encodes is not seen");
  const { body: photo } = await server.upload("photo.jpg");
  return { video, inode, photo };
}

async function ends(t, { ask, event, story }) {
  const listener = await Listener.connect(server);
  const { video, inode, photo } = await busy(listener);
  const since = performance.now();
  await ask(video.id);
  const answered = performance.now() - since;
  await listener.until((f) => f.type === event && (f.file?.id ?? f.id) === video.id);
  const told = performance.now() - since;
  const idle = async () => (await workingOn(server, inode)).length === 0;
  const ended = await within(since, idle, "a worker goes on with a file that nobody wants");
  t.diagnostic(`answer after ${answered.toFixed(0)} ms, event after ${told.toFixed(0)} ms, no process after ${ended.toFixed(0)} ms`);
  assert.ok(told < patience_ms, `the event came after ${told.toFixed(0)} ms`);

  // The one behind it is made now, and until then nobody hears of the video again.
  assert.equal((await server.finished(photo.id, 60)).status, "ready");
  await listener.until((f) => f.type === "file.ready" && f.file.id === photo.id);
  const of = (f) => f.file?.id ?? f.id;
  const types = listener.frames.filter((f) => of(f) === video.id).map((f) => f.type);
  assert.equal(types.at(-1), event);
  assert.deepEqual(types.filter((type) => !type.endsWith(".progress")), story);
  const order = listener.stored.filter((f) => [event, "file.ready"].includes(f.type)).map(of);
  assert.deepEqual(order, [video.id, photo.id]);
  const tidy = async () => (await readdir(path.join(server.root, "system", "work"))).length === 0;
  await within(performance.now(), tidy, "something of a job was left behind");
  await listener.close();
  return video;
}

test("cancelling a video that is encoded ends the work on it", async (t) => {
  const video = await ends(t, {
    ask: async (id) => {
      const { status, body } = await server.json(`/v1/files/${id}/cancel`, { method: "POST" });
      assert.deepEqual([status, body.status], [200, "cancelled"]);
    },
    event: "file.cancelled",
    story: ["file.registered", "file.processing", "file.preview", "file.cancelled"],
  });
  const kept = await fetch(`${server.url}/v1/files/${video.id}/content`, { method: "HEAD" });
  assert.equal(kept.status, 200);
  assert.equal((await fetch(`${server.url}/v1/files/${video.id}?permanent=1`, { method: "DELETE" })).status, 204);
});

test("removing a video that is encoded ends the work on it", async (t) => {
  const video = await ends(t, {
    ask: async (id) => {
      const { status } = await fetch(`${server.url}/v1/files/${id}?permanent=1`, { method: "DELETE" });
      assert.equal(status, 204);
    },
    event: "file.deleted",
    story: ["file.registered", "file.processing", "file.preview", "file.cancelled", "file.deleted"],
  });
  assert.equal((await server.json(`/v1/files/${video.id}`)).status, 404);
});
