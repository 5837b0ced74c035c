// Uploads by tus 1.0 with the clients that people use: tus-js-client, Uppy, curl.
import assert from "node:assert/strict";
import buffer from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { writeFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import Uppy from "@uppy/core";
import UppyTus from "@uppy/tus";
import * as tus from "tus-js-client";
import { Server, tool } from "./server.mjs";

globalThis.File ??= buffer.File; // Uppy wants it, and Node.js 18 has it there alone

const MiB = 1 << 20;
const bytes = randomBytes(9 * MiB + 17);

let server;

before(async () => {
  server = await Server.start({ settings: { "uploads.preview_wait": "0ms" } });
});

after(() => server.dispose());

const sha256 = (data) => createHash("sha256").update(data).digest("hex");

/** Runs an upload to its end. */
function run(source, options) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(source, {
      endpoint: `${server.url}/v1/files`,
      retryDelays: null,
      metadata: { filename: "größe.bin" },
      ...options,
      onError: reject,
      onSuccess: () => resolve(upload),
    });
    upload.start();
  });
}

async function check(url, content = bytes) {
  const { status, body } = await server.json(new URL(url, server.url).pathname);
  assert.equal(status, 200);
  assert.equal(body.bytes, content.length);
  assert.equal(body.sha256, sha256(content));
  return body;
}

test("tus-js-client uploads in pieces and the file has its name", async () => {
  const upload = await run(bytes, { chunkSize: 2 * MiB });
  assert.equal((await check(upload.url)).name, "größe.bin");
});

test("tus-js-client sends the first bytes with the creation", async () => {
  const upload = await run(bytes, { chunkSize: 4 * MiB, uploadDataDuringCreation: true });
  await check(upload.url);
});

test("tus-js-client says the length last", async () => {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 100_000) pieces.push(bytes.subarray(at, at + 100_000));
  const upload = await run(Readable.from(pieces, { objectMode: false }), { chunkSize: MiB, uploadLengthDeferred: true, uploadSize: null });
  await check(upload.url);
});

test("tus-js-client uploads parts in parallel, and they become one file", async () => {
  const before = (await server.json("/v1/files")).body.files.length;
  const upload = await run(bytes, { chunkSize: MiB, parallelUploads: 3 });
  await check(upload.url);
  assert.equal((await server.json("/v1/files")).body.files.length, before + 1);
});

test("tus-js-client sends nothing, and that is a file", async () => {
  const upload = await run(Buffer.alloc(0), {});
  await check(upload.url, Buffer.alloc(0));
});

test("tus-js-client goes on after it was aborted", async () => {
  let upload;
  await new Promise((resolve, reject) => {
    upload = new tus.Upload(bytes, {
      endpoint: `${server.url}/v1/files`,
      chunkSize: MiB,
      retryDelays: null,
      onError: reject,
      onChunkComplete: (size, done) => {
        if (done >= 3 * MiB) resolve(upload.abort());
      },
    });
    upload.start();
  });
  const head = await fetch(upload.url, { method: "HEAD", headers: { "tus-resumable": "1.0.0" } });
  assert.ok(Number(head.headers.get("upload-offset")) >= 3 * MiB);
  const sent = [];
  await run(bytes, { uploadUrl: upload.url, endpoint: null, chunkSize: MiB, onChunkComplete: (size, done) => sent.push(done) });
  assert.ok(sent[0] > 3 * MiB, "it did not begin again");
  await check(upload.url);
});

test("tus-js-client goes on by itself after the server was killed and restarted", async () => {
  let killed;
  const upload = await run(bytes, {
    chunkSize: MiB,
    retryDelays: [100, 500, 1000, 2000, 4000, 8000],
    onChunkComplete: (size, done) => {
      if (!killed && done >= 2 * MiB) killed = server.kill().then(() => server.restart());
    },
  });
  assert.ok(killed, "nothing was killed");
  await killed;
  await check(upload.url);
});

