// Whether one user's many videos make another's few photos wait: on two cores, ann drops 1,000 videos, one of them an hour of
// 1080p, and bob sends 20 photos meanwhile. None of his is refused, each has its preview within a second, and its larger
// pictures and archive within ten.
//
//   cmake --preset release && cmake --build --preset release
//   node bench/fairness.mjs            writes its table into bench/README.md
//   node bench/fairness.mjs --print    only prints it
//   node bench/fairness.mjs --quick    few videos and photos: a hint, not a result; prints
//
// It ends with 1 if any target is missed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { arch, cpus, loadavg, release, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { EventStream } from "./event_stream.mjs";
import { ffmpeg, makeCopies, makePhotos } from "./footage.mjs";
import { stopAll } from "./processes.mjs";
import { median, percentile, writeTable } from "./report.mjs";
import { Mediad } from "./servers.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({ options: { print: { type: "boolean" }, quick: { type: "boolean" }, videos: { type: "string" },
  photos: { type: "string" }, minutes: { type: "string" }, cores: { type: "string", default: "0,1" } } });
process.env.MEDIAD ??= path.join(here, "../build/release/mediad");
const videoCount = Number(options.videos ?? (options.quick ? 40 : 1000));
const photoCount = Number(options.photos ?? (options.quick ? 6 : 20));
const minutes = Number(options.minutes ?? (options.quick ? 2 : 60)); // of the long video
const atOnce = { ann: 6, bob: 4 }; // as browsers do
const head = Math.min(20, videoCount - 1); // small videos before bob begins
const most = { preview: 1_000, all: 10_000 }; // ms
const settings = { "uploads.preview_wait": "10s", "video.remux": false };
const folder = mkdtempSync(path.join(tmpdir(), "fairness-"));
const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "28", "-g", "50", "-pix_fmt", "yuv420p", "-movflags", "+faststart"];
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function makeSmall() {
  return makeCopies(ffmpeg(folder, "small.mp4", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=3", ...x264));
}

/** A minute again and again. */
function makeLong() {
  ffmpeg(folder, "minute.mp4", "-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=25:d=60", ...x264);
  return ffmpeg(folder, "long.mp4", "-stream_loop", String(minutes - 1), "-i", path.join(folder, "minute.mp4"), "-c", "copy", "-movflags", "+faststart");
}

function command(root, args, input) {
  const { status, stdout, stderr } = spawnSync(process.env.MEDIAD, ["--set", `storage.root=${root}`, ...args], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`mediad ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

/** A user, by a token. */
function addUser(root, name, ...more) {
  command(root, ["user", "add", name, ...more, "--password-stdin"], "salty-waves!\n");
  const token = command(root, ["user", "token", name, "--called", "bench", "--scope", "upload,read"]);
  return { name, headers: { Authorization: `Bearer ${token}` }, agent: new http.Agent({ keepAlive: true, maxSockets: atOnce[name] }) };
}

/** Sends a body. @returns its answer, and milliseconds from its last byte to the answer's. */
function send(server, user, name, bytes) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${server.url}/v1/files?name=${name}`, { method: "POST", agent: user.agent,
      headers: { ...user.headers, "Content-Length": bytes.length } });
    let sent = performance.now();
    request.on("finish", () => (sent = performance.now()));
    request.on("error", reject);
    request.on("response", (answer) => {
      let text = "";
      answer.on("error", reject);
      answer.setEncoding("utf8").on("data", (piece) => (text += piece)).on("end", () => resolve({ status: answer.statusCode, text, sent, took: performance.now() - sent }));
    });
    request.end(bytes);
  });
}

/** Each of `count` once, so many at once. */
async function each(count, width, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
}

/** ann's videos; one that is refused comes again, as her own backlog is hers. */
async function drop(server, ann, long, small, told) {
  await each(videoCount, atOnce.ann, async (i) => {
    const bytes = i === 0 ? long : small();
    while (!told.over) {
      const { status, text } = await send(server, ann, i === 0 ? "hour.mp4" : `${i}.mp4`, bytes);
      if (status === 201) return void ++told.sent;
      if (status !== 503) throw new Error(`a video: ${status} ${text}`);
      ++told.refused;
      await pause(1_000);
    }
  });
}

