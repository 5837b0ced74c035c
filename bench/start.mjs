// How long a server with many files takes to be ready, and how much memory: after an orderly stop, and after kill -9.
//
//   cmake --preset release -DMEDIAD_BENCH=ON && ninja -C build/release mediad mediad-codec fill_store
//   node bench/start.mjs [--files 1000000] [--root FOLDER] [--rounds 3]
//
// The store is filled once and kept for the next run if --root is given. Memory is what the process has for itself
// (RssAnon of /proc/<pid>/status), until it is ready, and until the comparison behind the start is over. MEDIAD and FILL_STORE name the programs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Program, stopAll } from "./processes.mjs";
import { median } from "./report.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const mediad = process.env.MEDIAD ?? path.join(here, "../build/release/mediad");
const fill = process.env.FILL_STORE ?? path.join(here, "../build/release/fill_store");
const options = parseArgs({ options: { files: { type: "string", default: "1000000" }, root: { type: "string" }, rounds: { type: "string", default: "3" },
  rate: { type: "string", default: "50000" } } }).values;
const root = options.root ?? mkdtempSync(path.join(process.cwd(), "start-bench-"));
const most = { clean: 1_000, killed: 5_000, MiB: 250 };

/** Bytes that the process has for itself; 0 once it is gone. */
function ownMemory(pid) {
  try {
    return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;
  } catch {
    return 0;
  }
}

async function start() {
  const begun = performance.now();
  const server = new Program(mediad, ["--set", "server.listen=127.0.0.1:0", "--set", `storage.root=${root}`, "--set", `storage.inspect_rate=${options.rate}`]);
  server.peak = 0;
  server.watch = setInterval(() => (server.peak = Math.max(server.peak, ownMemory(server.pid))), 5);
  const line = await server.line(3600);
  server.ready = performance.now() - begun;
  server.peakUntilReady = server.peak;
  server.url = line.split(" ").at(-1);
  return server;
}

async function stop(server, signal) {
  await server.stop(signal);
  clearInterval(server.watch);
}

/** Seconds until the comparison of all files is over. */
async function inspected(server) {
  const begun = performance.now();
  for (;;) {
    const text = await (await fetch(`${server.url}/readyz?verbose`)).text();
    if (/: over/.test(text)) return { seconds: (performance.now() - begun) / 1000, text };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const MiB = (bytes) => (bytes / 2 ** 20).toFixed(1);

function report(what, servers, limit) {
  const ready = median(servers.map((s) => s.ready));
  const peak = Math.max(...servers.map((s) => s.peakUntilReady));
  const good = ready <= limit && peak / 2 ** 20 <= most.MiB;
  console.log(`${what}: ready after ${ready.toFixed(0)} ms (at most ${limit}), ${MiB(peak)} MiB of its own (at most ${most.MiB}) ${good ? "✓" : "✗"}`);
}

try {
  execFileSync(fill, [options.files, root], { stdio: ["ignore", "ignore", "inherit"] });
  rmSync(path.join(root, "system", "steps"), { force: true });
  const first = await start();
  console.log(`a start that has to compare everything before: ready after ${first.ready.toFixed(0)} ms, ${MiB(first.peakUntilReady)} MiB of its own`);
  await stop(first, "SIGTERM");
  const clean = [];
  const killed = [];
  for (let round = 0; round < Number(options.rounds); ++round) {
    clean.push(await start());
    await stop(clean.at(-1), "SIGKILL");
    killed.push(await start());
    await stop(killed.at(-1), "SIGTERM");
  }
  report("after an orderly stop", clean, most.clean);
  report("after kill -9", killed, most.killed);
  const last = await start();
  const { seconds, text } = await inspected(last);
  console.log(`the comparison behind the start took ${seconds.toFixed(1)} s, and the server up to ${MiB(last.peak)} MiB\n${text.trim()}`);
  await stop(last, "SIGTERM");
} finally {
  await stopAll();
  if (!options.root) rmSync(root, { recursive: true, force: true });
}
