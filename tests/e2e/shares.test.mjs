// Links for people without an account, on a real server: what each kind of share gives, and what ends it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { checkAnswer } from "./contract.mjs";
import { Listener } from "./listener.mjs";
import { Caller, addUser, all_scopes, appending, ask, done, json_body, longest_ms, sleep } from "./people.mjs";
import { Server, data } from "./server.mjs";

let server, mia, photo, original;

before(async () => {
  server = await Server.start();
  await addUser(server, "ada", "--admin");
  await addUser(server, "mia");
  mia = await Caller.signIn(server, "mia");
  original = withCamera(await readFile(path.join(data, "photo.jpg")));
  const { id } = await mia.upload("photo.jpg", original);
  photo = await mia.finished(id);
});

after(() => server.dispose());

const camera = "Secret Camera 7";

/** The picture with the name of a camera in it, as one writes it (EXIF 2.3, `Make`). */
function withCamera(jpeg) {
  const name = Buffer.from(`${camera}\0`);
  const tiff = Buffer.alloc(26);
  tiff.write("II*\0", "latin1");
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x010f, 10);
  tiff.writeUInt16LE(2, 12);
  tiff.writeUInt32LE(name.length, 14);
  tiff.writeUInt32LE(26, 18);
  const exif = Buffer.concat([Buffer.from("Exif\0\0"), tiff, name]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}

/** Makes a share; its id and path. */
async function share(wanted, sharer = mia) {
  const { status, body, text } = await sharer.json("POST", "/v1/shares", json_body(wanted));
  assert.equal(status, 201, text);
  checkAnswer("POST", "/v1/shares", status, "application/json", body);
  return { id: body.id, path: new URL(body.url).pathname };
}

/** Asks as a guest, who shows nothing but the address. */
async function get(target, headers = {}) {
  const answer = await ask(server, "GET", target, { headers });
  const type = answer.headers["content-type"] ?? "";
  if (type.includes("json")) {
    answer.body = JSON.parse(answer.text);
    checkAnswer("GET", target, answer.status, type, answer.body);
  }
  assert.equal(answer.headers["x-robots-tag"], "noindex, nofollow", target);
  assert.equal(answer.headers["referrer-policy"], "no-referrer", target);
  return answer;
}

async function bytes(target) {
  const answer = await fetch(server.url + target);
  assert.equal(answer.status, 200, target);
  return Buffer.from(await answer.arrayBuffer());
}

test("who looks sees pictures without place and camera, and no original", async () => {
  const { path: at } = await share({ allow: "view", files: [photo.id] });
  const { body } = await get(`${at}/files`);
  assert.equal(body.files.length, 1);
  const [file] = body.files;
  assert.equal(file.name, "photo.jpg");
  assert.ok(!JSON.stringify(body).includes(camera));
  assert.deepEqual([file.content, file.archive], [null, null]);
  for (const { url } of [file.preview, ...file.renditions]) {
    const made = await bytes(url);
    assert.ok(!made.includes(camera), url);
  }
  for (const what of ["content", "archive"]) assert.equal((await get(`${at}/files/${photo.id}/${what}`)).status, 403);
});

test("the owner is told when and where a picture was taken, a guest only with the original", async () => {
  const { id } = await mia.upload("light.jpg", await readFile(path.join(data, "photo.jpg")));
  const record = await mia.finished(id);
  const told = { taken_at: "2024-05-06T07:08:09.000Z", zone: null, camera: { make: "Lighthouse", model: "Model 1" } };
  for (const [name, value] of Object.entries(told)) assert.deepEqual(record.media[name], value, name);
  assert.ok(Math.abs(record.media.place.latitude - 54.1745) < 0.001, JSON.stringify(record.media.place));
  assert.equal(record.media.place.longitude, 7.894);
  assert.equal(record.taken_at, told.taken_at);
  const listed = (await mia.json("GET", "/v1/files")).body.files.find((f) => f.id === id);
  assert.equal(listed.taken_at, told.taken_at);
  for (const wanted of [{ allow: "view" }, { allow: "download" }]) {
    const { path: at } = await share({ ...wanted, files: [id] });
    const { body, text } = await get(`${at}/files`);
    assert.equal(body.files[0].media.width, record.media.width);
    assert.doesNotMatch(text, /taken_at|zone|camera|Lighthouse|place|latitude|54\.1|lens|exposure/);
  }
  const whole = await share({ allow: "download", files: [id], originals: true });
  assert.deepEqual((await get(`${whole.path}/files`)).body.files[0].media.place, record.media.place);
});

test("who downloads gets the original only if the sharer gives it", async () => {
  const plain = await share({ allow: "download", files: [photo.id] });
  const without = await bytes(`${plain.path}/files/${photo.id}/content`);
  assert.notDeepEqual(without, original);
  assert.ok(!without.includes(camera));
  assert.ok(original.includes(camera));
  const whole = await share({ allow: "download", files: [photo.id], originals: true });
  assert.deepEqual(await bytes(`${whole.path}/files/${photo.id}/content`), original);
  assert.equal((await bytes(`${whole.path}/files/${photo.id}/archive`)).subarray(0, 2).toString(), "PK");
});

