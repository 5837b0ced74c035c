// Resumable uploads as the IETF's drafts have them: tus-js-client in both of its modes, and curl.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import tus from "tus-js-client";
import { Server, tool } from "./server.mjs";

let server;

before(async () => {
  server = await Server.start();
});

after(() => server.dispose());

const bytes = randomBytes(3_000_000);
const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const field = (data) => `sha-256=:${createHash("sha256").update(data).digest("base64")}:`;

/** Uploads with tus-js-client; answers with the URL. */
function upload(data, protocol, options = {}) {
  return new Promise((resolve, reject) => {
    const it = new tus.Upload(data, {
      endpoint: `${server.url}/v1/files?name=${protocol}.bin`, protocol, chunkSize: 1_000_000, retryDelays: [100, 500, 1000],
      onError: reject, onSuccess: () => resolve(it.url), ...options,
    });
    if (options.started) options.started(it);
    it.start();
  });
}

async function stored(url) {
  const { body } = await server.json(new URL(url).pathname);
  return body;
}

function request(method, url, headers, body) {
  return fetch(url, { method, headers, body });
}

const append = { "content-type": "application/partial-upload" };

async function create(headers, body) {
  const answer = await request("POST", `${server.url}/v1/files`, headers, body);
  assert.equal(answer.status, 201);
  return new URL(answer.headers.get("location"), server.url).href;
}

for (const protocol of ["ietf-draft-03", "ietf-draft-05"]) {
  test(`tus-js-client uploads with ${protocol}`, async () => {
    const record = await stored(await upload(bytes, protocol));
    assert.equal(record.sha256, sha256(bytes));
    assert.equal(record.name, `${protocol}.bin`);
  });

  test(`tus-js-client goes on after a broken upload with ${protocol}`, async () => {
    let broken;
    await new Promise((resolve, reject) => {
      const it = new tus.Upload(bytes, {
        endpoint: `${server.url}/v1/files`, protocol, chunkSize: 1_000_000, onError: reject,
        onChunkComplete: () => it.abort().then(() => { broken = it.url; resolve(); }),
      });
      it.start();
    });
    const offset = await request("HEAD", broken, { "upload-draft-interop-version": "6" });
    assert.ok(Number(offset.headers.get("upload-offset")) >= 1_000_000);
    const url = await upload(bytes, protocol, { uploadUrl: broken });
    assert.equal(url, broken);
    assert.equal((await stored(url)).sha256, sha256(bytes));
  });

  // It learns too late that a stream has ended, says of the last bytes that more may come, and sends no more.
  test(`a stream is complete when it has its length with ${protocol}`, async () => {
    const record = await stored(await upload(Readable.from([bytes.subarray(0, 1_000_000), bytes.subarray(1_000_000)]), protocol, { uploadSize: bytes.length }));
    assert.equal(record.sha256, sha256(bytes));
  });

  test(`nothing at all is a file with ${protocol}`, async () => {
    const record = await stored(await upload(Buffer.alloc(0), protocol));
    assert.equal(record.bytes, 0);
    assert.notEqual(record.status, "receiving");
  });
}

test("curl goes on with an upload that was cut off", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "mediad-curl-"));
  after(() => rm(folder, { recursive: true, force: true }));
  const [whole, rest] = ["whole", "rest"].map((name) => path.join(folder, name));
  await writeFile(whole, bytes);
  const url = await create({ "upload-complete": "?0", "upload-length": `${bytes.length}` });
  const sent = (file, offset) => ["-sS", "-X", "PATCH", "-T", file, "-H", "Content-Type: application/partial-upload", "-H", "Upload-Complete: ?1",
    "-H", `Upload-Offset: ${offset}`];
  // A tenth of it in a second; then curl gives up.
  await assert.rejects(tool("curl", ...sent(whole, 0), "--limit-rate", "300k", "--max-time", "1", url));
  let offset = 0;
  for (const until = Date.now() + 60_000; offset === 0 && Date.now() < until;)
    offset = Number(/^upload-offset: (\d+)/im.exec(await tool("curl", "-sS", "-I", "-H", "Upload-Draft-Interop-Version: 6", url))[1]);
  assert.ok(offset > 0 && offset < bytes.length, `${offset}`);
  await writeFile(rest, bytes.subarray(offset));
  const record = JSON.parse(await tool("curl", ...sent(rest, offset), url));
  assert.equal(record.sha256, sha256(bytes));
});

