// The preview of a JPEG or a HEIC file is made while its bytes arrive: it is there before the upload's last byte is sent.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { ietf, tus } from "./doors.mjs";
import { Server, data } from "./server.mjs";

const patience = 60_000;
// What follows the picture fills every buffer that its end may wait in.
const file = Buffer.concat([readFileSync(path.join(data, "photo.jpg")), Buffer.alloc(1 << 20)]);

// The same, in a box that readers leap over (ISO/IEC 14496-12, 8.1.2).
const filler = Buffer.alloc(1 << 20);
filler.writeUInt32BE(filler.length);
filler.write("free", 4);
const heic = Buffer.concat([readFileSync(path.join(data, "photo.heic")), filler]);

let server;

before(async () => {
  server = await Server.start();
});

after(() => server.dispose());

/** A request whose body is sent in pieces. */
class Slow {
  constructor(method, target, headers) {
    this.request = http.request(new URL(target, server.url), { method, headers });
    this.answer = new Promise((resolve, reject) => {
      this.request.once("error", reject);
      this.request.once("response", async (response) => {
        let text = "";
        for await (const piece of response) text += piece;
        resolve({ status: response.statusCode, headers: response.headers, body: text && JSON.parse(text) });
      });
    });
    this.answer.catch(() => {});
  }

  write(bytes) {
    return new Promise((resolve) => this.request.write(bytes, resolve));
  }

  end(bytes) {
    this.request.end(bytes);
    return this.answer;
  }
}

const folders = async () => readdir(path.join(server.root, "system/work"));

/** Waits until one of the uploads that arrive has its preview. */
async function earlyPreview() {
  const until = Date.now() + patience;
  for (;;) {
    for (const name of await folders()) {
      if (!name.endsWith("-0")) continue;
      const made = await readdir(path.join(server.root, "system/work", name)).catch(() => []);
      if (made.includes("preview.webp")) return name.slice(0, -2);
    }
    assert.ok(Date.now() < until, "no preview was made while the file arrived");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Where an upload that was cut off goes on, once the server knows of its first bytes: the request
 * that asks may overtake the one that brought them.
 */
async function resumable(target, door) {
  const until = Date.now() + patience;
  for (;;) {
    const { headers } = await new Slow("HEAD", target, door.asking).end();
    const offset = Number(headers["upload-offset"]);
    if (offset > 0) return offset;
    assert.ok(Date.now() < until, "none of the bytes sent has arrived");
  }
}

async function checkRecord(id, type = "image/jpeg") {
  const { body } = await server.json(`/v1/files/${id}`);
  assert.ok(body.preview, "no preview");
  assert.deepEqual([body.preview.width, body.preview.height], [320, 240]);
  assert.equal(body.profile, "image");
  assert.equal(body.media_type, type);
  assert.equal((await server.finished(id)).status, "ready");
  assert.ok(!(await folders()).some((name) => name.startsWith(id)), "a work folder was left");
}

test("a raw body has its preview before its last byte, and in its answer", async () => {
  const upload = new Slow("POST", "/v1/files?name=raw.jpg", { "Content-Type": "image/jpeg", "Content-Length": file.length });
  await upload.write(file.subarray(0, -1));
  const early = await earlyPreview();
  const { status, body } = await upload.end(file.subarray(-1));
  assert.equal(status, 201);
  assert.equal(body.id, early);
  assert.ok(body.preview, "no preview in the answer");
  await checkRecord(body.id);
});

test("a HEIC file has its preview before its last byte, and in its answer", async () => {
  const upload = new Slow("POST", "/v1/files?name=phone.heic", { "Content-Type": "image/heic", "Content-Length": heic.length });
  await upload.write(heic.subarray(0, -1));
  const early = await earlyPreview();
  const { status, body } = await upload.end(heic.subarray(-1));
  assert.equal(status, 201);
  assert.equal(body.id, early);
  assert.ok(body.preview, "no preview in the answer");
  await checkRecord(body.id, "image/heic");
});

test("a file of a form has its preview before its last byte, and in its answer", async () => {
  const head = Buffer.from('--b\r\nContent-Disposition: form-data; name="f"; filename="form.jpg"\r\n\r\n');
  const upload = new Slow("POST", "/v1/files", { "Content-Type": "multipart/form-data; boundary=b" });
  await upload.write(Buffer.concat([head, file]));
  const early = await earlyPreview();
  const { body } = await upload.end("\r\n--b--\r\n");
  assert.equal(body.id, early);
  assert.ok(body.preview, "no preview in the answer");
  await checkRecord(body.id);
});

for (const door of [tus, ietf])
  test(`an upload by ${door.name} that was cut off goes on with its preview`, async () => {
    const created = await new Slow("POST", "/v1/files", {
      ...door.creation({ name: `${door.name}.jpg`, bytes: file.length, body: 0 }), "Content-Length": 0 }).end();
    assert.equal(created.status, 201);
    const target = new URL(created.headers.location, server.url).pathname;
    const half = Math.floor(file.length / 2);
    const append = (offset, last) => new Slow("PATCH", target, {
      ...door.appending({ offset, last }), "Content-Length": file.length - offset });
    const first = append(0, true);
    await first.write(file.subarray(0, half));
    first.request.destroy();
    const offset = await resumable(target, door);
    assert.ok(offset <= half);
    const rest = append(offset, true);
    await rest.write(file.subarray(offset, -1));
    const early = await earlyPreview();
    const { status } = await rest.end(file.subarray(-1));
    assert.ok(status < 300, `${status}`);
    assert.ok(target.endsWith(early));
    await checkRecord(early);
  });

test("an upload that is never finished leaves nothing behind", async () => {
  const upload = new Slow("POST", "/v1/files?name=gone.jpg", { "Content-Length": file.length });
  await upload.write(file.subarray(0, -1));
  await earlyPreview();
  upload.request.destroy();
  const until = Date.now() + patience;
  while ((await folders()).length > 0) {
    assert.ok(Date.now() < until, "its folder is still there");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test("a server that is killed while a preview is made starts without what is left of it", async () => {
  const upload = new Slow("POST", "/v1/files?name=killed.jpg", { "Content-Length": file.length });
  await upload.write(file.subarray(0, -1));
  await earlyPreview();
  await server.kill();
  await server.restart();
  assert.deepEqual(await folders(), []);
});