test("who sends files sends them to the sharer, within the limits and the quota", async () => {
  const { id, path: at } = await share({ allow: "upload", limits: { files: 2, bytes: 4e6, profiles: ["image"] } });
  const sent = await ask(server, "POST", `${at}/files?name=beach.jpg`, { body: original });
  assert.equal(sent.status, 201, sent.text);
  checkAnswer("POST", `${at}/files`, sent.status, "application/json", JSON.parse(sent.text));
  const record = await mia.finished(JSON.parse(sent.text).id);
  assert.equal(record.sha256, createHash("sha256").update(original).digest("hex"));
  // Another profile leaves nothing.
  const before_it = (await mia.json("GET", "/v1/files")).body.files.length;
  const song = await ask(server, "POST", `${at}/files?name=a.txt`, { body: "sand and sea, and more of both" });
  assert.equal(song.status, 422, song.text);
  checkAnswer("POST", `${at}/files`, song.status, "application/problem+json", JSON.parse(song.text));
  assert.equal((await mia.json("GET", "/v1/files")).body.files.length, before_it);
  const told = (await mia.json("GET", `/v1/shares/${id}`)).body;
  assert.deepEqual(told.sent, { files: 1, bytes: original.length });
  assert.equal((await ask(server, "GET", `${at}/files`)).status, 403);
});

test("a share that is taken back ends what goes on by it within a second", async () => {
  const { id, path: at } = await share({ allow: "upload" });
  const begun = await ask(server, "POST", `${at}/files`, { headers: { "Tus-Resumable": "1.0.0", "Upload-Length": 1 << 26 } });
  assert.equal(begun.status, 201, begun.text);
  const request = http.request(server.url + begun.headers.location, { method: "PATCH", agent: false, headers: { ...appending(0), "Content-Length": 1 << 26 } });
  const ended = new Promise((resolve) => { request.on("error", resolve); request.on("close", resolve); });
  request.write(Buffer.alloc(1 << 20, 7));
  await sleep(500);
  const begin = Date.now();
  assert.equal((await mia.ask("DELETE", `/v1/shares/${id}`)).status, 204);
  await Promise.race([ended, sleep(10 * longest_ms)]);
  assert.ok(Date.now() - begin <= longest_ms, `it goes on for ${Date.now() - begin} ms`);
  request.destroy();
  assert.equal((await get(`${at}/share`)).status, 404);
});

test("the sharer hears of a share, live and again, and others do not", async () => {
  const [ada, reads] = [await Caller.signIn(server, "ada"), await mia.token(["read"])];
  const listeners = await Promise.all([mia, ada, reads].map((who) => Listener.connect(server, "", who.fields)));
  const [own, ...others] = listeners;
  const since = own.frames[0].seq;
  const { id } = await share({ allow: "upload", password: "a long password", limits: { files: 2 } });
  assert.equal((await mia.json("PATCH", `/v1/shares/${id}`, json_body({ name: "Send me" }))).status, 200);
  assert.equal((await mia.ask("DELETE", `/v1/shares/${id}`)).status, 204);
  await own.until((f) => f.type === "share.removed");
  const told = own.stored.filter((f) => f.share?.id === id);
  assert.deepEqual(told.map((f) => [f.type, f.share.name]), [["share.created", ""], ["share.updated", "Send me"], ["share.removed", "Send me"]]);
  assert.deepEqual([told[0].share.has_password, told[0].share.limits.files], [true, 2]);
  const again = await Listener.connect(server, `?since=${since}`, mia.fields);
  await again.until((f) => f.type === "share.removed");
  assert.deepEqual(again.stored.filter((f) => f.share?.id === id), told);
  for (const other of others) {
    other.send({ type: "ping" });
    await other.until((f) => f.type === "pong");
    assert.ok(!JSON.stringify(other.frames).includes(id));
  }
  await Promise.all([...listeners, again].map((one) => one.close()));
});

test("what becomes of shares is in the audit, and who guesses at their passwords", async () => {
  const { id, path: at } = await share({ allow: "upload", password: "a long password" });
  assert.equal((await mia.json("PATCH", `/v1/shares/${id}`, json_body({ name: "Send me" }))).status, 200);
  for (let i = 0; i < 3; ++i) assert.equal((await ask(server, "POST", `${at}/password`, json_body({ password: "another one" }))).status, 403);
  assert.equal((await mia.ask("DELETE", `/v1/shares/${id}`)).status, 204);
  await server.stop();
  await server.restart(); // wrong passwords are kept together for a minute, or until the end
  const { body } = await (await Caller.signIn(server, "ada")).json("GET", "/v1/audit?limit=500");
  const noted = body.items.filter((one) => one.about === id).map((one) => [one.act, one.user?.name ?? null, one.count]);
  assert.deepEqual(noted.sort(), [["share.changed", "mia", 1], ["share.ended", "mia", 1], ["share.made", "mia", 1], ["share.refused", null, 3]]);
  mia = await Caller.signIn(server, "mia");
});

test("a share ends with the token that made it, and with its sharer", async () => {
  const token = await mia.token(all_scopes);
  const by_token = await share({ allow: "view", files: [photo.id] }, token);
  const own = await share({ allow: "view", files: [photo.id] });
  assert.equal((await get(`${by_token.path}/share`)).status, 200);
  assert.equal((await mia.ask("DELETE", `/v1/tokens/${token.id}`)).status, 204);
  assert.equal((await get(`${by_token.path}/share`)).status, 404);
  assert.equal((await get(`${own.path}/share`)).status, 200);
  await done(server.root, ["user", "disable", "mia"]);
  assert.equal((await get(`${own.path}/share`)).status, 404);
  await done(server.root, ["user", "enable", "mia"]);
  assert.equal((await get(`${own.path}/share`)).status, 200);
});