test("an upload survives a killed server", async () => {
  const url = await create({ "upload-complete": "?0", "upload-length": "3000000" }, bytes.subarray(0, 1_000_000));
  await server.kill();
  await server.restart();
  const state = await request("HEAD", url);
  assert.equal(state.status, 204);
  assert.equal(state.headers.get("upload-offset"), "1000000");
  assert.equal(state.headers.get("upload-complete"), "?0");
  const done = await request("PATCH", url, { ...append, "upload-complete": "?1", "upload-offset": "1000000" }, bytes.subarray(1_000_000));
  assert.equal(done.status, 201);
  assert.equal(done.headers.get("repr-digest"), field(bytes));
  assert.equal((await done.json()).sha256, sha256(bytes));
});

test("an upload is complete when its client says so, which hears the answer as often as it asks", async () => {
  const url = await create({ "upload-complete": "?0", "upload-length": "3000000" }, bytes);
  for (let i = 0; i < 2; ++i) {
    const state = await request("HEAD", url);
    assert.equal(state.headers.get("upload-offset"), "3000000");
    assert.equal(state.headers.get("upload-complete"), "?0");
    await server.kill();
    await server.restart();
  }
  for (let i = 0; i < 2; ++i) {
    const done = await request("PATCH", url, { ...append, "upload-complete": "?1", "upload-offset": "3000000" });
    assert.equal(done.status, 201);
    assert.equal(done.headers.get("upload-complete"), "?1");
    assert.equal((await done.json()).sha256, sha256(bytes));
  }
  const more = (offset, body) => request("PATCH", url, { ...append, "upload-complete": "?1", "upload-offset": `${offset}` }, body);
  for (const refused of [more(3_000_000, "x"), more(0, randomBytes(bytes.length)), more(2_999_999, Buffer.from([bytes.at(-1) ^ 1]))]) {
    const answer = await refused;
    assert.equal(answer.status, 400);
    assert.match((await answer.json()).type, /#completed-upload$/);
  }
  assert.equal((await more(0, bytes)).status, 201);
});

test("what does not fit is refused with the draft's problems", async () => {
  const url = await create({ "upload-complete": "?0", "upload-length": "10" }, "abc");
  const patch = (headers, body) => request("PATCH", url, { ...append, "upload-complete": "?0", "upload-offset": "3", ...headers }, body);
  const elsewhere = await patch({ "upload-offset": "4" }, "x");
  assert.equal(elsewhere.status, 409);
  const problem = await elsewhere.json();
  assert.match(problem.type, /#mismatching-upload-offset$/);
  assert.equal(problem["expected-offset"], 3);
  assert.equal(problem["provided-offset"], 4);
  for (const wrong of [patch({}, "12345678"), patch({ "upload-length": "11" }, "x"), patch({ "upload-complete": "?1" }, "x")]) {
    const answer = await wrong;
    assert.equal(answer.status, 400);
    assert.match((await answer.json()).type, /#inconsistent-upload-length$/);
  }
  assert.equal((await patch({ "content-type": "application/octet-stream" }, "x")).status, 415);
  assert.equal((await patch({ "upload-draft-interop-version": "99" }, "x")).status, 400);
  assert.equal((await patch({ "content-digest": field("y") }, "x")).status, 400);
  assert.equal((await patch({ "content-digest": "sha-256=nonsense" }, "x")).status, 400);
  const state = await request("HEAD", url);
  assert.equal(state.headers.get("upload-offset"), "3");
  assert.equal((await request("DELETE", url)).status, 204);
  assert.equal((await request("HEAD", url)).status, 404);
});

test("a whole that is not what was announced is no file", async () => {
  const url = await create({ "upload-complete": "?0", "repr-digest": field("abcdef") }, "abc");
  const done = await request("PATCH", url, { ...append, "upload-complete": "?1", "upload-offset": "3" }, "xyz");
  assert.equal(done.status, 400);
  assert.equal((await done.json()).code, "digest_mismatch");
  assert.equal((await request("HEAD", url)).status, 404);
});

/** All that the server sends to these bytes until it closes. */
function raw(text) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, "127.0.0.1", () => socket.write(text));
    let got = "";
    socket.on("data", (piece) => { got += piece; });
    socket.on("close", () => resolve(got));
    socket.on("error", reject);
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no end; got ${got}`)));
  });
}

test("104 tells how far an append has come while it runs", async () => {
  const url = await create({ "upload-complete": "?0", "upload-length": "3000000" });
  const socket = net.connect(server.port, "127.0.0.1");
  let got = "";
  socket.on("data", (piece) => { got += piece; });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(`PATCH ${new URL(url).pathname} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUpload-Draft-Interop-Version: 8\r\nUpload-Offset: 0\r\n`
    + "Upload-Complete: ?1\r\nContent-Type: application/partial-upload\r\nContent-Length: 3000000\r\n\r\n");
  for (let at = 0; at < bytes.length; at += 50_000) {
    socket.write(bytes.subarray(at, at + 50_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await closed;
  const told = [...got.matchAll(/HTTP\/1\.1 104 [^]*?Upload-Offset: (\d+)\r\n/g)].map(([, offset]) => Number(offset));
  assert.ok(told.length >= 1, got);
  assert.ok(told.every((offset, i) => offset > (told[i - 1] ?? 0) && offset < bytes.length), `${told}`);
  assert.match(got, /HTTP\/1\.1 201 /);
});

test("104 comes first, but not through a proxy and not without a version", async () => {
  const head = "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUpload-Complete: ?1\r\nContent-Length: 3\r\n";
  const told = await raw(`${head}Upload-Draft-Interop-Version: 6\r\n\r\nabc`);
  assert.match(told, /^HTTP\/1\.1 104 Upload Resumption Supported\r\nLocation: \/v1\/files\/\w{26}\r\n/);
  assert.match(told, /Upload-Draft-Interop-Version: 6\r\n\r\nHTTP\/1\.1 201 /);
  for (const fields of ["Upload-Draft-Interop-Version: 6\r\nVia: 1.1 x\r\n", "Upload-Draft-Interop-Version: 6\r\nX-Forwarded-For: 1.2.3.4\r\n", ""])
    assert.match(await raw(`${head}${fields}\r\nabc`), /^HTTP\/1\.1 201 /);
});

test("a repeated request with its key gets the first answer", async () => {
  const post = (headers, body) => request("POST", `${server.url}/v1/files?name=k.bin`, headers, body);
  const first = await (await post({ "idempotency-key": "\"k1\"" }, "hello")).json();
  await server.kill();
  await server.restart();
  const again = await post({ "idempotency-key": "\"k1\"" }, "hello");
  assert.equal(again.status, 201);
  assert.equal((await again.json()).id, first.id);
  for (const body of ["hello, world", "hellO"]) {
    const other = await post({ "idempotency-key": "k1" }, body);
    assert.equal(other.status, 422);
    assert.equal((await other.json()).code, "idempotency_key_reused");
  }
  assert.equal((await post({ "idempotency-key": "x".repeat(256) }, "x")).status, 400);
  const both = await Promise.all([0, 1].map(() => post({ "idempotency-key": "k2" }, bytes).then(async (a) => [a.status, (await a.json()).id])));
  const ids = new Set(both.filter(([status]) => status === 201).map(([, id]) => id));
  assert.equal(ids.size, 1);
  assert.ok(both.every(([status]) => status === 201 || status === 409));
});

test("digests are checked on raw bodies and given back", async () => {
  const post = (headers) => request("POST", `${server.url}/v1/files`, headers, "abc");
  const fine = await post({ "content-digest": field("abc"), "repr-digest": `${field("abc")}, md5=:AAAA:` });
  assert.equal(fine.status, 201);
  assert.equal(fine.headers.get("repr-digest"), field("abc"));
  for (const name of ["content-digest", "repr-digest"]) {
    const wrong = await post({ [name]: field("abd") });
    assert.equal(wrong.status, 400);
    assert.equal((await wrong.json()).code, "digest_mismatch");
    assert.equal((await post({ [name]: "sha-256=:AAAA:" })).status, 400);
  }
});
