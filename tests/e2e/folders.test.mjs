// Folders on a real server: by curl, by a token for one of them, by two people at once, and after a kill.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { checkAnswer, checkFrame } from "./contract.mjs";
import { Caller, addUser, all_scopes, json_body, sleep } from "./people.mjs";
import { Server, data } from "./server.mjs";

const run = promisify(execFile);
let server, ada, mia, desk;

before(async () => {
  server = await Server.start();
  await addUser(server, "ada", "--admin");
  await addUser(server, "mia");
  [ada, mia] = await Promise.all(["ada", "mia"].map((name) => Caller.signIn(server, name)));
  desk = await mkdtemp(path.join(os.tmpdir(), "desk-"));
});

after(async () => {
  await server.dispose();
  await rm(desk, { recursive: true });
});

/** Asks, and holds the answer against docs/openapi.json. */
async function told(caller, method, target, options) {
  const answer = await caller.json(method, target, options);
  checkAnswer(method, target, answer.status, answer.headers["content-type"] ?? "", answer.body);
  return answer;
}

async function folder(caller, path_of) {
  const { status, body, text } = await told(caller, "POST", "/v1/folders", json_body({ path: path_of }));
  assert.ok([200, 201].includes(status), text);
  return body;
}

const paths = async (caller) => (await told(caller, "GET", "/v1/folders")).body.items.map((one) => one.path);
const names = async (caller, query) => (await told(caller, "GET", `/v1/files?${query}`)).body.files.map((file) => file.name);
const on_disk = (user, ...rest) => path.join(server.root, "users", user, "originals", ...rest);

test("curl -T uploads by path with a token as the password", async () => {
  const token = (await mia.token(["upload"])).fields.Authorization.split(" ")[1];
  const file = path.join(desk, "a beach.jpg");
  await writeFile(file, await readFile(path.join(data, "photo.jpg")));
  const { stdout } = await run("curl", ["-sS", "--fail", "-u", `:${token}`, "-T", file, `${server.url}/v1/folders/2026/summer/`]);
  const record = JSON.parse(stdout);
  checkAnswer("PUT", "/v1/folders/2026/summer/x", 201, "application/json", record);
  assert.equal(record.name, "a beach.jpg");
  assert.deepEqual(await paths(mia), ["2026", "2026/summer"]);
  const ready = await mia.finished(record.id);
  assert.equal(ready.folder, record.folder);
  assert.deepEqual(await readFile(on_disk("mia", "2026", "summer", "a beach.jpg")), await readFile(file));
  assert.ok(existsSync(path.join(server.root, "users/mia/archives/2026/summer/a beach.jpg.zip")));
});

test("a folder moves with all that is in it and is there after a kill", async () => {
  const { id } = await folder(mia, "2026/summer");
  const target = await folder(mia, "best");
  const moved = await told(mia, "PATCH", `/v1/folders/${id}`, json_body({ parent: target.id, name: "Öland" }));
  assert.equal(moved.status, 200, moved.text);
  assert.equal(moved.body.path, "best/Öland");
  assert.ok(existsSync(on_disk("mia", "best", "Öland", "a beach.jpg")));
  await server.kill();
  await server.restart();
  assert.deepEqual((await paths(mia)).sort(), ["2026", "best", "best/Öland"]);
  assert.deepEqual(await names(mia, `folder=${id}`), ["a beach.jpg"]);
  assert.ok(existsSync(on_disk("mia", "best", "Öland", "a beach.jpg")));
});

test("a token for a folder sees nothing else", async () => {
  const { id } = await folder(mia, "best");
  const outside = await mia.upload("secret.txt", "mine");
  const token = await mia.token(all_scopes, { folder: id });
  assert.deepEqual(await paths(token), ["Öland"]);
  assert.deepEqual(await names(token, "limit=10"), ["a beach.jpg"]);
  assert.equal((await told(token, "GET", `/v1/files/${outside.id}`)).status, 404);
  const sent = await told(token, "POST", "/v1/files?name=new.txt&folder=notes", { body: "x" });
  assert.equal(sent.status, 201, sent.text);
  assert.deepEqual((await paths(mia)).sort(), ["2026", "best", "best/notes", "best/Öland"].sort());
});

