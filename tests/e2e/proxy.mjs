// nginx, Caddy or HAProxy in front of the real server, on a port of its own, both set up as docs/operating.md says.
import { spawn } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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

/** The documented folder of a proxy that has other things at its root. */
export const subFolder = /base_path = "([^"]*)"/.exec(page)[1];

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

/** What each proxy is given in a folder of its own, and how it is started there. */
const kinds = {
  nginx: {
    arguments: (folder) => ["-p", folder, "-e", "stderr", "-c", "settings"],
    inFolder: [["location / {", `location ${subFolder} {`], ["location /v1/events {", `location ${subFolder}/v1/events {`]],
    write(block, { port, tls }) {
      block = replace(block, "listen 443 ssl;", `listen 127.0.0.1:${port}${tls ? " ssl" : ""};`);
      if (tls) block = replace(block, "# ssl_certificate …;", "ssl_certificate cert.pem; ssl_certificate_key key.pem; #");
      const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${name};`).join(" ");
      // The workers of a master that root runs would be another user, who may not enter the folder.
      const user = process.getuid() === 0 ? "user root;" : "";
      return `daemon off; ${user} pid nginx.pid; error_log stderr; events {}\nhttp { access_log off; ${folders}\n${block}}\n`;
    },
  },
  caddy: {
    arguments: (folder) => ["run", "--adapter", "caddyfile", "--config", path.join(folder, "settings")],
    inFolder: [["reverse_proxy 127.0.0.1:8080", `reverse_proxy ${subFolder}* 127.0.0.1:8080`]],
    write(block, { port, tls, folder }) {
      const certificate = tls ? `tls ${folder}/cert.pem ${folder}/key.pem\n` : "";
      block = replace(block, `${publicName} {\n`, `${tls ? "https" : "http"}://${publicName}:${port} {\nbind 127.0.0.1\n${certificate}`);
      return `{\nadmin off\nauto_https disable_redirects\nlog {\nlevel ERROR\n}\n}\n${block}`;
    },
  },
  haproxy: {
    arguments: (folder) => ["-db", "-q", "-f", path.join(folder, "settings")],
    inFolder: [["default_backend mediad", `use_backend mediad if { path_beg ${subFolder} }`]],
    write(block, { port, tls, folder }) {
      return replace(block, "bind :443 ssl crt /etc/haproxy/media.pem alpn http/1.1",
        `bind 127.0.0.1:${port}${tls ? ` ssl crt ${folder}/both.pem alpn http/1.1` : ""}`);
    },
  },
};

export class Proxy {
  /**
   * @param kind nginx, caddy or haproxy. tls: whether it speaks TLS, as documented, or plain HTTP. base: the folder that mediad has, or empty.
   */
  static async start(server, { kind, tls, base = "" }) {
    const proxy = new Proxy();
    Object.assign(proxy, { kind, tls, base });
    proxy.port = await freePort();
    proxy.host = `${publicName}:${proxy.port}`;
    proxy.origin = `${tls ? "https" : "http"}://${proxy.host}`;
    proxy.folder = await mkdtemp(path.join(tmpdir(), "mediad-proxy-"));
    await proxy.#configure(server);
    await proxy.#launch();
    return proxy;
  }

  async #configure(server) {
    const { inFolder, write } = kinds[this.kind];
    let block = documented(this.kind);
    if (this.base) for (const [from, to] of inFolder) block = replace(block, from, to);
    block = replace(block, "127.0.0.1:8080", new URL(server.url).host);
    const [cert, key] = ["cert.pem", "key.pem"].map((name) => path.join(this.folder, name));
    if (this.tls)
      await tool("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", `/CN=${publicName}`, "-addext", `subjectAltName=DNS:${publicName}`, "-keyout", key, "-out", cert);
    if (this.tls) for (const part of [cert, key]) await appendFile(path.join(this.folder, "both.pem"), await readFile(part));
    await writeFile(path.join(this.folder, "settings"), write(block, this));
  }

  async #launch() {
    const env = { ...process.env, HOME: this.folder, XDG_DATA_HOME: this.folder, XDG_CONFIG_HOME: this.folder };
    this.process = spawn(this.kind, kinds[this.kind].arguments(this.folder), { stdio: ["ignore", "ignore", "inherit"], env });
    this.ended = new Promise((resolve) => this.process.once("exit", resolve));
    for (let tries = 100; tries > 0; --tries) {
      const listens = await new Promise((resolve) => {
        const socket = net.connect(this.port, "127.0.0.1", () => { socket.destroy(); resolve(true); });
        socket.once("error", () => resolve(false));
      });
      if (listens) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${this.kind} does not listen`);
  }

  /** A request by the public name, below the folder that mediad has unless the path has it already; answers with { status, headers, body }. */
  request(method, target, { headers = {}, body } = {}) {
    if (target !== this.base && !target.startsWith(`${this.base}/`)) target = this.base + target;
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
