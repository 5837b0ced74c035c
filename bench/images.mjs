// Pictures per second and memory of mediad's workers and of sharp, on the same files with the same
// settings; every measurement is a process of its own, and the two take turns.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, release, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import sharp from "sharp";
import { median, writeTable } from "./report.mjs";

const run = promisify(execFile);
sharp.cache(false); // files change under their names
const here = import.meta.dirname;
const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    only: { type: "string", default: "" },
    photos: { type: "string", default: "/usr/share/backgrounds" },
    print: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  console.log("bench/images [--quick] [--rounds n] [--only text] [--photos folder] [--print]\n--photos: JPEGs that the test pictures are put together from; --only: rows whose name has that text; --print: leave README.md alone");
  process.exit(0);
}
const rounds = Number(options.rounds ?? (options.quick ? 2 : 5));
const cores = availableParallelism();
const folder = mkdtempSync(path.join(tmpdir(), "bench-images-"));

/** A picture of this size with the detail of photographs: they lie side by side, none enlarged. */
async function mosaic(width, height) {
  const found = readdirSync(options.photos, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.jpe?g$/i.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const tile = { width: 1200, height: 1000 };
  const tiles = [];
  for (const file of found) {
    const meta = await sharp(file).metadata();
    if (meta.width < tile.width || meta.height < tile.height) continue;
    const left = (meta.width - tile.width) >> 1;
    const top = (meta.height - tile.height) >> 1;
    tiles.push(await sharp(file).extract({ left, top, ...tile }).toColourspace("srgb").removeAlpha().png({ compressionLevel: 1 }).toBuffer());
  }
  if (!tiles.length) throw new Error(`no photographs in ${options.photos}: install lomiri-wallpapers-16.04 and mate-backgrounds, or name a folder`);
  const placed = [];
  for (let top = 0, i = 0; top < height; top += tile.height)
    for (let left = 0; left < width; left += tile.width, ++i)
      placed.push({ input: await sharp(tiles[i % tiles.length]).extract({ left: 0, top: 0, width: Math.min(tile.width, width - left), height: Math.min(tile.height, height - top) }).toBuffer(), left, top });
  return sharp({ create: { width, height, channels: 3, background: "#808080" } }).composite(placed).png({ compressionLevel: 1 }).toBuffer();
}

async function makeInputs() {
  const sizes = { 12: [4000, 3000], 24: [6000, 4000] };
  for (const [megapixels, [width, height]] of Object.entries(sizes)) {
    const source = await mosaic(width, height);
    await sharp(source).jpeg({ quality: 90 }).toFile(path.join(folder, `${megapixels}.jpg`));
    if (megapixels !== "12") continue;
    await sharp(source).png({ compressionLevel: 6 }).toFile(path.join(folder, "12.png"));
    await sharp(source).webp({ quality: 85, effort: 2 }).toFile(path.join(folder, "12.webp"));
    await sharp(source).avif({ quality: 60, effort: 1 }).toFile(path.join(folder, "12.avif"));
    await sharp(source).tiff({ compression: "lzw", predictor: "horizontal" }).toFile(path.join(folder, "12.tif"));
  }
}

const types = { jpg: "image/jpeg", png: "image/png", webp: "image/webp", avif: "image/avif", tif: "image/tiff" };

async function ours(row) {
  const file = path.join(folder, row.input);
  const args = [row.what, file, types[row.input.split(".")[1]], row.parallel, row.count, row.formats, path.join(folder, "ours")];
  return JSON.parse((await run(process.env.IMAGE_LOAD, args.map(String))).stdout);
}

async function theirs(row, threads) {
  const file = path.join(folder, row.input);
  const args = [path.join(here, "sharp_load.mjs"), row.what, file, row.parallel, row.count, row.formats, path.join(folder, "theirs"), threads];
  return JSON.parse((await run(process.execPath, args.map(String))).stdout);
}

/** SSIM of what one side has made, against the original shrunk in full by Lanczos. */
async function similarity(row, side) {
  const made = row.what === "preview" ? "preview.webp" : `w640.${row.formats.split(",").at(-1).replace("jpeg", "jpg")}`;
  const file = path.join(folder, side, "0", made);
  const { width, height } = await sharp(file).metadata();
  const reference = path.join(folder, "reference.png");
  const candidate = path.join(folder, "candidate.png");
  await sharp(path.join(folder, row.input), { autoOrient: true }).resize(width, height, { fit: "fill", kernel: "lanczos3", fastShrinkOnLoad: false }).png().toFile(reference);
  await sharp(file).png().toFile(candidate);
  const { stderr } = await run("ffmpeg", ["-hide_banner", "-i", candidate, "-i", reference, "-lavfi", "ssim", "-f", "null", "-"]);
  return { ssim: Number(/All:([0-9.]+)/.exec(stderr)[1]), bytes: statSync(file).size };
}

const few = options.quick ? 0.4 : 1;
const counted = (count) => Math.max(cores, Math.round(count * few));
const all = [
  { name: "Preview of a 12 MP JPEG", what: "preview", input: "12.jpg", count: 60, rate: 1.25, memory: 5 },
  { name: "Preview of a 24 MP JPEG", what: "preview", input: "24.jpg", count: 40, rate: 1.25, memory: 5 },
  { name: "Ladder of a 12 MP JPEG as JPEG", what: "ladder", input: "12.jpg", count: 24, formats: "jpeg", rate: 1.5, memory: 4 },
  { name: "Ladder of a 12 MP JPEG as JPEG and WebP", what: "ladder", input: "12.jpg", count: 16, formats: "jpeg,webp", rate: 1.2, memory: 4 },
  { name: "Preview of a 12 MP PNG", what: "preview", input: "12.png", count: 16, rate: 1.5 },
  { name: "Preview of a 12 MP AVIF", what: "preview", input: "12.avif", count: 16, rate: 2 },
  { name: "Preview of a 12 MP WebP", what: "preview", input: "12.webp", count: 16, rate: 1 },
  { name: "Preview of a 12 MP TIFF", what: "preview", input: "12.tif", count: 16, rate: 1 },
];

async function measure(row) {
  const results = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; ++round) {
    const turns = [
      async () => results.ours.push(await ours(row)),
      // Whichever of its ways is the faster one.
      async () => {
        const [own, single] = [await theirs(row, cores), await theirs(row, 1)];
        results.theirs.push(own.seconds < single.seconds ? own : single);
      },
    ];
    for (let i = 0; i < 2; ++i) await turns[(i + round) % 2]();
  }
  const of = (side, pick) => median(results[side].map(pick));
  return {
    ours: { rate: row.count / of("ours", (r) => r.seconds), memory: of("ours", (r) => r.peak_bytes), ...(await similarity(row, "ours")) },
    theirs: { rate: row.count / of("theirs", (r) => r.seconds), memory: of("theirs", (r) => r.peak_bytes), ...(await similarity(row, "theirs")) },
  };
}

