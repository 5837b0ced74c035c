// Behind nginx, Caddy and HAProxy as docs/operating.md sets them up, on ports that are neither 80 nor 443: with TLS and without, at the root and in a sub-folder.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { checkAnswer, checkFrame } from "./contract.mjs";
import { addUser, json_body, password } from "./people.mjs";
import { Proxy, documentedSettings, publicName, subFolder } from "./proxy.mjs";
import { Server } from "./server.mjs";

const servers = {};
const proxies = {};
const ways = ["nginx", "caddy", "haproxy"].flatMap((kind) => [
  { name: `${kind} with TLS`, kind, tls: true },
  { name: `${kind} in plain HTTP`, kind, tls: false },
  { name: `${kind} with TLS in a sub-folder`, kind, tls: true, base: subFolder },
]);
const names = ways.map(({ name }) => name);

before(async () => {
  for (const base of ["", subFolder])
    servers[base] = await Server.start({ settings: { ...documentedSettings(), "server.base_path": base }, keepsLog: true });
  for (const way of ways) {
    proxies[way.name] = await Proxy.start(servers[way.base ?? ""], way);
    proxies[way.name].server = servers[way.base ?? ""];
  }
});

after(async () => {
  for (const proxy of Object.values(proxies)) await proxy.dispose();
  for (const server of Object.values(servers)) await server.dispose();
});

