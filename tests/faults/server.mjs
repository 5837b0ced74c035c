// The real server with the injector loaded, on a root and a port of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

export const binary = need("MEDIAD_BINARY");
const injector = need("MEDIAD_FAULTS");

function need(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** Settings as words of a command line. */
export const inWords = (settings) => Object.entries(settings).flatMap(([key, value]) => ["--set", `${key}=${value}`]);

export class Server {
  static async start({ root, settings = {} } = {}) {
    const server = new Server();
    server.base = root ?? mkdtempSync(path.join(tmpdir(), "mediad-faults-"));
    server.root = path.join(server.base, "data");
    server.order = path.join(server.base, "order");
    server.settings = settings;
    await server.launch();
    return server;
  }

  /** Runs it; sets `startup`, the milliseconds until it listened. */
  async launch() {
    const all = { "server.listen": "127.0.0.1:0", "storage.root": this.root, "storage.min_free": "0B", "log.level": "off", ...this.settings };
    const began = performance.now();
    this.process = spawn(binary, ["serve", ...inWords(all)], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, LD_PRELOAD: injector, MEDIAD_FAULT_ORDER: this.order },
    });
    this.ended = once(this.process, "exit").then(([code, signal]) => ({ code, signal }));
    const line = await Promise.race([
      once(createInterface({ input: this.process.stdout }), "line"),
      this.ended.then(({ code, signal }) => { throw new Error(`the server ended before it listened: ${code ?? signal}`); }),
    ]);
    this.startup = performance.now() - began;
    this.url = /http:\/\/\S+/.exec(line)[0].replace(/\/$/, "");
  }

  get isRunning() {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** @param order as faults.c says; null: no faults from now on. */
  inject(order) {
    rmSync(`${this.order}.done`, { force: true });
    if (order) writeFileSync(this.order, order);
    else rmSync(this.order, { force: true });
  }

  get wasInjected() {
    return existsSync(`${this.order}.done`);
  }

  /** What happens behind the answers may still be to come. */
  async meetsOrder() {
    for (const until = Date.now() + 10_000; !this.wasInjected && Date.now() < until;) await new Promise((resolve) => setTimeout(resolve, 20));
    return this.wasInjected;
  }

  async stop() {
    if (this.isRunning) this.process.kill("SIGTERM");
    return this.ended;
  }

  async dispose() {
    await this.stop();
    rmSync(this.base, { recursive: true, force: true });
  }

  /** One request on a connection of its own; rejects when the connection breaks. */
  request(method, target, { headers = {}, body, timeout = 20_000 } = {}) {
    return new Promise((resolve, reject) => {
      const to = new URL(target, this.url);
      let failure;
      const length = body === undefined ? {} : { "content-length": body.length };
      const request = http.request(to, { method, agent: false, timeout, headers: { ...length, ...headers } }, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("error", (e) => (failure = e));
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }));
      });
      request.on("timeout", () => request.destroy(new Error(`${method} ${target}: no answer in time`)));
      // An answer may come before the body has left: that the rest of it could not be sent is no error then.
      request.on("error", (e) => (failure = e));
      request.on("close", () => reject(failure ?? new Error(`${method} ${target}: no answer`)));
      request.end(body);
    });
  }

  async json(target) {
    const answer = await this.request("GET", target);
    return { status: answer.status, body: JSON.parse(answer.body.toString() || "null") };
  }
}
