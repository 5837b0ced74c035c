// How long visitors wait for the previews of their photos while the server, on two cores, compresses four videos.
//
//   cmake --preset release && cmake --build --preset release
//   node bench/lanes.mjs            writes its table into bench/README.md
//   node bench/lanes.mjs --print    only prints it
import { mkdtempSync, rmSync } from "node:fs";
import { arch, cpus, loadavg, release, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { EventStream } from "./event_stream.mjs";
import { ffmpeg, makeCopies, makePhotos } from "./footage.mjs";
import { stopAll } from "./processes.mjs";
import { median, percentile, writeTable } from "./report.mjs";
import { Mediad } from "./servers.mjs";
import { upload } from "./throttled.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const options = parseArgs({ options: { print: { type: "boolean" }, photos: { type: "string", default: "50" }, videos: { type: "string", default: "4" },
  seconds: { type: "string", default: "60" }, cores: { type: "string", default: "0,1" } } }).values;
process.env.MEDIAD ??= path.join(here, "../build/release/mediad");
const photoCount = Number(options.photos);
const videoCount = Number(options.videos);
const atOnce = 4; // of one browser
const rates = [100, Infinity]; // Mbit/s of each upload
const most = { median: 300, max: 1000 }; // ms
const settings = { "video.remux": false, "uploads.preview_wait": "10s" };
const cases = [
  { name: "no video", settings: {}, videos: 0 },
  { name: `${videoCount} videos, one compressed after the other (the default on two cores)`, settings: {}, videos: videoCount, busy: 1 },
  { name: `${videoCount} videos, all compressed at once`, settings: { "lanes.batch": videoCount }, videos: videoCount, busy: videoCount },
];
const folder = mkdtempSync(path.join(tmpdir(), "lanes-"));

function makeVideos() {
  return makeCopies(ffmpeg(folder, "video.mp4", "-f", "lavfi", "-i", `testsrc2=s=1920x1080:r=25:d=${options.seconds},noise=alls=8:allf=t`, "-f", "lavfi",
    "-i", `sine=d=${options.seconds}`, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "28", "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart"));
}

/** The videos, once as many of them as can be at once are being compressed. */
async function compressVideos(server, events, { videos, busy }) {
  const ids = [];
  for (let i = 0; i < videos; ++i) {
    const answer = await fetch(`${server.url}/v1/files?name=${i}.mp4`, { method: "POST", body: nextVideo() });
    if (answer.status !== 201) throw new Error(`a video: ${answer.status} ${await answer.text()}`);
    ids.push((await answer.json()).id);
  }
  const compressed = new Set();
  while (compressed.size < (busy ?? 0)) {
    const frame = await events.next((f) => f.type === "file.progress" && f.stage === "compress" && f.progress > 0);
    compressed.add(frame.id);
  }
  return ids;
}

/** Milliseconds from the last byte of each photo to the answer with its preview in it, a browser's few at once. */
async function sendPhotos(server, rate) {
  const took = [];
  let left = photoCount;
  const sender = async () => {
    while (left-- > 0) took.push(await upload(server, "photo.jpg", nextPhoto(), rate));
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return took;
}

async function assertCompressing(server, ids, busy) {
  const records = await Promise.all(ids.map((id) => server.json(`/v1/files/${id}`)));
  const over = records.filter(({ status }) => status !== "processing" && status !== "registered");
  if (over.length > ids.length - busy) throw new Error(`${over.length} videos are done before the photos: --seconds must be longer`);
}

async function measure(row, rate) {
  const root = path.join(folder, "data");
  const server = await Mediad.start(root, { ...settings, ...row.settings }, ["taskset", "-c", options.cores]);
  const events = await EventStream.open(server);
  try {
    const ids = await compressVideos(server, events, row);
    const took = await sendPhotos(server, rate);
    await assertCompressing(server, ids, row.busy ?? 0);
    for (const id of ids) await server.json(`/v1/files/${id}?permanent=1`, { method: "DELETE" });
    return took;
  } finally {
    events.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

function line(row, rate, took) {
  const [half, high, longest] = [median(took), percentile(took, 0.95), Math.max(...took)];
  const speed = rate === Infinity ? "unlimited" : `${rate} Mbit/s`;
  const ms = (value) => `${value.toFixed(0)} ms`;
  return [row.name, speed, ms(half), ms(high), ms(longest), `≤ ${most.median}, all ≤ ${most.max} ms`, half <= most.median && longest <= most.max ? "✓" : "✗"];
}

const began = Date.now();
const load = loadavg()[0];
const nextPhoto = makePhotos(folder);
const nextVideo = makeVideos();
try {
  const lines = [["Meanwhile", "Each upload", "Median", "95 of 100", "Longest", "Target", "Met"], Array(7).fill("---")];
  for (const row of cases)
    for (const rate of rates) {
      lines.push(line(row, rate, await measure(row, rate)));
      console.log(lines.at(-1).join(" | "));
    }
  const table = `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}

${photoCount} photos for each line, ${atOnce} at once; ${cpus().length} cores (${cpus()[0]?.model.trim()}, ${arch()}), of which the server and its
workers have ${options.cores.split(",").length}; Linux ${release()}; load average ${load.toFixed(2)} when it began; it took ${((Date.now() - began) / 1000).toFixed(0)} s.`;
  if (options.print) console.log(`\n${table}`);
  else writeTable(path.join(here, "README.md"), table, "bench/lanes.mjs");
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}
