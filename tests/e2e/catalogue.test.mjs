// What owners do with what is kept: lists, names, tags, the trash, many at once; and that others' uploads go on meanwhile.
import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Listener } from "./listener.mjs";
import { Server } from "./server.mjs";

let server;
let listener;

before(async () => {
  server = await Server.start({ settings: { "processing.max_backlog": 100_000 } });
  listener = await Listener.connect(server);
});

after(async () => {
  await listener.close();
  await server.dispose();
});

const sent = (method, body, headers = {}) => ({ method, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
const list = async (query = "") => (await server.json(`/v1/files${query}`)).body;
const names = async (query) => (await list(query)).files.map((file) => file.name);
const isThere = (...parts) => access(path.join(server.root, "users", "local", ...parts)).then(() => true, () => false);

async function take(name, bytes) {
  const { status, body } = await server.json(`/v1/files?name=${encodeURIComponent(name)}`, { method: "POST", body: bytes });
  assert.equal(status, 201);
  return body;
}

test("a file is called, tagged and found by it, and all who listen hear of it once", async () => {
  const { body } = await server.upload("photo.jpg", "IMG_1.jpg");
  await server.finished(body.id);
  const { headers } = await server.json(`/v1/files/${body.id}`);
  const change = { name: "Strand am Morgen.jpg", tags: ["Meer", "Sommer"], favourite: true, description: "Juist", metadata: { camera: { lens: 35 } } };
  const changed = await server.json(`/v1/files/${body.id}`, sent("PATCH", change, { "If-Match": headers.get("etag") }));
  assert.equal(changed.status, 200);
  for (const [member, value] of Object.entries(change)) assert.deepEqual(changed.body[member], value);
  const late = await server.json(`/v1/files/${body.id}`, sent("PATCH", { favourite: false }, { "If-Match": headers.get("etag") }));
  assert.deepEqual([late.status, late.body.code], [412, "precondition_failed"]);
  const told = await listener.until((f) => f.type === "file.updated" && f.file.id === body.id);
  assert.deepEqual(told.file.tags, change.tags);
  assert.equal(listener.story(body.id).filter((type) => type === "file.updated").length, 1);
  assert.ok(await isThere("originals", change.name));
  assert.ok(await isThere("previews", `${change.name}.webp`));
  assert.ok(await isThere("renditions", change.name));
  assert.ok(!(await isThere("originals", "IMG_1.jpg")));
  assert.deepEqual(await names("?tag=meer&sort=name"), [change.name]);
  assert.deepEqual(await names("?favourite=true&profile=image"), [change.name]);
  assert.deepEqual((await server.json("/v1/tags")).body.items, [{ name: "Meer", files: 1 }, { name: "Sommer", files: 1 }]);
});

test("a deleted file comes back from the trash as it was", async () => {
  const { body } = await server.upload("photo.jpg", "trash.jpg");
  const record = await server.finished(body.id);
  assert.equal((await fetch(`${server.url}/v1/files/${body.id}`, { method: "DELETE" })).status, 204);
  await listener.until((f) => f.type === "file.trashed" && f.file.id === body.id);
  assert.equal((await server.json(`/v1/files/${body.id}`)).status, 404);
  assert.equal((await fetch(server.url + record.preview.url)).status, 404);
  assert.equal((await fetch(`${server.url}${record.preview.url}?trash=1`)).status, 200);
  assert.deepEqual(await names("?trash=1"), ["trash.jpg"]);
  assert.ok(!(await isThere("originals", "trash.jpg")));
  await server.stop();
  await server.restart();
  listener = await Listener.connect(server);
  const restored = await server.json(`/v1/files/${body.id}/restore`, { method: "POST" });
  assert.equal(restored.status, 200);
  await listener.until((f) => f.type === "file.restored" && f.file.id === body.id);
  assert.deepEqual(restored.body.renditions, record.renditions);
  assert.ok(await isThere("renditions", "trash.jpg"));
  assert.equal((await fetch(server.url + record.links.content, { method: "HEAD" })).status, 200);
});

test("a thousand files are changed while others' uploads go on", async () => {
  const ids = [];
  for (let i = 0; i < 1000; i += 50)
    ids.push(...(await Promise.all(Array.from({ length: 50 }, (_, n) => take(`many ${i + n}.bin`, `${i + n}`)))).map((file) => file.id));
  const took = [];
  let isOver = false;
  const others = (async () => {
    for (let i = 0; !isOver; ++i) {
      const began = performance.now();
      await take("other.bin", `other ${i}`);
      took.push(performance.now() - began);
    }
  })();
  const changed = await server.json("/v1/files/batch", sent("POST", { ids, do: "patch", patch: { tags: ["many"] } }));
  isOver = true;
  await others;
  assert.equal(changed.status, 200);
  assert.deepEqual([...new Set(changed.body.items.map((one) => one.status))], [200]);
  took.sort((a, b) => a - b);
  console.log(`uploads during the batch: ${took.length}, median ${took[took.length >> 1]?.toFixed()} ms, longest ${took.at(-1)?.toFixed()} ms`);
  // Far more than it takes: other tests run beside this one.
  assert.ok(took.at(-1) < 2000);
  assert.equal((await list("?tag=many&limit=1")).total, 1000);
  const removed = await server.json("/v1/files/batch", sent("POST", { ids, do: "delete" }));
  assert.ok(removed.body.items.every((one) => one.status === 200));
  assert.equal((await list("?trash=1&limit=1")).total, 1000);
  assert.equal((await fetch(`${server.url}/v1/trash`, { method: "DELETE" })).status, 204);
  assert.equal((await list("?trash=1")).total, 0);
});
