// The real server in a process of its own, on a free port and a root of its own.
import { spawn, execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { checkAnswer } from "./contract.mjs";

const run = promisify(execFile);

export const binary = need("MEDIAD_BINARY");
export const data = need("MEDIAD_TEST_DATA");

function need(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** Runs a program to its end; throws with its standard error when it fails. */
export async function tool(program, ...args) {
  const { stdout } = await run(program, args, { maxBuffer: 64 << 20, timeout: 60_000 });
  return stdout;
}

/** Settings under which a video that browsers play as it is, is encoded all the same: for tests that need it to take long. */
export const encoding = { "video.remux": "false" };

export class Server {
  /**
   * @param options settings as { "section.key": value }; root: kept across restarts when given; ownSession: see session(); keepsLog: `log`
   *     is what it has logged, which is shown otherwise.
   */
  static async start({ root, port = 0, settings = {}, ownSession = false, keepsLog = false } = {}) {
    const server = new Server();
    server.settings = settings;
    server.ownSession = ownSession;
    server.keepsLog = keepsLog;
    server.root = root ?? (await mkdtemp(path.join(tmpdir(), "mediad-e2e-")));
    await server.#launch(port);
    return server;
  }

  async #launch(port) {
    const all = { "server.listen": `127.0.0.1:${port}`, "storage.root": this.root, "log.level": "warning", "document.office_timeout": "2m", ...this.settings };
    const args = Object.entries(all).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
    this.process = spawn(binary, ["serve", ...args], { stdio: ["ignore", "pipe", this.keepsLog ? "pipe" : "inherit"], detached: this.ownSession });
    this.log = "";
    this.process.stderr?.on("data", (text) => { this.log += text; });
    this.ended = new Promise((resolve) => this.process.once("exit", (code, signal) => resolve({ code, signal })));
    const lines = createInterface({ input: this.process.stdout });
    const first = await Promise.race([
      new Promise((resolve) => lines.once("line", resolve)),
      this.ended.then(() => { throw new Error("the server ended before it listened"); }),
    ]);
    this.url = /http:\/\/\S+/.exec(first)[0].replace(/\/$/, "");
    this.port = Number(new URL(this.url).port);
  }

  /** Ends it at once, as a power cut would. */
  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  /** Starts it again on the same root and port. */
  async restart() {
    await this.#launch(this.port);
  }

  async stop() {
    this.process.kill("SIGTERM");
    return this.ended;
  }

  /** Stops it and removes its root. */
  async dispose() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.stop();
    await rm(this.root, { recursive: true, force: true });
  }

  /** Uploads one file of the test data with curl, as a form; answers { status, headers, body }. */
  async upload(name, as = name) {
    return this.curl("-F", `file=@${path.join(data, name)};filename=${as}`, `${this.url}/v1/files`);
  }

  /** Runs curl with a body to POST; the last argument is the URL. */
  async curl(...args) {
    const out = await tool("curl", "-sS", "-i", "--max-time", "120", "-H", "Expect:", ...args);
    const end = out.indexOf("\r\n\r\n");
    const [first, ...lines] = out.slice(0, end).split("\r\n");
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
    const text = out.slice(end + 4);
    const body = (headers["content-type"] ?? "").includes("json") ? JSON.parse(text) : text;
    const status = Number(first.split(" ")[1]);
    checkAnswer("POST", args.at(-1), status, headers["content-type"], body);
    return { status, headers, body };
  }

  async json(target, options) {
    const answer = await fetch(this.url + target, options);
    const body = await answer.json();
    checkAnswer(options?.method ?? "GET", target, answer.status, answer.headers.get("content-type"), body);
    return { status: answer.status, headers: answer.headers, body };
  }

  /** The record once it is ready, failed or cancelled. */
  async finished(id, seconds = 120) {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const { body } = await this.json(`/v1/files/${id}?wait=10`);
      if (["ready", "failed", "cancelled"].includes(body.status)) return body;
      if (Date.now() > until) throw new Error(`${id} is still ${body.status} (${body.stage}) after ${seconds} s`);
    }
  }

  /** Saves what a link of a record leads to. */
  async download(target, file) {
    await tool("curl", "-sSf", "--max-time", "60", "-o", file, this.url + target);
    return file;
  }

  /** With ownSession: pid and command line of all processes that it, or another one of them, has started and that still run. */
  async session() {
    const found = [];
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      const [state, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before may hold anything
      if (Number(session) === this.process.pid && !"ZX".includes(state))
        found.push({ pid: Number(pid), command: (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ") });
    }
    return found;
  }

  /** Process ids of the workers of this server. */
  async workers() {
    const out = await run("pgrep", ["-P", String(this.process.pid)]).catch(() => ({ stdout: "" }));
    return out.stdout.split("\n").filter(Boolean).map(Number);
  }
}