/** bob's photos: milliseconds from the last byte of each to its preview, and until all is made of it. */
async function sendPhotos(server, bob, photo) {
  const events = await EventStream.open(server, bob.headers);
  const seen = { refused: 0, previews: [], all: [] };
  const waiting = new Map();
  await each(photoCount, atOnce.bob, async (i) => {
    const { status, text, sent, took } = await send(server, bob, `${i}.jpg`, photo());
    if (status === 503) return void ++seen.refused;
    if (status !== 201) throw new Error(`a photo: ${status} ${text}`);
    const record = JSON.parse(text);
    seen.previews.push(record.preview ? took : Infinity);
    waiting.set(record.id, sent);
  });
  const ends = (frame) => ["file.ready", "file.failed"].includes(frame.type) && waiting.has(frame.file.id);
  while (waiting.size > 0) {
    const frame = await events.next(ends, 600);
    seen.all.push(frame.type === "file.ready" ? frame.heard - waiting.get(frame.file.id) : Infinity);
    waiting.delete(frame.file.id);
  }
  events.close();
  return seen;
}

function row(what, values, limit) {
  const ms = (value) => (Number.isFinite(value) ? `${value.toFixed(0)} ms` : "never");
  return [what, ms(median(values)), ms(percentile(values, 0.95)), ms(Math.max(...values)), `all ≤ ${limit} ms`, Math.max(...values) <= limit ? "✓" : "✗"];
}

async function measure(long, small, photo) {
  const root = path.join(folder, "data");
  const server = await Mediad.start(root, settings, ["taskset", "-c", options.cores]);
  const ann = addUser(root, "ann", "--admin");
  const bob = addUser(root, "bob");
  const told = { sent: 0, refused: 0, over: false };
  const dropping = drop(server, ann, long, small, told);
  dropping.catch(() => {}); // it is awaited below
  while (told.sent < head) await Promise.race([pause(50), dropping]);
  const seen = await sendPhotos(server, bob, photo);
  const sentBefore = told.sent;
  told.over = true;
  const left = (await fetch(`${server.url}/metrics`, { headers: ann.headers }).then((answer) => answer.text()))
    .match(/^mediad_jobs_waiting\{lane="batch"\} (\d+)/m)?.[1];
  await server.stop();
  await dropping.catch(() => {}); // the server has gone
  return { seen, sentBefore, refused: told.refused, left };
}

const began = Date.now();
const load = loadavg()[0];
try {
  const { seen, sentBefore, refused, left } = await measure(makeLong(), makeSmall(), makePhotos(folder));
  const rows = [["What of a photo", "Median", "95 of 100", "Longest", "Target", "Met"], Array(6).fill("---"),
    ["refused with 503", String(seen.refused), "", "", "0", seen.refused === 0 ? "✓" : "✗"],
    row("its preview", seen.previews, most.preview), row("its larger pictures and archive", seen.all, most.all)];
  const table = `${rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}

${photoCount} photos, ${atOnce.bob} at once, beside ${videoCount} videos, of which one takes ${minutes} min; ${sentBefore} had come by the time all was made of the photos, and
${left ?? "?"} jobs of the batch lane waited (${refused} times a video was refused and came again)${options.quick ? "; --quick: a hint, not a result" : ""}; ${cpus().length} cores (${cpus()[0]?.model.trim()}, ${arch()}),
of which the server and its workers have ${options.cores.split(",").length}; Linux ${release()}; load average ${load.toFixed(2)} when it began; it took ${((Date.now() - began) / 1000).toFixed(0)} s.`;
  console.log(`\n${table}`);
  if (!options.print && !options.quick) writeTable(path.join(here, "README.md"), table, "bench/fairness.mjs");
  process.exitCode = rows.some((cells) => cells.at(-1) === "✗") ? 1 : 0;
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}
