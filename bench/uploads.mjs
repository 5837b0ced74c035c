// Started by bench/uploads, which says what it is for.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { loadavg } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { largeUpload, memory, previewBesideUploads, smallUploads } from "./measures.mjs";
import { isRealTime, removeFiles, run, stopAll } from "./processes.mjs";
import { report, writeTable } from "./report.mjs";
import { Mediad, startNginx, startTus } from "./servers.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const MiB = 1024 * 1024;
const usage = `bench/uploads [--quick] [--rounds N] [--folder DIR] [--only large,small,preview,memory] [--clear] [--no-table]
  --quick     two rounds, smaller uploads; the figures are a hint, not a result
  --rounds    interleaved rounds, however long they take; else 5, or 2 with --quick, or fewer on a slow machine
  --folder    where the data goes while it runs (up to 8 GiB): a real disk; default: beside the server's program
  --only      only these parts; no table is written then
  --clear     remove the small files of nginx and @tus/server after each of their turns
  --no-table  print it, but leave bench/README.md alone`;

function options() {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean" }, rounds: { type: "string" }, folder: { type: "string" },
      only: { type: "string" }, clear: { type: "boolean" }, "no-table": { type: "boolean" }, help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 50) throw new Error("--rounds: 1 to 50");
  const all = ["memory", "large", "small", "preview"];
  const parts = values.only?.split(",") ?? all;
  if (!parts.every((part) => all.includes(part))) throw new Error(`--only: some of ${all.join(",")}`);
  return {
    rounds, parts, quick: values.quick ?? false, clear: values.clear ?? false,
    folder: values.folder ?? path.dirname(process.env.MEDIAD),
    keepTable: values["no-table"] || values.only !== undefined,
    largeBytes: values.quick ? 256 * MiB : 1024 * MiB,
    smallCount: values.quick ? 1000 : 2000,
    tusCount: 500, // it is the slow one, and steady
    idleCount: 2000,
    budget: values.rounds ? Infinity : values.quick ? 70 : 320,
  };
}

function checkDisk(folder, wanted) {
  const disk = statfsSync(folder);
  if (disk.type === 0x01021994 || disk.type === 0x858458f6) throw new Error(`${folder} is in memory: a sync there costs nothing`);
  if (disk.bavail * disk.bsize < wanted) throw new Error(`${folder} has too little room: ${wanted / 2 ** 30} GiB are needed`);
}

async function measure(o, folder) {
  const place = (name) => {
    const there = path.join(folder, name);
    mkdirSync(there, { recursive: true });
    return there;
  };
  const out = { large: [], small: { 16: [], 64: [] }, preview: [], memory: null, rounds: 0 };
  const say = (what, numbers) => console.error(what, JSON.stringify(numbers));

  if (o.parts.includes("memory")) {
    // A server of its own: the heap of one that has worked is no server at rest.
    const fresh = await Mediad.start(place("fresh"));
    out.memory = await memory({ mediad: fresh, count: o.idleCount });
    await fresh.stop();
    say("memory", out.memory);
  }
  const mediad = await Mediad.start(place("mediad"), { "processing.max_backlog": 100_000 });
  const nginx = await startNginx(place("nginx"));
  const tus = await startTus(place("tus"));
  const source = path.join(folder, "source");
  await run("sh", ["-c", 'head -c "$1" /dev/urandom > "$2"', "sh", String(o.largeBytes), source]);
  const picture = await mediad.json("/v1/files?name=page.png", { method: "POST", body: readFileSync(path.join(here, "../docs/images/page.png")) });
  await mediad.caughtUp();
  const preview = (await mediad.json(`/v1/files/${picture.id}`)).preview.url;

  let longest = 0;
  for (let round = 0; round < o.rounds; ++round) {
    const begun = process.uptime();
    if (begun + longest > o.budget) {
      console.error(`${round} of ${o.rounds} rounds: more would take too long`);
      break;
    }
    if (o.parts.includes("large")) {
      out.large.push(await largeUpload({ mediad, nginx, source, folder, bytes: o.largeBytes, round }));
      say(`round ${round + 1} large`, out.large.at(-1));
    }
    if (o.parts.includes("small"))
      for (const connections of [16, 64]) {
        const numbers = await smallUploads({ mediad, nginx, tus, connections, count: o.smallCount, bytes: 64 * 1024, tusCount: o.tusCount, clear: o.clear, round });
        out.small[connections].push(numbers);
        say(`round ${round + 1} small, ${connections} connections`, numbers);
      }
    if (o.parts.includes("preview") && round < 3) {
      out.preview.push(await previewBesideUploads({ mediad, preview, bytes: o.largeBytes }));
      say(`round ${round + 1} preview`, out.preview.at(-1));
    }
    out.rounds = round + 1;
    longest = Math.max(longest, process.uptime() - begun);
  }
  return out;
}

let o;
try {
  o = options();
} catch (error) {
  console.error(`${error.message}\n\n${usage}`);
  process.exit(2);
}
checkDisk(o.folder, 8 * 2 ** 30);
const folder = mkdtempSync(path.join(o.folder, "uploads-"));
// Programs run in other processes only: what is synchronous here is short.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end(1));

async function end(code) {
  await stopAll();
  await removeFiles(folder);
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

try {
  const begun = Date.now();
  const load = loadavg()[0];
  const measured = await measure(o, folder);
  const version = (await run(process.env.MEDIAD, ["--version"])).at(0);
  const text = report(measured, { ...o, load, realTime: isRealTime(), seconds: (Date.now() - begun) / 1000, version });
  console.log(text);
  if (!o.keepTable) writeTable(path.join(here, "README.md"), text);
  await end(0);
} catch (error) {
  console.error(error);
  await end(1);
}
