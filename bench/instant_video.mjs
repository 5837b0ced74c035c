// How long after a throttled upload's last byte its answer, with the preview in it, comes: for videos of 1080 lines whose
// index is in front, and with the same behind.
//
//   cmake --preset release && cmake --build --preset release
//   chrt -r 1 node bench/instant_video.mjs [rounds]
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
const rates = [100, 500]; // Mbit/s
const mostMs = 50;
const folder = mkdtempSync(path.join(tmpdir(), "instant-"));
let count = 0;

/** A video unlike all others, by a `free` box behind its end. */
function unique(video) {
  const box = Buffer.alloc(16);
  box.writeUInt32BE(16, 0);
  box.write("free", 4, "latin1");
  box.writeUInt32BE(++count, 12);
  return Buffer.concat([video, box]);
}

function make(name, flags) {
  const file = path.join(folder, name);
  const source = "testsrc2=s=1920x1080:r=25:d=20,noise=alls=8:allf=t";
  execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, "-f", "lavfi", "-i", "sine=d=20", "-c:v", "libx264",
    "-preset", "veryfast", "-crf", "28", "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac", ...flags, file]);
  return readFileSync(file);
}

const server = await Mediad.start(path.join(folder, "data"), { "uploads.preview_wait": "10s" });
console.log("| 20 s of 1080p | Rate | Preview after the last byte | Target | Met |\n| --- | --- | --- | --- | --- |");
try {
  for (const [where, flags] of [["in front", ["-movflags", "+faststart"]], ["behind", []]]) {
    const video = make(`${where.replace(" ", "-")}.mp4`, flags);
    for (const rate of rates) {
      const took = [];
      for (let round = 0; round < rounds; ++round) {
        took.push(await upload(server, "a.mp4", unique(video), rate));
        await server.caughtUp();
      }
      const ms = median(took);
      console.log(`| index ${where}, ${(video.length / 2 ** 20).toFixed(1)} MiB | ${rate} Mbit/s | ${ms.toFixed(1)} ms | ≤ ${mostMs} ms | ${ms <= mostMs ? "✓" : "✗"} |`);
    }
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
