// Programs that the bench starts, and ends again whatever happens.
import { spawn, execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";

const running = new Set();
const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"]));
const pageBytes = Number(execFileSync("getconf", ["PAGESIZE"]));

export class Program {
  constructor(command, args, options = {}) {
    this.name = command.split("/").at(-1);
    this.process = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
    this.pid = this.process.pid;
    this.errors = "";
    this.process.stderr.on("data", (text) => (this.errors = (this.errors + text).slice(-4000)));
    this.process.stdin.on("error", () => {}); // it may have ended already
    this.lines = createInterface({ input: this.process.stdout });
    this.ended = new Promise((resolve) => {
      this.process.once("error", (error) => resolve({ code: null, error }));
      this.process.once("close", (code, signal) => resolve({ code, signal }));
    }).finally(() => running.delete(this));
    running.add(this);
  }

  /** The next line of its output. */
  async line(seconds = 20) {
    const next = new Promise((resolve) => this.lines.once("line", resolve));
    const over = this.ended.then(() => Promise.reject(new Error(`${this.name} ended: ${this.errors}`)));
    return withLimit(Promise.race([next, over]), seconds, `${this.name} says nothing`);
  }

  /** Its whole output once it has ended well; input, if any, stays open until then or endInput(). */
  async result(seconds) {
    const out = [];
    this.lines.on("line", (line) => out.push(line));
    const end = await withLimit(this.ended, seconds, `${this.name} does not end`);
    if (end.code !== 0) throw new Error(`${this.name} failed (${end.code ?? end.signal ?? end.error}): ${out.join("\n")} ${this.errors}`);
    return out;
  }

  endInput() {
    this.process.stdin.end();
  }

  async stop(signal = "SIGTERM") {
    if (!running.has(this)) return;
    this.process.kill(signal);
    const hard = setTimeout(() => this.process.kill("SIGKILL"), 15_000);
    await this.ended;
    clearTimeout(hard);
  }

  /** Seconds of CPU that it has used, or with `children` its children. */
  cpuSeconds({ children = false } = {}) {
    const pids = children ? childrenOf(this.pid) : [this.pid];
    return pids.reduce((sum, pid) => {
      const fields = stat(pid);
      return sum + (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    }, 0);
  }

  /** Resident memory in bytes. */
  rssBytes() {
    return Number(readFileSync(`/proc/${this.pid}/statm`, "ascii").split(" ")[1]) * pageBytes;
  }
}

/** Fields of /proc/<pid>/stat from the third on: the second may contain anything. */
function stat(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Whether this program, and so all that it starts, goes before the machine's other work. */
export const isRealTime = () => ["1", "2"].includes(stat("self")[38]); // SCHED_FIFO, SCHED_RR

function childrenOf(parent) {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      return Number(stat(pid)[1]) === parent;
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

export async function withLimit(promise, seconds, complaint) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${complaint} (${seconds} s)`)), seconds * 1000);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

export async function stopAll() {
  await Promise.all([...running].map((program) => program.stop()));
}

/** Runs a program to its end. */
export async function run(command, args, seconds = 120) {
  const program = new Program(command, args);
  program.endInput();
  try {
    return await program.result(seconds);
  } finally {
    await program.stop("SIGKILL");
  }
}

/** Empties a folder of its files. Many at once: one after the other each would wait for the disk by itself. */
export async function removeFiles(folder) {
  await run("sh", ["-c", 'find "$1" -type f -print0 | xargs -0 -r -n 200 -P 16 rm -f', "sh", folder], 300);
}
