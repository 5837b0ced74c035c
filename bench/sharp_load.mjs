// The peer's side of bench/images: the same work as image_load, by sharp, with the same settings.
//
//   node sharp_load.mjs preview|ladder FILE PARALLEL COUNT FORMATS FOLDER [threads of one pipeline]
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";

const [what, file, parallel, count, formats, folder, threads] = process.argv.slice(2);
const widths = [1920, 1280, 640, 320];
const encoders = {
  jpeg: { ending: "jpg", options: { quality: 82, progressive: true, chromaSubsampling: "4:2:0" } },
  webp: { ending: "webp", options: { quality: 78, effort: 2 } },
  avif: { ending: "avif", options: { quality: 60, effort: 0 } },
};
sharp.cache(false); // every file is new to a server
if (threads) sharp.concurrency(Number(threads));

async function preview(into) {
  await sharp(file).rotate().resize(320, 320, { fit: "inside" }).webp({ quality: 75, effort: 2 }).toFile(path.join(into, "preview.webp"));
}

async function ladder(into) {
  for (const format of formats.split(","))
    for (const width of widths) {
      const { ending, options } = encoders[format];
      await sharp(file).rotate().resize(width).toFormat(format, options).toFile(path.join(into, `w${width}.${ending}`));
    }
}

async function run(jobs) {
  let left = jobs;
  const turns = Array.from({ length: Number(parallel) }, async (_, i) => {
    const into = path.join(folder, String(i));
    mkdirSync(into, { recursive: true });
    while (left-- > 0) await (what === "preview" ? preview(into) : ladder(into));
  });
  await Promise.all(turns);
}

await run(Number(parallel));
const begun = process.hrtime.bigint();
await run(Number(count));
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
console.log(JSON.stringify({ seconds, peak_bytes: peak }));
