// Sends damaged and hostile files in a row through the real server, and looks whether it stays well:
//   script/hostile --count 2000 --seed 7
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { bombs, flipped, lures, polyglots, truncations } from "./hostile_files.mjs";
import { Random } from "./random.mjs";
import { Server, data } from "./server.mjs";

const { values } = parseArgs({ options: { count: { type: "string", default: "2000" }, seed: { type: "string", default: "7" }, only: { type: "string", default: "" }, seconds: { type: "string", default: "20" } } });
const count = Number(values.count);
const corpus = process.env.MEDIAD_FORMATS;
const atOnce = 4;
const mostSeconds = Number(values.seconds);
const mostGrowth = 64 << 20;
const fewOfACode = 5; // so few are worth a look, each
const largestSeed = 3 << 20; // the large photos say nothing that small ones do not

/** Listens where the lures point to, and counts who comes. */
async function canary() {
  const visits = [];
  const listener = createServer((socket) => {
    visits.push(socket.remotePort);
    socket.destroy();
  });
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return { visits, listener, url: `http://127.0.0.1:${listener.address().port}` };
}

function soundFiles() {
  return [corpus, data].flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((file) => !path.basename(file).startsWith(".") && statSync(file).isFile())
    .filter((file) => statSync(file).size > 0 && statSync(file).size <= largestSeed).sort();
}

/** Bombs, lures, polyglots and truncations, and bit flips for the rest; a sample of all if count is smaller. */
function chosen(listener, secretFile) {
  const random = new Random(values.seed);
  const seeds = soundFiles();
  const byName = new Map(seeds.map((file) => [path.basename(file), file]));
  const all = [...bombs(), ...lures(listener, secretFile), ...polyglots((name) => readFileSync(byName.get(name)))];
  for (const file of seeds) {
    const content = readFileSync(file);
    all.push(...truncations(path.basename(file), content));
  }
  for (let round = 0; all.length < count; ++round)
    for (const file of seeds.slice(0, count - all.length)) {
      const name = path.basename(file);
      const chance = new Random(`${values.seed} ${round} ${name}`);
      all.push({ name: `flip-${round}-${name}`, kind: "flip", make: () => flipped(name, readFileSync(file), chance, round) });
    }
  const wanted = all.filter(({ name }) => name.includes(values.only));
  while (wanted.length > count) wanted.splice(random.between(0, wanted.length - 1), 1);
  return wanted;
}

/** Of its own: what it has mapped of the database comes and goes as the system likes. */
function memoryBytes(pid) {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;
}

async function send(server, { name, make }) {
  const content = make();
  const began = performance.now();
  const { status, body } = await server.json(`/v1/files?name=${encodeURIComponent(name)}`, { method: "POST", body: content, headers: { "Content-Type": "application/octet-stream" } });
  if (status !== 201) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
  const record = await server.finished(body.id, 300);
  return { name, seconds: (performance.now() - began) / 1000, code: record.failure?.code ?? record.status, record };
}

async function textOf(server, record) {
  const text = record.renditions.find((r) => r.name === "text.txt");
  return text ? (await fetch(server.url + text.url)).text() : "";
}

function report(done, before, most, after) {
  const codes = new Map();
  for (const { code } of done) codes.set(code, (codes.get(code) ?? 0) + 1);
  console.log(`${done.length} files: ${[...codes].sort((a, b) => b[1] - a[1]).map(([code, n]) => `${n} ${code}`).join(", ")}.`);
  for (const [rare] of [...codes].filter(([, n]) => n <= fewOfACode))
    console.log(`${rare}: ${done.filter(({ code }) => code === rare).map(({ name }) => name).sort().join(", ")}`);
  console.log("The slowest:");
  for (const { name, seconds, code } of [...done].sort((a, b) => b.seconds - a.seconds).slice(0, 10)) console.log(`  ${seconds.toFixed(1).padStart(6)} s  ${code.padEnd(18)} ${name}`);
  const mib = (n) => (n / (1 << 20)).toFixed(1);
  console.log(`The server's memory: ${mib(before)} MiB before, at most ${mib(most)}, ${mib(after)} after.`);
}

const scratch = mkdtempSync(path.join(tmpdir(), "mediad-canary-"));
const secret = "do-not-read-me-4217";
const secretFile = path.join(scratch, "secret.txt");
writeFileSync(secretFile, `${secret}\n`);
const bird = await canary();
const server = await Server.start({ settings: { "log.level": "error", "document.office_timeout": "15s", "processing.max_backlog": 100000 } });
const { pid } = server.process;
const wrong = [];
const done = [];
try {
  const files = chosen(bird.url, secretFile);
  // What it keeps for good is there once it has seen one of each.
  for (const name of ["photo.jpg", "clip.mkv", "report.pdf", "notes.txt"]) await server.finished((await server.upload(name)).body.id);
  const before = memoryBytes(pid);
  let most = before;
  const queue = [...files];
  const worker = async () => {
    for (let file; (file = queue.shift());) {
      const result = await send(server, file).catch((e) => void wrong.push(e.message));
      if (!result) continue;
      done.push(result);
      most = Math.max(most, memoryBytes(pid));
      if (result.seconds > mostSeconds) wrong.push(`${file.name} took ${result.seconds.toFixed(1)} s`);
      if (["internal", "worker_died", "storage_io"].includes(result.code)) wrong.push(`${file.name}: ${result.code}`);
      if (file.kind === "lure" && (await textOf(server, result.record)).includes(secret)) wrong.push(`${file.name} read another file`);
      if (done.length % 200 === 0) console.log(`… ${done.length}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const after = memoryBytes(pid);
  report(done, before, most, after);
  if (most - before > mostGrowth) wrong.push(`the server grew by ${((most - before) / (1 << 20)).toFixed(0)} MiB`);
  if (server.process.exitCode !== null || server.process.pid !== pid) wrong.push("the server ended");
  if (bird.visits.length > 0) wrong.push(`${bird.visits.length} connections to the canary`);
  const last = await server.finished((await server.upload("photo.jpg")).body.id);
  if (last.status !== "ready") wrong.push("after all of that a sound photo fails");
} finally {
  bird.listener.close();
  await server.dispose();
  rmSync(scratch, { recursive: true, force: true });
}
for (const what of wrong.slice(0, 50)) console.log(`WRONG: ${what}`);
console.log(wrong.length === 0 ? "All is well." : `${wrong.length} things are wrong.`);
process.exitCode = wrong.length === 0 && done.length > 0 ? 0 : 1;