/** The frames that a caller's stream brings until one of this type and file has come. */
function listen(caller, until) {
  const frames = [];
  let request;
  const ended = new Promise((resolve, reject) => {
    request = http.get(`${server.url}/v1/events`, { agent: false, headers: { ...caller.fields, Accept: "text/event-stream" } }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (more) => {
        text += more;
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const line = text.slice(0, end).split("\n").find((one) => one.startsWith("data:"));
          text = text.slice(end + 2);
          if (!line) continue;
          frames.push(JSON.parse(line.slice(5)));
          checkFrame(frames.at(-1));
          if (until(frames.at(-1))) resolve(frames);
        }
      });
      response.on("error", () => {});
    });
    request.on("error", reject);
    request.setTimeout(30_000, () => reject(new Error(`no such event: ${JSON.stringify(frames)}`)));
  });
  return { ended, end: () => request.destroy() };
}

test("who is let into a folder sees it, hears of it and adds to it until that ends", async () => {
  const { id } = await folder(mia, "ours");
  const secret = await mia.upload("also secret.txt", "mine");
  const grant = (right) => told(mia, "PUT", `/v1/folders/${id}/grants`, json_body(right ? [{ user: "ada", right }] : []));
  assert.equal((await grant("view")).status, 200);
  const stream = listen(ada, (frame) => frame.type === "file.ready" && frame.file.name === "shared.txt");
  await sleep(300);
  const sent = await told(mia, "POST", `/v1/files?name=shared.txt&folder=${id}`, { body: "for both" });
  assert.equal(sent.status, 201, sent.text);
  const { id: file } = sent.body;
  const frames = await stream.ended;
  stream.end();
  assert.ok(frames.every((frame) => frame.file?.id !== secret.id));
  assert.deepEqual(await names(ada, `folder=${id}`), ["shared.txt"]);
  assert.equal((await ada.ask("GET", `/v1/files/${file}/content`)).text, "for both");
  assert.equal((await told(ada, "POST", `/v1/files?name=x&folder=${id}`, { body: "x" })).status, 404);

  assert.equal((await grant("add")).status, 200);
  const before = (await mia.json("GET", "/v1/session")).body.quota.used;
  const added = await told(ada, "POST", `/v1/files?name=added.txt&folder=${id}`, { body: "12345" });
  assert.equal(added.status, 201, added.text);
  assert.equal(added.body.user, "mia");
  assert.equal((await mia.json("GET", "/v1/session")).body.quota.used, before + 5);

  assert.equal((await grant(null)).status, 200);
  for (const target of [`/v1/files/${file}`, `/v1/files/${added.body.id}`, `/v1/folders/${id}`, `/v1/files?folder=${id}`])
    assert.equal((await told(ada, "GET", target)).status, 404, target);
});

test("the share of a folder follows it and the removal of the folder ends both", async () => {
  const { id } = await folder(mia, "shown");
  const made = await told(mia, "POST", "/v1/shares", json_body({ allow: "download", folder: id, originals: true }));
  assert.equal(made.status, 201, made.text);
  const share = new URL(made.body.url).pathname;
  const guest = new Caller(server, {});
  const listed = async () => (await told(guest, "GET", `${share}/files`)).body.files.map((file) => [file.folder, file.name]);
  assert.deepEqual(await listed(), []);
  const sent = await told(mia, "PUT", "/v1/folders/shown/deep/note.txt", { body: "hello" });
  assert.equal(sent.status, 201, sent.text);
  assert.deepEqual(await listed(), [["deep", "note.txt"]]);
  assert.equal((await guest.ask("GET", `${share}/files/${sent.body.id}/content`)).text, "hello");
  assert.equal((await told(mia, "DELETE", `/v1/folders/${id}`)).status, 409);
  assert.equal((await told(mia, "DELETE", `/v1/folders/${id}?recursive=1`)).status, 204);
  assert.equal((await guest.ask("GET", `${share}/share`)).status, 404);
  assert.equal((await told(mia, "GET", `/v1/files/${sent.body.id}`)).status, 404);
  assert.ok(!existsSync(on_disk("mia", "shown")));
});
