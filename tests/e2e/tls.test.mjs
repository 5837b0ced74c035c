// TLS in the server itself, several addresses, UNIX sockets, and the way from HTTP to HTTPS.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmod, copyFile, readFile, stat, writeFile } from "node:fs/promises";
import https from "node:https";
import { after, before, test } from "node:test";
import tls from "node:tls";
import WebSocket from "ws";
import { Authority } from "./certificates.mjs";
import { checkFrame } from "./contract.mjs";
import { addUser, done, json_body, mediad, password, sleep } from "./people.mjs";
import { Server, binary, tool } from "./server.mjs";

let authority;
let ca;
let shown; // the certificate and key that the server reads
let server;
let secure;
let redirect;
let socketFile;

before(async () => {
  authority = await Authority.make();
  ca = await readFile(authority.file);
  shown = await authority.issue("one");
  await authority.issue("two");
  socketFile = authority.path("http.sock");
  server = await Server.start({ keepsLog: true, settings: {
    "server.listen": `127.0.0.1:0,unix:${socketFile}`, "server.tls_listen": "127.0.0.1:0", "server.redirect_listen": "127.0.0.1:0",
    "server.tls_certificate": shown.certificate, "server.tls_key": shown.key, "server.hsts": "1h", "log.level": "info", "uploads.preview_wait": "0ms" } });
  const { addresses } = JSON.parse(await done(server.root, ["status", "--json"]));
  assert.equal(addresses[1], `unix:${socketFile}`);
  [secure, redirect] = addresses.slice(2).map((url) => new URL(url));
});

after(async () => {
  await server?.dispose();
  await authority?.dispose();
});

const bytes = randomBytes(9_000_000);
const sha256 = createHash("sha256").update(bytes).digest("hex");

/** One request in TLS on a connection of its own; answers { status, headers, body }. `send(request)` writes the body. */
function ask(method, target, { headers = {}, body, send } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request({ host: "127.0.0.1", port: secure.port, ca, agent: false, method, path: target, headers }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) }));
    });
    request.on("error", reject);
    request.setTimeout(30_000, () => request.destroy(new Error(`${method} ${target}: silence`)));
    if (send) send(request);
    else request.end(body);
  });
}

