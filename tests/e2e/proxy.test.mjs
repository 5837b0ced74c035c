// Behind nginx as docs/operating.md sets it up, on a port that is neither 80 nor 443: with TLS, and without.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { checkAnswer, checkFrame } from "./contract.mjs";
import { Proxy, documentedSettings, publicName } from "./proxy.mjs";
import { Server } from "./server.mjs";

let server;
const proxies = {};

before(async () => {
  server = await Server.start({ settings: documentedSettings(), keepsLog: true });
  proxies.TLS = await Proxy.start(server, { tls: true });
  proxies["plain HTTP"] = await Proxy.start(server, { tls: false });
});

after(async () => {
  for (const proxy of Object.values(proxies)) await proxy.dispose();
  await server.dispose();
});

const bytes = randomBytes(3_000_000);
const sha256 = createHash("sha256").update(bytes).digest("hex");
const browser = (proxy) => ({ origin: proxy.origin, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" });

/** Waits for a line of the log; what was there before counts as well. */
async function logged(part) {
  for (let tries = 100; tries > 0 && !server.log.includes(part); --tries) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(server.log.includes(part), `not in the log: ${part}\n${server.log}`);
}

/** A WebSocket through the proxy, as a page of this origin opens it; `frames` is filled, `refused` is the status of a refusal. */
function listen(proxy, origin = proxy.origin) {
  const socket = new WebSocket(`${proxy.tls ? "wss" : "ws"}://127.0.0.1:${proxy.port}/v1/events`, ["mediad.events.v1"],
    { origin, headers: { host: proxy.host }, rejectUnauthorized: false, servername: publicName });
  const frames = [];
  socket.on("message", (text) => { frames.push(JSON.parse(text)); checkFrame(frames.at(-1)); });
  socket.on("error", () => {});
  const refused = new Promise((resolve) => socket.once("unexpected-response", (_, answer) => resolve(answer.statusCode)));
  return { socket, frames, refused };
}

async function until(what, fits, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; !fits() && Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(fits(), what);
}

for (const name of ["TLS", "plain HTTP"]) {
  test(`a page of its own uploads through the proxy over ${name} and is told the address that it knows`, async () => {
    const proxy = proxies[name];
    assert.equal((await proxy.request("GET", "/", { headers: { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" } })).status, 200);
    const made = await proxy.request("POST", "/v1/files?name=a.bin", { headers: browser(proxy), body: bytes });
    assert.equal(made.status, 201);
    const record = JSON.parse(made.body);
    checkAnswer("POST", "/v1/files", 201, made.headers["content-type"], record);
    assert.equal(record.sha256, sha256);
    assert.equal(made.headers.location, `${proxy.origin}/v1/files/${record.id}`);
    const got = await proxy.request("GET", `/v1/files/${record.id}/content`, { headers: browser(proxy) });
    assert.ok(bytes.equals(got.body));
  });

  test(`an upload of tus goes on through the proxy over ${name}`, async () => {
    const proxy = proxies[name];
    const tus = { ...browser(proxy), "tus-resumable": "1.0.0" };
    const made = await proxy.request("POST", "/v1/files", { headers: { ...tus, "upload-length": `${bytes.length}` } });
    assert.equal(made.status, 201);
    const { pathname, origin } = new URL(made.headers.location);
    assert.equal(origin, proxy.origin);
    for (const [from, to] of [[0, 1_000_000], [1_000_000, bytes.length]]) {
      const headers = { ...tus, "upload-offset": `${from}`, "content-type": "application/offset+octet-stream" };
      assert.equal((await proxy.request("PATCH", pathname, { headers, body: bytes.subarray(from, to) })).status, 204);
    }
    assert.equal(JSON.parse((await proxy.request("GET", pathname)).body).sha256, sha256);
  });

  test(`an upload of the IETF gets one answer through the proxy over ${name}`, async () => {
    const proxy = proxies[name];
    const headers = { ...browser(proxy), "upload-complete": "?1", "upload-draft-interop-version": "8" };
    const made = await proxy.request("POST", "/v1/files", { headers, body: bytes });
    assert.equal(made.status, 201); // nginx would send a 104 on as the answer
    assert.equal(made.headers["upload-complete"], "?1");
  });

  test(`events come through the proxy over ${name} as they happen`, async () => {
    const proxy = proxies[name];
    const { socket, frames } = listen(proxy);
    await until("hello", () => frames.some((f) => f.type === "hello"));
    const { id } = JSON.parse((await proxy.request("POST", "/v1/files?name=e.txt", { headers: browser(proxy), body: "hello" })).body);
    await until("the file's event", () => frames.some((f) => f.type === "file.registered" && f.file.id === id));
    socket.close();
  });

  test(`server-sent events are not held back by the proxy over ${name}`, async () => {
    const proxy = proxies[name];
    const options = { host: "127.0.0.1", port: proxy.port, path: "/v1/events", rejectUnauthorized: false, servername: publicName,
      headers: { host: proxy.host, accept: "text/event-stream", ...browser(proxy) } };
    const first = await new Promise((resolve, reject) => {
      const asked = (proxy.tls ? https : http).get(options, (answer) => {
        let text = "";
        answer.on("data", (piece) => {
          text += piece;
          if (!text.includes("\"hello\"")) return;
          asked.destroy();
          resolve(answer.statusCode);
        });
      });
      asked.on("error", reject);
      asked.setTimeout(20_000, () => asked.destroy(new Error("nothing came")));
    });
    assert.equal(first, 200);
  });

  test(`what is refused through the proxy over ${name} is logged with its reason`, async () => {
    const proxy = proxies[name];
    const stranger = `other.example:${proxy.port}`;
    const host = await proxy.request("POST", "/v1/files?name=a", { headers: { host: stranger }, body: "x" });
    assert.equal(host.status, 421);
    await logged(`Host "${stranger}" is neither of this machine nor in server.allowed_hosts`);
    const elsewhere = [`https://evil.example`, `${proxy.tls ? "http" : "https"}://${proxy.host}`, `${proxy.tls ? "https" : "http"}://${publicName}`];
    for (const origin of elsewhere) {
      const page = await proxy.request("POST", "/v1/files?name=a", { headers: { origin }, body: "x" });
      assert.equal(page.status, 403, origin);
      assert.equal(JSON.parse(page.body).code, "forbidden");
      await logged(`Origin "${origin}" is neither ${proxy.origin} nor in server.allowed_origins`);
    }
    assert.equal(await listen(proxy, "https://evil.example").refused, 403);
  });
}
