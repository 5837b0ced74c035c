// People who sign in to a real server: what they take over, what ends with their credentials, and what they may store.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import WebSocket from "ws";
import { Caller, addUser, all_scopes, appending, ask, done, json_body, longest_ms, mediad, password, sleep } from "./people.mjs";
import { Server } from "./server.mjs";

const MiB = 1 << 20;

/** A server with ada, an admin, and the members mia and bea, as pages that are signed in. */
async function withPeople(use) {
  const server = await Server.start();
  try {
    await addUser(server, "ada", "--admin");
    for (const name of ["mia", "bea"]) await addUser(server, name);
    const [ada, mia, bea] = await Promise.all(["ada", "mia", "bea"].map((name) => Caller.signIn(server, name)));
    await use({ server, ada, mia, bea, id: async (one) => (await one.json("GET", "/v1/session")).body.user.id });
  } finally {
    await server.dispose();
  }
}

/** Something that goes on until it is ended; `ended` becomes the time of that. */
class Running {
  constructor(what) {
    this.what = what;
    this.ended = new Promise((resolve) => { this.end = () => { this.over = true; resolve(Date.now()); }; });
  }

  static async socket(caller) {
    const running = new Running("a WebSocket");
    const socket = new WebSocket(`${caller.server.url.replace("http", "ws")}/v1/events`, ["mediad.events.v1"], { headers: caller.fields });
    socket.on("close", running.end);
    running.cut = () => socket.terminate();
    await new Promise((resolve, reject) => {
      socket.once("message", resolve); // hello
      socket.once("error", reject);
    });
    socket.on("error", running.end);
    return running;
  }

  /** A WebSocket whose first frame shows the token, as of a page that can send no header fields. */
  static async frame(caller) {
    const running = new Running("a WebSocket whose first frame shows the token");
    const socket = new WebSocket(`${caller.server.url.replace("http", "ws")}/v1/events`, ["mediad.events.v1"]);
    socket.on("close", running.end);
    running.cut = () => socket.terminate();
    socket.on("open", () => socket.send(JSON.stringify({ type: "auth", token: caller.fields.Authorization.slice("Bearer ".length) })));
    await new Promise((resolve, reject) => {
      socket.once("message", resolve); // hello
      socket.once("close", reject);
    });
    socket.on("error", running.end);
    return running;
  }

  static request(what, caller, method, target, headers, body) {
    const running = new Running(what);
    const request = http.request(caller.server.url + target, { method, agent: false, headers: { ...caller.fields, ...headers } });
    running.cut = () => request.destroy();
    running.answer = new Promise((resolve) => request.on("response", resolve));
    running.answer.then((response) => {
      response.on("error", running.end);
      response.resume();
      running.status = response.statusCode;
    });
    request.on("error", running.end);
    request.on("close", running.end);
    if (body === undefined) request.end();
    else request.write(body);
    return running;
  }

  static async stream(caller) {
    const running = Running.request("an event stream", caller, "GET", "/v1/events", { Accept: "text/event-stream" });
    assert.equal((await running.answer).statusCode, 200);
    return running;
  }

  /** One of each, in the middle. */
  static async all(caller) {
    const place = await caller.beginTus(64 * MiB);
    const some = Buffer.alloc(MiB, 7);
    const all = [
      await Running.socket(caller),
      await Running.stream(caller),
      Running.request("an upload by tus", caller, "PATCH", place, { ...appending(0), "Content-Length": 64 * MiB }, some),
      Running.request("a plain upload", caller, "POST", "/v1/files?name=a.bin", { "Content-Length": 64 * MiB }, some),
    ];
    if (caller.fields.Authorization) all.push(await Running.frame(caller));
    await sleep(500); // the first bytes of both have come then
    for (const one of all) assert.ok(!one.over, `${one.what} has ended before: ${one.status}`);
    return all;
  }
}