/** The name in the certificate that a new connection is shown. */
function certificateName() {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: "127.0.0.1", port: secure.port, ca }, () => {
      resolve(socket.getPeerCertificate().subject.CN);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

async function until(what, fits) {
  for (let tries = 500; tries > 0; --tries) {
    if (await fits()) return;
    await sleep(20);
  }
  assert.fail(what);
}

async function put(name) {
  await copyFile(authority.path(`${name}.pem`), shown.certificate);
  await copyFile(authority.path(`${name}.key`), shown.key);
}

async function swap(name) {
  await put(name);
  server.process.kill("SIGHUP");
}

test("curl that knows the authority uploads a form and gets it back, in pieces, too", async () => {
  const file = authority.path("sent.bin");
  await writeFile(file, bytes);
  const curl = (...args) => tool("curl", "-sSf", "--max-time", "60", "--cacert", authority.file, ...args);
  const record = JSON.parse(await curl("-F", `file=@${file}`, `${secure.origin}/v1/files`));
  assert.equal(record.sha256, sha256);
  const got = authority.path("got.bin");
  await curl("-o", got, `${secure.origin}/v1/files/${record.id}/content`);
  assert.ok(bytes.equals(await readFile(got)));
  await curl("-o", got, "-r", "1000000-5999999", `${secure.origin}/v1/files/${record.id}/content`);
  assert.ok(bytes.subarray(1_000_000, 6_000_000).equals(await readFile(got)));
  await assert.rejects(tool("curl", "-sSf", `${secure.origin}/livez`), /certificate/);
});

test("one connection carries several requests", async () => {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set();
  for (let i = 0; i < 3; ++i)
    await new Promise((resolve, reject) => {
      https.get({ host: "127.0.0.1", port: secure.port, ca, agent, path: "/livez" }, (answer) => {
        ports.add(answer.socket.localPort);
        answer.resume().on("end", resolve);
      }).on("error", reject);
    });
  agent.destroy();
  assert.equal(ports.size, 1);
});

test("browsers hear of HSTS in TLS alone", async () => {
  assert.equal((await ask("GET", "/livez")).headers["strict-transport-security"], "max-age=3600");
  assert.equal((await fetch(`${server.url}/livez`)).headers.get("strict-transport-security"), null);
});

test("an upload of tus goes on after a cut", async () => {
  const fields = { "tus-resumable": "1.0.0" };
  const made = await ask("POST", "/v1/files", { headers: { ...fields, "upload-length": `${bytes.length}` } });
  assert.equal(made.status, 201);
  const { pathname } = new URL(made.headers.location, secure);
  const patch = (from) => ({ ...fields, "upload-offset": `${from}`, "content-type": "application/offset+octet-stream" });
  const cut = ask("PATCH", pathname, { headers: { ...patch(0), "content-length": bytes.length }, send: (request) => {
    request.write(bytes.subarray(0, 4_000_000), () => setTimeout(() => request.destroy(new Error("cut")), 200));
  } });
  await assert.rejects(cut, /cut/);
  let offset = 0;
  await until("some of it is kept", async () => {
    const head = await ask("HEAD", pathname, { headers: fields });
    offset = Number(head.headers["upload-offset"]);
    return offset > 0;
  });
  assert.equal((await ask("PATCH", pathname, { headers: patch(offset), body: bytes.subarray(offset) })).status, 204);
  assert.equal(JSON.parse((await ask("GET", pathname)).body).sha256, sha256);
});

test("an upload of the IETF hears where it can be resumed", async () => {
  const interim = [];
  const made = await ask("POST", "/v1/files", { headers: { "upload-complete": "?1", "upload-draft-interop-version": "8", "content-length": bytes.length },
    send: (request) => { request.on("information", (info) => interim.push(info.statusCode)); request.end(bytes); } });
  assert.equal(made.status, 201);
  assert.ok(interim.includes(104));
});

test("a WebSocket gets events", async () => {
  const socket = new WebSocket(`wss://127.0.0.1:${secure.port}/v1/events`, ["mediad.events.v1"], { ca });
  const frames = [];
  socket.on("message", (text) => { frames.push(JSON.parse(text)); checkFrame(frames.at(-1)); });
  await until("hello", () => frames.some((f) => f.type === "hello"));
  const { id } = JSON.parse((await ask("POST", "/v1/files?name=e.txt", { body: "hello" })).body);
  await until("its event", () => frames.some((f) => f.type === "file.registered" && f.file.id === id));
  socket.send(JSON.stringify({ type: "ping" }));
  await until("an answer", () => frames.some((f) => f.type === "pong"));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.close(1000);
  assert.equal(await closed, 1000);
});

test("server-sent events come, and a listener that leaves is let go", async () => {
  const connections = async () => JSON.parse(await done(server.root, ["status", "--json"])).connections;
  const before = await connections();
  await new Promise((resolve, reject) => {
    const request = https.get({ host: "127.0.0.1", port: secure.port, ca, agent: false, path: "/v1/events", headers: { accept: "text/event-stream" } }, (answer) => {
      let text = "";
      answer.on("error", () => {});
      answer.on("data", (piece) => {
        text += piece;
        if (!text.includes("\"hello\"")) return;
        resolve();
        request.destroy();
      });
    });
    request.on("error", reject);
  });
  await until("it is gone", async () => (await connections()) <= before);
});

test("the way from HTTP leads to the same place in TLS", async () => {
  const at = `http://127.0.0.1:${redirect.port}`;
  const sent = await fetch(`${at}/v1/files?limit=1`, { method: "POST", body: "x", redirect: "manual" });
  assert.equal(sent.status, 308);
  assert.equal(sent.headers.get("location"), `${secure.origin}/v1/files?limit=1`);
  const status = await tool("curl", "-sS", "-o", authority.path("page"), "-w", "%{http_code} %{redirect_url}", "-H", "Host: evil.example", `${at}/`);
  assert.equal(status, "421 ");
  assert.equal(await tool("curl", "-sSfL", "--cacert", authority.file, "-o", authority.path("page"), "-w", "%{http_code}", `${at}/livez`), "200");
});

test("a UNIX socket serves whoever may write it and is gone with the server", async () => {
  assert.equal((await stat(socketFile)).mode & 0o777, 0o660);
  const curl = (...args) => tool("curl", "-sSf", "--max-time", "60", "--unix-socket", socketFile, ...args);
  const record = JSON.parse(await curl("--data-binary", `@${authority.path("sent.bin")}`, "http://localhost/v1/files?name=u.bin"));
  assert.equal(record.sha256, sha256);
  const got = authority.path("unix.bin");
  await curl("-o", got, `http://localhost/v1/files/${record.id}/content`);
  assert.ok(bytes.equals(await readFile(got)));
  const port = { "server.listen": `unix:${authority.path("other.sock")}` };
  const other = await mediadServe(port);
  await other.stop();
  await assert.rejects(stat(authority.path("other.sock")), /ENOENT/);
});

/** A server whose line tells no URL. */
async function mediadServe(settings) {
  const root = authority.path(`root-${Date.now()}`);
  const args = Object.entries({ "storage.root": root, "log.level": "warning", ...settings }).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const child = spawn(binary, ["serve", ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const line = await new Promise((resolve) => child.stdout.once("data", (text) => resolve(String(text))));
  assert.equal(line, `mediad listening on ${settings["server.listen"]}\n`);
  return { stop: () => { child.kill("SIGTERM"); return ended; } };
}

test("SIGHUP swaps the certificate while an upload goes on", async () => {
  assert.equal(await certificateName(), "one");
  let rest;
  const upload = ask("POST", "/v1/files?name=long.bin", { headers: { "content-length": bytes.length }, send: (request) => {
    request.write(bytes.subarray(0, 3_000_000));
    rest = () => request.end(bytes.subarray(3_000_000));
  } });
  await sleep(200);
  await swap("two");
  await until("the new certificate is shown", async () => (await certificateName()) === "two");
  rest();
  const { status, body } = await upload;
  assert.equal(status, 201);
  assert.equal(JSON.parse(body).sha256, sha256);
});

test("a certificate that cannot be used leaves the one before", async () => {
  await writeFile(shown.certificate, "no certificate");
  server.process.kill("SIGHUP");
  await until("the log says so", () => server.log.includes("the certificate before stays"));
  assert.equal(await certificateName(), "two");
  await chmod(authority.path("two.key"), 0o644);
  await swap("two");
  await until("an open key is told", () => server.log.includes("can be read by every user of this machine"));
});

test("an admin has the certificate read again", async () => {
  await writeFile(shown.certificate, "no certificate");
  const refused = await ask("POST", "/v1/admin/reload");
  assert.equal(refused.status, 409);
  assert.equal(JSON.parse(refused.body).code, "not_reloaded");
  assert.equal(await certificateName(), "two");
  await authority.issue("three");
  await put("three");
  const { status, body } = await ask("POST", "/v1/admin/reload");
  assert.equal(status, 200);
  assert.match(JSON.parse(body).certificate.names, /localhost/);
  assert.equal(await certificateName(), "three");
  await swap("two");
  await until("the certificate of before is back", async () => (await certificateName()) === "two");
});

test("doctor says how it is reached and until when its certificate lasts", async () => {
  const settings = (more) => Object.entries({ "server.tls_listen": "127.0.0.1:8443", "server.tls_certificate": shown.certificate, "server.tls_key": shown.key, ...more })
    .flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const { out } = await mediad(authority.path("doctor"), ["doctor", ...settings({})]);
  assert.match(out, /127\.0\.0\.1:8443 in TLS, which this machine alone can reach/);
  assert.match(out, /for localhost media\.test, until \d{4}-\d\d-\d\dT.*expires soon/);
  assert.match(out, /can be read by every user of this machine/);
  const lost = await mediad(authority.path("doctor"), ["doctor", ...settings({ "server.tls_key": authority.path("one.none") })]);
  assert.match(lost.out, /the key .*one\.none cannot be used/);
  assert.notEqual(lost.code, 0);
});

test("as long as nobody signs in it starts on no address that others reach, in TLS neither", async () => {
  for (const [key, address] of [["listen", "0.0.0.0:0"], ["tls_listen", "0.0.0.0:0"], ["redirect_listen", "[::]:0"]]) {
    const settings = { "server.listen": "127.0.0.1:0", "server.tls_listen": "127.0.0.1:0", "server.tls_certificate": shown.certificate, "server.tls_key": shown.key, [`server.${key}`]: address };
    const { code, problems } = await mediad(authority.path("refused"), ["serve", ...Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`])]);
    assert.equal(code, 1, key);
    assert.ok(problems.includes(address) && problems.includes("mediad user add NAME --admin"), problems);
  }
});

test("a session in TLS is a cookie that browsers hold to this host, and no other counts there", async () => {
  await addUser(server, "ann", "--admin");
  const signed = await ask("POST", "/v1/session", json_body({ name: "ann", password }));
  assert.equal(signed.status, 204);
  const [line] = signed.headers["set-cookie"];
  assert.match(line, /^__Host-mediad=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
  const value = line.slice(line.indexOf("=") + 1, line.indexOf(";"));
  const asked = async (cookie) => (await ask("GET", "/v1/session", { headers: { cookie } })).status;
  assert.equal(await asked(`a=1; __Host-mediad=${value}`), 200);
  assert.equal(await asked(`a=1; mediad=${value}; b=2`), 401);
  const plain = await fetch(`${server.url}/v1/session`, { headers: { cookie: `mediad=${value}` } });
  assert.equal(plain.status, 200);
  const change = (origin) => ask("POST", "/v1/files?name=a.txt", { headers: { cookie: `__Host-mediad=${value}`, origin }, body: "x" });
  assert.equal((await change(secure.origin)).status, 201);
  assert.equal((await change(secure.origin.replace("https", "http"))).status, 403); // the scheme counts
});
