// Addresses that carry their own right, upload tickets, and the keys behind both, on a real server.
import assert from "node:assert/strict";
import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Caller, addUser, appending, ask, done, json_body, sleep } from "./people.mjs";
import { Server, data } from "./server.mjs";

const page = "http://pages.example";
let server;
let mia;
let photo;

before(async () => {
  server = await Server.start({ keepsLog: true, settings: { "log.level": "debug", "server.allowed_origins": page } });
  await addUser(server, "ada", "--admin");
  await addUser(server, "mia");
  mia = await Caller.signIn(server, "mia");
  const { id } = await mia.upload("photo.jpg", await readFile(path.join(data, "photo.jpg")));
  photo = await mia.finished(id);
});

after(() => server.dispose());

const signature_of = (url) => new URL(url, server.url).searchParams.get("signature");
const shown = async (url) => (await ask(server, "GET", url)).status;
const names = async () => (await mia.json("GET", "/v1/files")).body.files.map(({ name }) => name);

test("a signed address needs nothing but itself, and outlives a restart", async () => {
  const urls = await Promise.all(["content", "preview", "archive", `renditions/${photo.renditions[0].name}`].map((of) => mia.signed(photo.id, of)));
  for (const url of urls) assert.equal(await shown(url), 200, url);
  await server.stop();
  await server.restart();
  for (const url of urls) assert.equal(await shown(url), 200, url);
  const part = await ask(server, "GET", urls[0], { headers: { Range: "bytes=0-3" } });
  assert.equal(part.status, 206);
  assert.equal(part.headers["cross-origin-resource-policy"], "cross-origin");
  assert.equal(part.headers["referrer-policy"], "no-referrer");
});

test("no signature is in the log, good or bad", async () => {
  const url = await mia.signed(photo.id, "content");
  assert.equal(await shown(url), 200);
  assert.equal(await shown(`${url}&download=1`), 401);
  const bare = url.split("?")[0];
  await ask(server, "GET", `${bare}?key=1`, { headers: { "Sec-Fetch-Site": "cross-site" } });
  for (let tries = 0; tries < 50 && !server.log.includes(bare); ++tries) await sleep(100);
  assert.ok(server.log.includes(bare), "the refusal of the last one is in the log");
  assert.ok(!server.log.includes(signature_of(url)));
});

test("a rotation beside the server lets what is signed go on, and a forgetful one does not", async () => {
  const file = path.join(server.root, "system", "keys");
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const first = await mia.signed(photo.id, "content");
  const ticket = await mia.ticket();
  assert.equal(await done(server.root, ["keys", "rotate"]), "keys that count now: 2");
  const second = await mia.signed(photo.id, "content");
  assert.notEqual(new URL(first, server.url).searchParams.get("key"), new URL(second, server.url).searchParams.get("key"));
  assert.deepEqual([await shown(first), await shown(second)], [200, 200]);
  assert.equal((await ticket.ask("POST", "/v1/files?name=rotated.txt", { body: "sand" })).status, 201);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(await done(server.root, ["keys", "rotate", "--forget"]), "keys that count now: 1");
  assert.deepEqual([await shown(first), await shown(second)], [401, 401]);
  assert.equal(await shown(await mia.signed(photo.id, "content")), 200);
});

test("a rotation without a server counts for the next one", async () => {
  const url = await mia.signed(photo.id, "content");
  await server.stop();
  assert.equal(await done(server.root, ["keys", "rotate"]), "keys that count now: 2");
  await server.restart();
  assert.equal(await shown(url), 200);
});

test("the keys are in no copy of the database", async () => {
  await done(server.root, ["copy"]);
  const [secret] = (await readFile(path.join(server.root, "system", "keys"), "utf8")).split(" ").slice(1);
  const copies = path.join(server.root, "system", "copies");
  const [copy] = await readdir(copies);
  const inside = await readdir(path.join(copies, copy));
  assert.ok(inside.length > 0);
  for (const name of inside) assert.equal((await readFile(path.join(copies, copy, name))).includes(secret), false, name);
});

test("an address ends with its maker's account", async () => {
  await addUser(server, "leo");
  const leo = await Caller.signIn(server, "leo");
  const { id } = await leo.upload("a.txt", "sand");
  const url = await leo.signed(id, "content");
  const ticket = await leo.ticket();
  assert.equal(await shown(url), 200);
  await done(server.root, ["user", "disable", "leo"]);
  assert.equal(await shown(url), 401);
  assert.equal((await ticket.ask("POST", "/v1/files?name=b.txt", { body: "sand" })).status, 401);
});

