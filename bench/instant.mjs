// How long after a throttled upload's last byte its answer, with the preview in it, comes: with previews made while files
// arrive, without them, and what sharp takes for the whole file, where it is installed. And what of it the codec alone
// takes: from the last byte told to a worker to its preview. Interleaved rounds, medians.
//
//   cmake --preset release -DMEDIAD_BENCH=ON && cmake --build --preset release
//   chrt -r 1 node bench/instant.mjs [rounds]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./report.mjs";
import { Mediad } from "./servers.mjs";
import { upload } from "./throttled.mjs";

process.env.MEDIAD ??= fileURLToPath(new URL("../build/release/mediad", import.meta.url));
const rounds = Number(process.argv[2] ?? 5);
const sizes = { 12: "4000x3000", 24: "6000x4000", 50: "8160x6120" };
const rates = [100, 500]; // Mbit/s
const max_ms = 20;
const max_codec_ms = 10;
const imageLoad = fileURLToPath(new URL("../build/release/image_load", import.meta.url));
const sharp = await import("sharp").then((m) => m.default, () => null);
const folder = mkdtempSync(path.join(tmpdir(), "instant-"));
let count = 0;

/** A JPEG unlike all others, by a comment behind its start. */
function unique(jpeg) {
  const text = String(++count).padStart(8, "0");
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, 10]), Buffer.from(text), jpeg.subarray(2)]);
}

const byCodec = (file, rate) =>
  JSON.parse(execFileSync(imageLoad, ["early", file, "image/jpeg", String(rate), "5", "-", path.join(folder, "codec")])).ms;

async function bySharp(bytes) {
  const began = performance.now();
  await sharp(bytes).rotate().resize(320, 320, { fit: "inside" }).webp({ quality: 75 }).toBuffer();
  return performance.now() - began;
}

async function row(name, file, rate) {
  const jpeg = readFileSync(file);
  const took = { on: [], off: [], sharp: [], codec: [] };
  for (let round = 0; round < rounds; ++round) {
    for (const [side, server] of round % 2 ? [["on", on], ["off", off]] : [["off", off], ["on", on]]) {
      took[side].push(await upload(server, "a.jpg", unique(jpeg), rate));
      await server.caughtUp();
    }
    took.codec.push(byCodec(file, rate));
    if (sharp) took.sharp.push(await bySharp(jpeg));
  }
  const ms = (side) => (took[side].length ? `${median(took[side]).toFixed(1)} ms` : "");
  const met = (side, most) => `≤ ${most} ms | ${median(took[side]) <= most ? "✓" : "✗"}`;
  console.log(`| ${name}, ${(jpeg.length / 2 ** 20).toFixed(1)} MiB | ${rate} Mbit/s | ${ms("on")} | ${met("on", max_ms)} | ${ms("codec")} | ${met("codec", max_codec_ms)} | ${ms("off")} | ${ms("sharp")} |`);
}

const on = await Mediad.start(path.join(folder, "on"), { "uploads.preview_wait": "10s" });
const off = await Mediad.start(path.join(folder, "off"), { "uploads.preview_wait": "10s", "lanes.early": 0 });
console.log("| JPEG | Rate | mediad's answer | Target | Met | In the codec | Target | Met | Early previews off | sharp, whole file in memory |");
console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
try {
  for (const [megapixels, size] of Object.entries(sizes)) {
    const file = path.join(folder, `${megapixels}.jpg`);
    execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", `mandelbrot=size=1500x1125:start_scale=0.05`, "-frames:v", "1",
      "-vf", `scale=${size.replace("x", ":")}:flags=bicubic,noise=alls=10:all_seed=7`, "-pix_fmt", "yuvj420p", "-q:v", "3", file]);
    const progressive = path.join(folder, `${megapixels}p.jpg`);
    if (sharp) await sharp(file).jpeg({ quality: 90, progressive: true }).toFile(progressive);
    for (const [kind, input] of [["", file], ...(sharp ? [[" progressive", progressive]] : [])])
      for (const rate of rates) await row(`${megapixels} MP${kind}`, input, rate);
  }
} finally {
  await Promise.all([on.stop(), off.stop()]);
  rmSync(folder, { recursive: true, force: true });
}
