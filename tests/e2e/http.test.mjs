// What any HTTP client may expect: errors with codes, ranges, conditions, limits.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { Server, data, encoding } from "./server.mjs";

let server;
let photo;

before(async () => {
  server = await Server.start({ settings: { "uploads.max_file": "8MiB" } });
  photo = await server.finished((await server.upload("photo.jpg")).body.id);
});

after(() => server.dispose());

/** Sends bytes as they are and answers with what came until the server closed or went quiet. */
function raw(text) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, "127.0.0.1", () => socket.write(text));
    let got = "";
    socket.on("data", (bytes) => {
      got += bytes;
      if (got.includes("\r\n\r\n")) socket.end();
    });
    socket.on("close", () => resolve(got));
    socket.on("error", reject);
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer; got ${got}`)));
  });
}

async function problem(answer, status, code) {
  assert.equal(answer.status, status);
  assert.match(answer.headers.get("content-type"), /^application\/problem\+json/);
  const body = await answer.json();
  assert.equal(body.status, status);
  assert.equal(body.code, code);
  assert.ok(body.title);
}

test("an unknown route is 404 and a wrong method 405 with Allow", async () => {
  await problem(await fetch(`${server.url}/v1/nothing`), 404, "not_found");
  await problem(await fetch(`${server.url}/v1/files/01HZZZZZZZZZZZZZZZZZZZZZZZ`), 404, "not_found");
  const answer = await fetch(`${server.url}/v1/files`, { method: "PUT", body: "x" });
  assert.match(answer.headers.get("allow"), /GET/);
  assert.match(answer.headers.get("allow"), /POST/);
  assert.equal(answer.status, 405);
});

test("a declared length over the limit is 413 before the body is sent", async () => {
  const got = await raw(`POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 99999999\r\n\r\n`);
  assert.match(got, /^HTTP\/1\.1 413 /);
  assert.match(got, /"code":"too_large"/);
});

test("a body that turns out too large is 413 and leaves nothing", async () => {
  const files = async () => (await server.json("/v1/files")).body.files.length;
  const before = await files();
  const body = new ReadableStream({
    start(c) { this.left = 40; },
    pull(c) { if (this.left-- > 0) c.enqueue(new Uint8Array(256 * 1024)); else c.close(); },
  });
  const answer = await fetch(`${server.url}/v1/files?name=big.bin`, { method: "POST", body, duplex: "half" }).catch(() => null);
  if (answer) assert.equal(answer.status, 413);
  // A client that is still sending may see the connection close before the server has cleaned up.
  for (let tries = 100; tries > 0 && (await files()) !== before; --tries) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await files(), before);
});

test("a malformed form is 400", async () => {
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  await problem(await fetch(`${server.url}/v1/files`, { method: "POST", headers, body: "--b\r\nnonsense" }), 400, "bad_request");
  await problem(await fetch(`${server.url}/v1/files`, { method: "POST", headers: { "content-type": "multipart/form-data" }, body: "x" }), 400, "bad_request");
});

test("ambiguous framing is refused", async () => {
  for (const lines of ["Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Content-Length: 5\r\nContent-Length: 6"]) {
    const got = await raw(`POST /v1/files HTTP/1.1\r\nHost: localhost\r\n${lines}\r\n\r\nhello`);
    assert.match(got, /^HTTP\/1\.1 400 /, lines);
  }
  assert.match(await raw("GET /livez HTTP/1.1\r\n\r\n"), /^HTTP\/1\.1 400 /);
});

test("bytes come whole, in ranges and on condition", async () => {
  const whole = await readFile(path.join(data, "photo.jpg"));
  const url = `${server.url}/v1/files/${photo.id}/content`;
  const all = await fetch(url);
  assert.deepEqual(Buffer.from(await all.arrayBuffer()), whole);
  assert.equal(all.headers.get("x-content-type-options"), "nosniff");
  assert.equal(all.headers.get("accept-ranges"), "bytes");
  const etag = all.headers.get("etag");
  assert.match(etag, /^"[^"]+"$/);
  const part = await fetch(url, { headers: { range: "bytes=1000-1999" } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("content-range"), `bytes 1000-1999/${whole.length}`);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), whole.subarray(1000, 2000));
  const tail = await fetch(url, { headers: { range: "bytes=-7", "if-range": etag } });
  assert.deepEqual(Buffer.from(await tail.arrayBuffer()), whole.subarray(-7));
  assert.equal((await fetch(url, { headers: { range: `bytes=${whole.length}-` } })).status, 416);
  assert.equal((await fetch(url, { headers: { "if-none-match": etag } })).status, 304);
  const head = await fetch(url, { method: "HEAD" });
  assert.equal(head.headers.get("content-length"), String(whole.length));
});

test("a name of any script survives, and one with tricks does no harm", async () => {
  for (const name of ["東京 №1.jpg", "..%2f..%2fetc%2fpasswd", "a\"b\\c.txt", "-rf", ".", ".."]) {
    const { body, status } = await server.json(`/v1/files?name=${encodeURIComponent(name)}`, { method: "POST", body: "hello" });
    assert.equal(status, 201, name);
    const record = await server.finished(body.id);
    assert.equal(record.status, "ready");
    const content = await fetch(`${server.url}/v1/files/${body.id}/content`);
    assert.match(content.headers.get("content-disposition"), /filename/);
  }
});

test("the list pages through everything once, newest first", async () => {
  const seen = [];
  let cursor = "";
  do {
    const { body } = await server.json(`/v1/files?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...body.files.map((f) => f.id));
    cursor = body.cursor;
  } while (cursor);
  assert.ok(seen.length >= 7);
  assert.deepEqual(seen, [...new Set(seen)].sort().reverse());
  assert.equal((await server.json("/v1/files?limit=banana")).status, 400);
  const images = (await server.json("/v1/files?profile=image")).body.files;
  assert.ok(images.length >= 1 && images.every((f) => f.profile === "image"));
});