/** All of what goes on by `caller` ends in time once `act` is done, and nothing of `other`'s does. */
async function ends(caller, other, act) {
  const mine = await Running.all(caller);
  const others = await Running.all(other);
  try {
    await act();
    const begin = Date.now();
    for (const one of mine) {
      const at = await Promise.race([one.ended, sleep(10 * longest_ms).then(() => Infinity)]);
      assert.ok(at - begin <= longest_ms, `${one.what} goes on for ${at - begin} ms`);
    }
    await sleep(200);
    for (const one of others) assert.ok(!one.over, `${one.what} of somebody else has ended: ${one.status}`);
    assert.equal((await caller.ask("GET", "/v1/files")).status, 401);
    assert.equal((await other.ask("GET", "/v1/files")).status, 200);
  } finally {
    for (const one of [...mine, ...others]) one.cut();
  }
}

async function ok(answer, status = 204) {
  const { status: got, text } = await answer;
  assert.equal(got, status, text);
}

test("what goes on by a token ends within a second when it is revoked", () => withPeople(async ({ mia }) => {
  const [program, another] = [await mia.token(all_scopes), await mia.token(all_scopes)];
  await ends(program, another, () => ok(mia.ask("DELETE", `/v1/tokens/${program.id}`)));
}));

test("what goes on in a session ends within a second when it is ended from another", () => withPeople(async ({ server, mia }) => {
  const there = await Caller.signIn(server, "mia");
  const { body } = await there.json("GET", "/v1/sessions");
  const { id } = body.items.find((one) => one.current);
  await ends(there, mia, () => ok(mia.ask("DELETE", `/v1/sessions/${id}`)));
}));

test("all that a user does ends within a second when an admin disables the user", () => withPeople(async ({ ada, mia, bea, id }) => {
  const target = `/v1/users/${await id(mia)}`;
  await ends(await mia.token(all_scopes), bea, () => ok(ada.ask("PATCH", target, json_body({ disabled: true })), 200));
  assert.equal((await mia.ask("GET", "/v1/files")).status, 401);
}));

test("all that a user does ends within a second when the command disables the user", () => withPeople(async ({ server, mia, bea }) => {
  await ends(mia, bea, () => done(server.root, ["user", "disable", "mia"]));
}));

test("what goes on in sessions ends within a second with another password", () => withPeople(async ({ server, mia }) => {
  const there = await Caller.signIn(server, "mia");
  const program = await mia.token(all_scopes);
  let here;
  await ends(there, program, async () => {
    const answer = await mia.ask("PUT", "/v1/password", json_body({ old: password, new: "quiet-dunes!" }));
    await ok(answer);
    here = Caller.after(server, answer);
  });
  assert.equal((await mia.ask("GET", "/v1/files")).status, 401);
  assert.equal((await here.ask("GET", "/v1/files")).status, 200);
}));

test("what goes on by nobody's leave ends within a second when the first user is there", async () => {
  const server = await Server.start();
  try {
    const all = await Running.all(new Caller(server, {}));
    await addUser(server, "ada", "--admin");
    const begin = Date.now();
    for (const one of all) assert.ok((await one.ended) - begin <= longest_ms, one.what);
  } finally {
    await server.dispose();
  }
});

test("an upload that was ended with its token goes on with another", () => withPeople(async ({ mia }) => {
  const bytes = Buffer.alloc(2 * MiB, 7);
  const [program, another] = [await mia.token(["upload"]), await mia.token(["upload", "read"])];
  const place = await program.beginTus(bytes.length);
  const running = Running.request("an upload by tus", program, "PATCH", place, { ...appending(0), "Content-Length": bytes.length }, bytes.subarray(0, MiB));
  await sleep(500);
  await ok(mia.ask("DELETE", `/v1/tokens/${program.id}`));
  await running.ended;
  assert.equal((await program.ask("HEAD", place, { headers: { "Tus-Resumable": "1.0.0" } })).status, 401);
  let head;
  for (let tries = 0; tries < 50; ++tries) { // the ended request lets go of the upload a moment later
    head = await another.ask("HEAD", place, { headers: { "Tus-Resumable": "1.0.0" } });
    if (head.status === 200 && Number(head.headers["upload-offset"]) > 0) break;
    await sleep(100);
  }
  const offset = Number(head.headers["upload-offset"]);
  assert.ok(offset > 0 && offset <= MiB, `offset ${offset}`);
  await ok(another.appendTus(place, offset, bytes.subarray(offset)));
  const record = await another.finished(place.split("/").at(-1));
  assert.equal(record.sha256, createHash("sha256").update(bytes).digest("hex"));
}));

