// A small disk that really fills up.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import { Model } from "./model.mjs";
import { Server } from "./server.mjs";
import { onSmallDisk } from "./small_disk.mjs";

const mib = 1 << 20;

async function fill(model, bytes) {
  for (let i = 0; i < 1_000; ++i) {
    const status = await model.post(randomBytes(bytes));
    if (status !== 201) return status;
  }
  return "never full";
}

/** Waits until nothing is made of the files any more: what a job writes takes room and gives it back. */
async function rest(server, model) {
  const work = path.join(server.root, "system", "work");
  const isWorkedOn = (id) => readdirSync(work).some((folder) => folder.startsWith(id));
  const deadline = performance.now() + 60_000;
  for (const id of model.files.keys())
    while (!["ready", "failed"].includes((await server.json(`/v1/files/${id}`)).body.status) || isWorkedOn(id)) {
      assert.ok(performance.now() < deadline, `${id} does not end`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

/** Until not even a small file fits while nobody else takes or gives. */
async function fillUp(server, model) {
  for (let before = -1; before < model.files.size;) {
    before = model.files.size;
    for (const bytes of [5 * mib, 512 * 1024, 16 * 1024]) assert.equal(await fill(model, bytes), 507);
    await rest(server, model);
  }
}

async function play(root) {
  const server = await Server.start({ root, settings: { "uploads.in_memory_below": "0B", "processing.max_attempts": 1 } });
  const model = new Model(server);
  try {
    const open = await model.create(3 * mib);
    if (open) assert.equal(await model.patch(open, mib), 204);
    await fillUp(server, model);
    if (open) assert.equal(await model.patch(open, 2 * mib), 507);
    await model.check();
    // A restart on the full disk loses nothing either.
    await server.stop();
    await server.launch();
    await model.check();
    const [largest] = [...model.files].sort(([, a], [, b]) => b.length - a.length)[0];
    assert.equal(await model.remove(largest), 204);
    if (open) assert.equal(await model.patch(open, 2 * mib), 204);
    assert.equal(await model.post(randomBytes(mib)), 201);
    await model.check();
  } finally {
    await server.dispose().catch(() => {});
  }
}

onSmallDisk(import.meta.url, "a full disk is said to be full, nothing is lost, and what is freed can be used", play);