const verdict = (good) => (good ? "✓" : "✗");
function lines(row, m) {
  const side = (s) => `${s.rate.toFixed(1)} /s, SSIM ${s.ssim.toFixed(4)}, ${(s.bytes / 1024).toFixed(1)} KiB`;
  const ratio = m.ours.rate / m.theirs.rate;
  const made = [[row.name, side(m.ours), side(m.theirs), ratio.toFixed(2), `≥ ${row.rate}`, verdict(ratio >= row.rate)]];
  if (row.memory) {
    const share = m.ours.memory / m.theirs.memory;
    made.push(["its memory", `${(m.ours.memory / 2 ** 20).toFixed(0)} MiB`, `${(m.theirs.memory / 2 ** 20).toFixed(0)} MiB`, share.toFixed(2), `≤ ${(1 / row.memory).toFixed(2)}`, verdict(share <= 1 / row.memory)]);
  }
  return made;
}

const begun = Date.now();
const load = loadavg()[0];
try {
  mkdirSync(folder, { recursive: true });
  await makeInputs();
  const rows = [["What", "mediad", "sharp", "Ratio", "Target", "Met"], ["---", "---", "---", "---", "---", "---"]];
  for (const row of all.filter((r) => r.name.includes(options.only))) {
    const full = { formats: "jpeg", parallel: cores, ...row, count: counted(row.count) };
    const measured = lines(full, await measure(full));
    for (const line of measured) console.log(line.join(" | "));
    rows.push(...measured);
  }
  const table = `${rows.map((row) => `| ${row.join(" | ")} |`).join("\n")}

Medians of ${rounds} interleaved rounds${options.quick ? " (--quick: a hint, not a result)" : ""}, ${cores} pictures at a time; sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips};
${cpus().length} cores (${cpus()[0]?.model.trim()}, ${arch()}), Linux ${release()}; load average ${load.toFixed(2)} when it began; it took ${((Date.now() - begun) / 1000).toFixed(0)} s.`;
  const readme = path.join(here, "README.md");
  if (options.print || options.only) console.log(table);
  else writeTable(readme, table, "bench/images");
} finally {
  if (existsSync(folder)) rmSync(folder, { recursive: true });
}