test("the first admin has all that was local's, and finishes what was begun", async () => {
  const server = await Server.start();
  try {
    const local = new Caller(server, {});
    const { id } = await local.upload("a.txt", "sand");
    await local.finished(id);
    const place = await local.beginTus(8, "later.txt");
    await ok(local.appendTus(place, 0, "more"));
    await addUser(server, "ada", "--admin");
    await ok(local.ask("GET", "/v1/files"), 401);
    await ok(local.ask("HEAD", place, { headers: { "Tus-Resumable": "1.0.0" } }), 401);
    const program = await Caller.byCommand(server, "ada", "upload", "read");
    const content = await program.ask("GET", `/v1/files/${id}/content`);
    assert.equal(content.text, "sand");
    const head = await program.ask("HEAD", place, { headers: { "Tus-Resumable": "1.0.0" } });
    assert.equal(head.headers["upload-offset"], "4");
    await ok(program.appendTus(place, 4, "sand"));
    const record = await program.finished(place.split("/").at(-1));
    assert.equal(record.bytes, 8);
    assert.equal(await readFile(path.join(server.root, "users/ada/originals/later.txt"), "utf8"), "moresand");
    assert.equal(await readFile(path.join(server.root, "users/ada/originals/a.txt"), "utf8"), "sand");
    await assert.rejects(access(path.join(server.root, "users/local")));
    assert.equal((await program.json("GET", "/v1/files")).body.files.length, 2);

    // The next one has nothing of it, and neither has the next start.
    await addUser(server, "local");
    const other = await Caller.byCommand(server, "local", "upload", "read");
    assert.equal((await other.json("GET", "/v1/files")).body.files.length, 0);
    assert.equal((await other.ask("GET", `/v1/files/${id}`)).status, 404);
    await server.stop();
    await server.restart();
    assert.equal((await ask(server, "GET", "/v1/files")).status, 401);
    assert.equal((await program.json("GET", "/v1/files")).body.files.length, 2);
  } finally {
    await server.dispose();
  }
});

test("each user has a quota, and the same bytes of two are in both lists", () => withPeople(async ({ server, ada, mia, bea, id }) => {
  await ok(ada.ask("PATCH", `/v1/users/${await id(mia)}`, json_body({ quota: 10 })), 200);
  const first = await mia.upload("a.txt", "some sand");
  const refused = await mia.json("POST", "/v1/files?name=b.txt", { body: "more" });
  assert.equal(refused.status, 507);
  assert.equal(refused.body.code, "quota_exceeded");
  const second = await bea.upload("b.txt", "some sand");
  await bea.upload("c.txt", "more");
  const told = (await mia.json("GET", "/v1/session")).body.quota;
  assert.deepEqual(told, { used: 9, limit: 10 });
  const list = async (one) => (await one.json("GET", "/v1/files")).body.files;
  assert.deepEqual((await list(mia)).map((f) => f.id), [first.id]);
  assert.deepEqual((await list(bea)).map((f) => f.name), ["c.txt", "b.txt"]);
  assert.equal((await list(bea))[1].sha256, (await list(mia))[0].sha256);
  assert.equal((await mia.ask("GET", `/v1/files/${second.id}`)).status, 404);
  await ok(bea.ask("DELETE", `/v1/files/${second.id}?permanent=1`));
  assert.equal((await mia.ask("GET", `/v1/files/${first.id}/content`)).text, "some sand");
  await done(server.root, ["user", "quota", "mia", "1KiB"]);
  await mia.upload("b.txt", "more");
}));

test("others can reach the server only once there is an admin", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "mediad-e2e-"));
  const everywhere = { "server.listen": "0.0.0.0:0" };
  try {
    const refused = await mediad(root, ["serve", "--set", "server.listen=0.0.0.0:0"]);
    assert.equal(refused.code, 1);
    assert.match(refused.problems, /server\.listen.*mediad user add NAME --admin/);
    await addUser({ root }, "ada", "--admin");
    const server = await Server.start({ root, settings: everywhere });
    server.url = `http://127.0.0.1:${server.port}`;
    try {
      assert.equal((await ask(server, "GET", "/v1/files")).status, 401);
      const ada = await Caller.signIn(server, "ada");
      assert.equal((await ada.ask("GET", "/v1/files")).status, 200);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