test("a page of an allowed origin may send a ticket along", async () => {
  const question = { Origin: page, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization" };
  const allowed = await ask(server, "OPTIONS", "/v1/files", { headers: question });
  assert.match(allowed.headers["access-control-allow-headers"], /\bAuthorization\b/);
  assert.equal(allowed.headers["access-control-allow-origin"], page);
  const other = await ask(server, "OPTIONS", "/v1/files", { headers: { ...question, Origin: "http://evil.example" } });
  assert.equal(other.headers["access-control-allow-headers"], undefined);
  const ticket = await mia.ticket();
  const cross = { Origin: page, "Sec-Fetch-Site": "cross-site" };
  const sent = await ticket.ask("POST", "/v1/files?name=from-a-page.txt", { headers: cross, body: "sand" });
  assert.equal(sent.status, 201, sent.text);
  assert.equal(sent.headers["access-control-allow-origin"], page);
  const elsewhere = await (await mia.ticket()).ask("POST", "/v1/files", { headers: { ...cross, Origin: "http://evil.example" }, body: "sand" });
  assert.equal(elsewhere.status, 403);
});

test("a ticket follows its upload by tus to the end", async () => {
  const bytes = await readFile(path.join(data, "photo.jpg"));
  const ticket = await mia.ticket({ profiles: ["image"], max_bytes: bytes.length });
  const place = await ticket.beginTus(bytes.length, "guest.jpg");
  const half = bytes.length >> 1;
  assert.equal((await ticket.appendTus(place, 0, bytes.subarray(0, half))).status, 204);
  const head = await ticket.ask("HEAD", place, { headers: { "Tus-Resumable": "1.0.0" } });
  assert.equal(head.headers["upload-offset"], String(half));
  const events = await ticket.ask("GET", `/v1/events?file=${place.split("/").at(-1)}`, { headers: { Accept: "text/event-stream" } });
  assert.equal(events.status, 200);
  await server.stop();
  await server.restart();
  assert.equal((await ticket.appendTus(place, half, bytes.subarray(half))).status, 204);
  assert.equal((await ticket.finished(place.split("/").at(-1))).name, "guest.jpg");
  assert.equal((await ticket.ask("POST", "/v1/files?name=second.txt", { body: "sand" })).status, 403);
});

test("a file of another profile ends with 422 and leaves nothing, by each door", async () => {
  const before = await names();
  const staging = path.join(server.root, "system", "staging");
  const make = () => mia.ticket({ profiles: ["video", "audio"] });
  const raw = await (await make()).ask("POST", "/v1/files?name=raw.txt", { body: "sand" });
  assert.equal(raw.status, 422, raw.text);
  assert.equal(JSON.parse(raw.text).code, "other_profile");
  const form = `--x\r\nContent-Disposition: form-data; name="f"; filename="form.txt"\r\n\r\nsand\r\n--x--\r\n`;
  const posted = await (await make()).ask("POST", "/v1/files", { headers: { "Content-Type": "multipart/form-data; boundary=x" }, body: form });
  assert.equal(posted.status, 422, posted.text);
  const draft = await (await make()).ask("POST", "/v1/files?name=draft.txt", { headers: { "Upload-Complete": "?1" }, body: "sand" });
  assert.equal(draft.status, 422, draft.text);
  const ticket = await make();
  const place = await ticket.beginTus(4);
  assert.equal((await ticket.ask("PATCH", place, { headers: appending(0), body: "sand" })).status, 422);
  for (let tries = 0; tries < 50 && (await readdir(staging)).length > 0; ++tries) await sleep(100);
  assert.deepEqual(await readdir(staging), []);
  assert.deepEqual(await names(), before);
  assert.equal((await ticket.ask("HEAD", place, { headers: { "Tus-Resumable": "1.0.0" } })).status, 401);
});

test("two uploads at once by one ticket are one", async () => {
  const ticket = await mia.ticket();
  const answers = await Promise.all(["one.txt", "two.txt", "three.txt"].map((name) => ticket.ask("POST", `/v1/files?name=${name}`, { body: name })));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  assert.equal((await names()).filter((name) => ["one.txt", "two.txt", "three.txt"].includes(name)).length, 1);
});

test("a ticket is for a folder that is there", async () => {
  assert.equal((await mia.json("POST", "/v1/tickets", json_body({ folder: "summer" }))).status, 404);
  const { status, body } = await mia.json("POST", "/v1/tickets", json_body({ folder: 7 }));
  assert.equal(status, 400);
  assert.match(body.detail, /`folder`/);
});