test("a backlog that is full is 503 with Retry-After", async () => {
  const busy = await Server.start({ settings: { "processing.max_backlog": 1, ...encoding } });
  const { body } = await busy.upload("video.mp4");
  const refused = await busy.upload("notes.txt");
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  assert.equal(refused.body.code, "busy");
  const stopped = await busy.json(`/v1/files/${body.id}/cancel`, { method: "POST" });
  assert.equal(stopped.body.status, "cancelled");
  assert.equal((await busy.upload("notes.txt")).status, 201);
  const again = await busy.json(`/v1/files/${body.id}/retry`, { method: "POST" });
  assert.equal(again.body.status, "processing");
  await busy.dispose();
});

test("a server without room says 507 and goes on serving", async () => {
  const full = await Server.start({ settings: { "storage.min_free": "900TiB" } });
  const refused = await full.upload("notes.txt");
  assert.equal(refused.status, 507);
  assert.equal(refused.body.code, "storage_full");
  assert.equal((await full.json("/v1/files")).status, 200);
  await full.dispose();
});

test("probes, metrics and the documents of both interfaces are there", async () => {
  assert.equal((await fetch(`${server.url}/livez`)).status, 200);
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  assert.match(await (await fetch(`${server.url}/metrics`)).text(), /^# (HELP|TYPE) mediad_/m);
  assert.match((await server.json("/openapi.json")).body.openapi, /^3\.1/);
  assert.match((await server.json("/asyncapi.json")).body.asyncapi, /^3\./);
  assert.match(await (await fetch(`${server.url}/`)).text(), /<!doctype html>/i);
});

test("an operator's notice reaches every listener", async () => {
  const { Listener } = await import("./listener.mjs");
  const listener = await Listener.connect(server);
  const answer = await server.json("/v1/notices", { method: "POST", headers: { "content-type": "application/json" }, body: '{"message":"Back at noon."}' });
  assert.equal(answer.status, 201);
  const heard = await listener.until((f) => f.type === "notice");
  assert.equal(heard.message, "Back at noon.");
  await listener.close();
});
