// Clients hear everything, once and in order; one that lost its connection misses nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Listener } from "./listener.mjs";
import { Server, encoding } from "./server.mjs";

let server;

before(async () => {
  server = await Server.start({ settings: encoding });
});

after(() => server.dispose());

const isEnd = (id) => (f) => f.file?.id === id && ["file.ready", "file.failed"].includes(f.type);

function assertSteady(frames) {
  for (let i = 1; i < frames.length; ++i) assert.ok(frames[i].seq > frames[i - 1].seq, `${frames[i - 1].seq} before ${frames[i].seq}`);
}

for (const [name, live] of [["photo.jpg", false], ["video.mp4", true], ["report.pdf", false], ["letter.docx", false], ["sheet.xlsx", false], ["notes.txt", false]])
  test(`${name}: registered, processing, preview, ready, each once and in order`, async () => {
    const listener = await Listener.connect(server);
    const { body } = await server.upload(name);
    await listener.until(isEnd(body.id));
    assert.deepEqual(listener.story(body.id), ["file.registered", "file.processing", "file.preview", "file.ready"]);
    assertSteady(listener.stored);
    const progress = listener.frames.filter((f) => f.type === "file.progress" && f.id === body.id);
    for (const p of progress) {
      assert.ok(p.progress >= 0 && p.progress <= 1);
      assert.equal(p.seq, undefined);
    }
    if (live) {
      const shares = progress.filter((p) => p.stage === "compress").map((p) => p.progress);
      assert.ok(shares.length >= 3, `${shares.length} frames of progress`);
      assert.deepEqual(shares, [...shares].sort((a, b) => a - b));
    }
    await listener.close();
  });

test("a client that lost its connection gets exactly what it missed", async () => {
  const steady = await Listener.connect(server);
  const lost = await Listener.connect(server);
  const first = (await server.upload("notes.txt")).body.id;
  await lost.until((f) => f.type === "file.registered" && f.file.id === first);
  lost.cut();
  const second = (await server.upload("photo.jpg")).body.id;
  await steady.until(isEnd(first));
  await steady.until(isEnd(second));
  const back = await Listener.connect(server, `?since=${lost.lastSeq}`);
  await back.until(isEnd(first));
  await back.until(isEnd(second));
  const seen = [...lost.stored, ...back.stored].map((f) => f.seq);
  assert.deepEqual(seen, steady.stored.map((f) => f.seq));
  await Promise.all([steady.close(), back.close()]);
});

test("a filter lets only its file through, in replay and live", async () => {
  const other = (await server.upload("notes.txt")).body.id;
  const { body } = await server.upload("photo.jpg");
  const listener = await Listener.connect(server, `?since=0&file=${body.id}`);
  await listener.until(isEnd(body.id));
  assert.ok(listener.stored.every((f) => f.file.id === body.id));
  assert.notEqual(other, body.id);
  await listener.close();
});

test("frames that make no sense are answered and the connection goes on", async () => {
  const listener = await Listener.connect(server);
  for (const nonsense of ["{", "[]", '{"type":"dance"}', '{"type":"subscribe"}']) listener.send(nonsense);
  listener.send({ type: "ping" });
  await listener.until((f) => f.type === "pong");
  assert.equal(listener.frames.filter((f) => f.type === "error").length, 4);
  await listener.close();
});

test("server-sent events replay from Last-Event-ID with the same frames", async () => {
  const { body } = await server.upload("notes.txt");
  await server.finished(body.id);
  const listener = await Listener.connect(server, "?since=0");
  await listener.until(isEnd(body.id));
  const stop = new AbortController();
  const from = listener.stored.at(-3).seq;
  const answer = await fetch(`${server.url}/v1/events`, { headers: { accept: "text/event-stream", "last-event-id": String(from) }, signal: stop.signal });
  assert.match(answer.headers.get("content-type"), /^text\/event-stream/);
  let text = "";
  const ids = () => [...text.matchAll(/^id: ?(\d+)$/gm)].map((m) => Number(m[1]));
  for await (const chunk of answer.body) {
    text += Buffer.from(chunk).toString();
    if (ids().length >= 2) break;
  }
  stop.abort();
  assert.deepEqual(ids(), listener.stored.slice(-2).map((f) => f.seq));
  await listener.close();
});

test("a stopping server says so to those who listen", async () => {
  const own = await Server.start();
  const listener = await Listener.connect(own);
  const { code } = await own.stop();
  assert.equal(code, 0);
  assert.equal(await listener.closed, 1001);
  await own.dispose();
});
