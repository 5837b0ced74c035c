// nginx in front of the real server, on a port of its own, both set up as docs/operating.md says.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { tool } from "./server.mjs";

const page = await readFile(path.join(process.env.MEDIAD_DOCS, "operating.md"), "utf8");

/** The first block of that kind in the section about proxies. */
function documented(kind) {
  const section = page.slice(page.indexOf("\n## Behind a proxy"));
  const block = new RegExp("```" + kind + "\\n([^]*?)```").exec(section);
  if (!block) throw new Error(`docs/operating.md has no ${kind} behind a proxy`);
  return block[1];
}

/** The documented settings, as { "section.key": value }. */
export function documentedSettings() {
  const [, section, lines] = /^\[(\w+)\]\n([^]*)$/.exec(documented("toml"));
  const values = lines.split("\n").map((line) => /^(\w+) = \["([^"]*)"\]/.exec(line)).filter(Boolean);
  return Object.fromEntries(values.map(([, key, value]) => [`${section}.${key}`, value]));
}

/** The name by which people reach the documented server. */
export const publicName = documentedSettings()["server.allowed_hosts"];

/** Replaces what differs from place to place; everything else is run as it is documented. */
function replace(text, from, to) {
  if (!text.includes(from)) throw new Error(`docs/operating.md no longer says ${from}`);
  return text.replaceAll(from, to);
}

async function freePort() {
  const listener = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => listener.once("listening", resolve));
  const { port } = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

export class Proxy {
  /** @param tls whether it speaks TLS, as documented, or plain HTTP. */
  static async start(server, { tls }) {
    const proxy = new Proxy();
    proxy.tls = tls;
    proxy.port = await freePort();
    proxy.host = `${publicName}:${proxy.port}`;
    proxy.origin = `${tls ? "https" : "http"}://${proxy.host}`;
    proxy.folder = await mkdtemp(path.join(tmpdir(), "mediad-proxy-"));
    await proxy.#configure(server);
    await proxy.#launch();
    return proxy;
  }

  async #configure(server) {
    let block = replace(documented("nginx"), "http://127.0.0.1:8080", server.url);
    block = replace(block, "listen 443 ssl;", `listen 127.0.0.1:${this.port}${this.tls ? " ssl" : ""};`);
    if (this.tls) {
      await tool("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", `/CN=${publicName}`, "-keyout", path.join(this.folder, "key.pem"), "-out", path.join(this.folder, "cert.pem"));
      block = replace(block, "# ssl_certificate …;", "ssl_certificate cert.pem; ssl_certificate_key key.pem; #");
    }
    const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${name};`).join(" ");
    // The workers of a master that root runs would be another user, who may not enter the folder.
    const user = process.getuid() === 0 ? "user root;" : "";
    await writeFile(path.join(this.folder, "nginx.conf"),
      `daemon off; ${user} pid nginx.pid; error_log stderr; events {}\nhttp { access_log off; ${folders}\n${block}}\n`);
  }

  async #launch() {
    this.process = spawn("nginx", ["-p", this.folder, "-e", "stderr", "-c", "nginx.conf"], { stdio: ["ignore", "ignore", "inherit"] });
    this.ended = new Promise((resolve) => this.process.once("exit", resolve));
    for (let tries = 100; tries > 0; --tries) {
      const listens = await new Promise((resolve) => {
        const socket = net.connect(this.port, "127.0.0.1", () => { socket.destroy(); resolve(true); });
        socket.once("error", () => resolve(false));
      });
      if (listens) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("nginx does not listen");
  }

  /** A request by the public name; answers with { status, headers, body }. */
  request(method, target, { headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
      const all = { host: this.host, ...headers };
      const sent = (this.tls ? https : http).request(
        { host: "127.0.0.1", port: this.port, method, path: target, headers: all, rejectUnauthorized: false, servername: publicName },
        (answer) => {
          const pieces = [];
          answer.on("data", (piece) => pieces.push(piece));
          answer.on("error", reject);
          answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) }));
        });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** Stops it and removes its folder. */
  async dispose() {
    this.process.kill("SIGTERM");
    await this.ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
