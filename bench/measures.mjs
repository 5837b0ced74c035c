// What is measured. Each function runs one round and gives numbers. Large files are removed after it;
// small ones stay, unless told otherwise: many removals slow whoever creates files next, on ext4 without
// a journal for minutes.
import { rmSync } from "node:fs";
import path from "node:path";
import { Program, removeFiles, run } from "./processes.mjs";

const MiB = 1024 * 1024;
const generator = process.env.UPLOAD_LOAD;

/** Nothing that one candidate left unwritten may slow the next. */
const settle = () => run("sync", []);

/** One run of the load generator; throws if a single request failed. */
async function load(door, { port, path: target }, { connections, count, bytes }) {
  const args = [door, "--port", port, "--path", target, "--connections", connections, "--count", count, "--bytes", bytes];
  return JSON.parse((await run(generator, args.map(String), 150)).at(-1));
}

/** Seconds of one upload of `bytes`, and of copying as much with cat and sync. */
export async function largeUpload({ mediad, nginx, source, folder, bytes, round }) {
  const one = { connections: 1, count: 1, bytes };
  const out = {};
  const candidates = [
    async () => {
      const before = mediad.program.cpuSeconds();
      out.mediad = (await load("post", { port: mediad.port, path: "/v1/files" }, one)).seconds;
      out.mediadCpu = mediad.program.cpuSeconds() - before;
      await mediad.caughtUp();
      await mediad.remove(1);
    },
    async () => {
      const before = nginx.program.cpuSeconds({ children: true });
      out.nginx = (await load("put", { port: nginx.port, path: "/large/" }, one)).seconds;
      out.nginxCpu = nginx.program.cpuSeconds({ children: true }) - before;
      await removeFiles(nginx.large);
    },
    async () => {
      const copy = path.join(folder, "copy");
      const begun = process.hrtime.bigint();
      await run("sh", ["-c", 'cat "$1" > "$2" && sync "$2"', "sh", source, copy]);
      out.cat = Number(process.hrtime.bigint() - begun) / 1e9;
      rmSync(copy);
    },
  ];
  await inTurn(candidates, round);
  const [line] = await run(generator, ["hash", "--bytes", String(bytes)]);
  out.hashCpu = JSON.parse(line).cpu_seconds;
  return out;
}

/** Uploads per second of many small files; mediad's background work is over before the next begins. */
export async function smallUploads({ mediad, nginx, tus, connections, count, bytes, tusCount, clear, round }) {
  const many = { connections, count, bytes };
  const out = {};
  const candidates = [
    async () => {
      const before = mediad.program.cpuSeconds();
      out.mediad = await load("post", { port: mediad.port, path: "/v1/files" }, many);
      out.mediad.cpu_ms = ((mediad.program.cpuSeconds() - before) / count) * 1000;
      await mediad.caughtUp();
    },
    async () => {
      const before = nginx.program.cpuSeconds({ children: true });
      out.nginx = await load("put", { port: nginx.port, path: "/small/" }, many);
      out.nginx.cpu_ms = ((nginx.program.cpuSeconds({ children: true }) - before) / count) * 1000;
      if (clear) await removeFiles(nginx.small);
    },
    async () => {
      const before = tus.program.cpuSeconds();
      out.tus = await load("tus", { port: tus.port, path: "/files" }, { ...many, count: tusCount });
      out.tus.cpu_ms = ((tus.program.cpuSeconds() - before) / tusCount) * 1000;
      if (clear) await removeFiles(tus.files);
    },
  ];
  if (await mediad.hasTus())
    candidates.push(async () => {
      out.mediadTus = await load("tus", { port: mediad.port, path: "/v1/files" }, many);
      await mediad.caughtUp();
    });
  await inTurn(candidates, round);
  return out;
}

/** Latency of a preview while three large uploads run. */
export async function previewBesideUploads({ mediad, preview, bytes }) {
  await settle();
  const args = ["get", "--port", mediad.port, "--path", preview, "--connections", 4, "--pause-ms", 5];
  const gets = new Program(generator, args.map(String));
  const seen = gets.result(150);
  seen.catch(() => {}); // looked at below; an upload that fails first is the better reason
  try {
    await load("post", { port: mediad.port, path: "/v1/files" }, { connections: 3, count: 3, bytes });
  } finally {
    gets.endInput();
  }
  const out = JSON.parse((await seen).at(-1));
  await mediad.caughtUp();
  await mediad.remove(3);
  return out;
}

/** Resident memory at rest, and what each of `count` uploads adds that have begun and then pause. */
export async function memory({ mediad, count }) {
  await still(mediad);
  const rest = mediad.program.rssBytes();
  const args = ["idle", "--port", mediad.port, "--path", "/v1/files", "--count", count, "--bytes", 4 * MiB];
  const idle = new Program(generator, args.map(String));
  const ended = idle.result(120);
  ended.catch(() => {}); // looked at below
  let open;
  try {
    await mediad.metric("mediad_uploads_receiving", count);
    await still(mediad);
    open = mediad.program.rssBytes();
  } finally {
    idle.endInput();
  }
  await ended;
  await mediad.metric("mediad_uploads_receiving", 0);
  return { rest, perUpload: (open - rest) / count };
}

/** Waits until its memory has not changed for a second. */
async function still(mediad, seconds = 20) {
  const until = Date.now() + seconds * 1000;
  let last = -1;
  while (last !== (last = mediad.program.rssBytes())) {
    if (Date.now() > until) throw new Error("memory does not come to rest");
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Each round begins with another one, so that none is always first. */
async function inTurn(candidates, round) {
  for (let i = 0; i < candidates.length; ++i) {
    await settle();
    await candidates[(i + round) % candidates.length]();
  }
}