test("tus-js-client ends an upload, and it is gone", async () => {
  let upload;
  await new Promise((resolve, reject) => {
    upload = new tus.Upload(bytes, {
      endpoint: `${server.url}/v1/files`,
      chunkSize: MiB,
      retryDelays: null,
      onError: reject,
      onChunkComplete: () => resolve(upload.abort(true)),
    });
    upload.start();
  });
  const head = await fetch(upload.url, { method: "HEAD", headers: { "tus-resumable": "1.0.0" } });
  assert.equal(head.status, 404);
});

test("tus-js-client may hide PATCH in POST", async () => {
  const upload = await run(bytes, { chunkSize: 4 * MiB, overridePatchMethod: true });
  await check(upload.url);
});

test("Uppy uploads a file", async () => {
  const uppy = new Uppy({ logger: { debug() {}, warn: console.warn, error: console.error } });
  // Uppy takes every request for a browser's, and sets fields of it.
  const httpStack = new tus.DefaultHttpStack({});
  const create = httpStack.createRequest.bind(httpStack);
  httpStack.createRequest = (...args) => Object.assign(create(...args), { getUnderlyingObject: () => ({}) });
  uppy.use(UppyTus, { endpoint: `${server.url}/v1/files`, chunkSize: 4 * MiB, retryDelays: null, httpStack });
  // Outside a browser tus-js-client, which Uppy uses, takes no Blob.
  const data = Object.assign(Buffer.from(bytes), { type: "application/octet-stream" });
  Object.defineProperty(data, "size", { value: bytes.length });
  uppy.addFile({ name: "uppy.bin", type: data.type, data });
  const { successful, failed } = await uppy.upload();
  assert.equal(failed.length, 0, failed[0]?.error);
  assert.equal((await check(successful[0].tus.uploadUrl ?? successful[0].uploadURL)).name, "uppy.bin");
  uppy.destroy();
});

test("curl goes on with what it was told is there", async () => {
  const file = path.join(tmpdir(), `mediad-tus-${process.pid}`);
  const headers = ["-H", "Tus-Resumable: 1.0.0"];
  const made = await server.curl("-X", "POST", ...headers, "-H", `Upload-Length: ${bytes.length}`, `${server.url}/v1/files`);
  assert.equal(made.status, 201);
  const url = server.url + made.headers.location;
  try {
    let offset = 0;
    for (const end of [5 * MiB, bytes.length]) {
      await writeFile(file, bytes.subarray(offset, end));
      const out = await tool("curl", "-sS", "-i", "-X", "PATCH", ...headers, "-H", "Content-Type: application/offset+octet-stream",
        "-H", `Upload-Offset: ${offset}`, "-H", `Upload-Checksum: sha256 ${createHash("sha256").update(bytes.subarray(offset, end)).digest("base64")}`,
        "-H", "Expect:", "--data-binary", `@${file}`, url);
      assert.match(out, /^HTTP\/1\.1 204 /);
      offset = Number(/^upload-offset: (\d+)/im.exec(await tool("curl", "-sS", "-I", ...headers, url))[1]);
      assert.equal(offset, end);
    }
    await check(url);
  } finally {
    await rm(file, { force: true });
  }
});

test("an upload over many parts is joined in the background", async () => {
  const part = randomBytes(40 * MiB);
  const headers = { "tus-resumable": "1.0.0", "content-type": "application/offset+octet-stream" };
  const places = [];
  for (let i = 0; i < 2; ++i) {
    const answer = await fetch(`${server.url}/v1/files`, { method: "POST", body: part, headers: { ...headers, "upload-concat": "partial", "upload-length": String(part.length) } });
    assert.equal(answer.status, 201);
    places.push(answer.headers.get("location"));
  }
  const made = await fetch(`${server.url}/v1/files`, { method: "POST", headers: { "tus-resumable": "1.0.0", "upload-concat": `final;${places.join(" ")}` } });
  assert.equal(made.status, 201);
  const place = made.headers.get("location");
  await server.json(`${place}?wait=20`);
  const record = await server.finished(place.split("/").at(-1));
  assert.equal(record.bytes, 80 * MiB);
  assert.equal(record.sha256, sha256(Buffer.concat([part, part])));
  for (const gone of places) assert.equal((await fetch(server.url + gone)).status, 404);
});