const bytes = randomBytes(3_000_000);
const sha256 = createHash("sha256").update(bytes).digest("hex");
const browser = (proxy) => ({ origin: proxy.origin, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" });

/** Waits for a line of the log; what was there before counts as well. */
async function logged({ server }, part) {
  for (let tries = 100; tries > 0 && !server.log.includes(part); --tries) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(server.log.includes(part), `not in the log: ${part}\n${server.log}`);
}

/** A WebSocket through the proxy, as a page of this origin opens it; `frames` is filled, `refused` is the status of a refusal. */
function listen(proxy, origin = proxy.origin) {
  const socket = new WebSocket(`${proxy.tls ? "wss" : "ws"}://127.0.0.1:${proxy.port}${proxy.base}/v1/events`, ["mediad.events.v1"],
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

for (const name of names) {
  test(`a page of its own uploads through ${name} and is told the address that it knows`, async () => {
    const proxy = proxies[name];
    const page = await proxy.request("GET", "/", { headers: { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" } });
    assert.equal(page.status, 200);
    const [, script] = /<script type="module" src="([^"]+)"/.exec(page.body);
    assert.equal((await proxy.request("GET", new URL(script, `${proxy.origin}${proxy.base}/`).pathname)).status, 200);
    const made = await proxy.request("POST", "/v1/files?name=a.bin", { headers: browser(proxy), body: bytes });
    assert.equal(made.status, 201);
    const record = JSON.parse(made.body);
    checkAnswer("POST", "/v1/files", 201, made.headers["content-type"], record);
    assert.equal(record.sha256, sha256);
    assert.equal(made.headers.location, `${proxy.origin}${proxy.base}/v1/files/${record.id}`);
    assert.equal(record.links.content, `${proxy.base}/v1/files/${record.id}/content`);
    const got = await proxy.request("GET", record.links.content, { headers: browser(proxy) });
    assert.ok(bytes.equals(got.body));
    const part = await proxy.request("GET", record.links.content, { headers: { ...browser(proxy), range: "bytes=1000-1999" } });
    assert.equal(part.status, 206);
    assert.ok(bytes.subarray(1000, 2000).equals(part.body));
  });

  test(`an upload of tus goes on through ${name}`, async () => {
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

  test(`an upload of the IETF gets one answer through ${name}`, async () => {
    const proxy = proxies[name];
    const headers = { ...browser(proxy), "upload-complete": "?1", "upload-draft-interop-version": "8" };
    const made = await proxy.request("POST", "/v1/files", { headers, body: bytes });
    assert.equal(made.status, 201); // nginx would send a 104 on as the answer
    assert.equal(made.headers["upload-complete"], "?1");
  });

  test(`events come through ${name} as they happen`, async () => {
    const proxy = proxies[name];
    const { socket, frames } = listen(proxy);
    await until("hello", () => frames.some((f) => f.type === "hello"));
    const { id } = JSON.parse((await proxy.request("POST", "/v1/files?name=e.txt", { headers: browser(proxy), body: "hello" })).body);
    await until("the file's event", () => frames.some((f) => f.type === "file.registered" && f.file.id === id));
    socket.close();
  });

  test(`server-sent events are not held back by ${name}`, async () => {
    const proxy = proxies[name];
    const options = { host: "127.0.0.1", port: proxy.port, path: `${proxy.base}/v1/events`, rejectUnauthorized: false, servername: publicName,
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

  test(`what is refused through ${name} is logged with its reason`, async () => {
    const proxy = proxies[name];
    const stranger = `other.example:${proxy.port}`;
    const host = await proxy.request("POST", "/v1/files?name=a", { headers: { host: stranger }, body: "x" });
    if (proxy.kind !== "caddy") { // which has nothing to say by a name that is not its own
      assert.equal(host.status, 421);
      await logged(proxy, `Host "${stranger}" is neither of this machine nor in server.allowed_hosts`);
    }
    const elsewhere = [`https://evil.example`, `${proxy.tls ? "http" : "https"}://${proxy.host}`, `${proxy.tls ? "https" : "http"}://${publicName}`];
    for (const origin of elsewhere) {
      const page = await proxy.request("POST", "/v1/files?name=a", { headers: { origin }, body: "x" });
      assert.equal(page.status, 403, origin);
      assert.equal(JSON.parse(page.body).code, "forbidden");
      await logged(proxy, `Origin "${origin}" is neither ${proxy.origin} nor in server.allowed_origins`);
    }
    assert.equal(await listen(proxy, "https://evil.example").refused, 403);
  });
}

for (const name of names.filter((one) => one.endsWith("sub-folder"))) {
  test(`the folder without its slash leads to the page through ${name}`, async () => {
    const proxy = proxies[name];
    const answer = await proxy.request("GET", proxy.base);
    assert.equal(answer.status, 308);
    assert.equal(answer.headers.location, `${proxy.base}/`);
  });
}

// From here on people sign in, also to what was tried above.
test("who signs in through a proxy gets a cookie that its browser keeps for mediad", async () => {
  for (const server of Object.values(servers)) await addUser(server, "ann", "--admin");
  for (const name of names) {
    const proxy = proxies[name];
    const { headers, body } = json_body({ name: "ann", password });
    const answer = await proxy.request("POST", "/v1/session", { headers: { ...browser(proxy), ...headers }, body });
    assert.equal(answer.status, 204, `${name}: ${answer.body}`);
    const [line] = answer.headers["set-cookie"];
    const prefix = proxy.tls ? (proxy.base ? "__Secure-" : "__Host-") : "";
    assert.ok(line.startsWith(`${prefix}mediad=`), `${name}: ${line}`);
    assert.ok(line.includes(`; Path=${proxy.base}/;`), `${name}: ${line}`);
    assert.equal(line.endsWith("; Secure"), proxy.tls, name);
    const cookie = line.split(";")[0];
    const asked = await proxy.request("GET", "/v1/session", { headers: { ...browser(proxy), cookie } });
    assert.equal(JSON.parse(asked.body).user.name, "ann", name);
    assert.equal((await proxy.request("GET", "/v1/files")).status, 401, name);
  }
});

test("no proxy passes on what a client says of its address", async () => {
  for (const name of names) {
    const proxy = proxies[name];
    const claims = { forwarded: "for=192.0.2.7;proto=https;host=media.example", "x-forwarded-for": "192.0.2.7" };
    const { headers, body } = json_body({ name: "ann", password });
    const answer = await proxy.request("POST", "/v1/session", { headers: { ...browser(proxy), ...claims, ...headers }, body });
    assert.equal(answer.status, 204, `${name}: ${answer.body}`);
    const cookie = answer.headers["set-cookie"][0].split(";")[0];
    const devices = await proxy.request("GET", "/v1/sessions", { headers: { ...browser(proxy), cookie } });
    const addresses = JSON.parse(devices.body).items.map((one) => one.address);
    assert.ok(!addresses.includes("192.0.2.7"), `${name}: ${addresses}`);
  }
});
