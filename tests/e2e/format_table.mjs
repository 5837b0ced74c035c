// Sends every row of formats_rows.mjs through the real server and prints a table, green or red:
//   script/formats [part of a file's name]…
//   script/formats --cases DIR [part of a file's name]…   the rows of cases_rows.mjs, whose files are in DIR
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { rows as cases } from "./cases_rows.mjs";
import { colourError, differenceOf, spotError } from "./pixels.mjs";
import { rows } from "./formats_rows.mjs";
import { Server, data, tool } from "./server.mjs";

const wanted = process.argv.slice(2);
const isOfCases = wanted[0] === "--cases";
if (isOfCases) wanted.shift();
const folders = { corpus: process.env.MEDIAD_FORMATS, data, cases: isOfCases ? wanted.shift() : undefined };
const atOnce = 3;
// A frame of 25 a second, and what an encoder adds to sound at its end.
const durationTolerance = 0.04 + 0.03;

/** What was found of one row: its facts for the table, and what is wrong. */
class Findings {
  facts = [];
  wrong = [];

  expect(true_, what) {
    if (!true_) this.wrong.push(what);
  }
  equal(what, seen, wanted) {
    if (wanted !== undefined) this.expect(String(seen) === String(wanted), `${what} is ${seen}, not ${wanted}`);
  }
}

function pathOf(row) {
  return path.join(folders[row.from], row.file);
}

async function fetched(server, made, scratch) {
  return server.download(made.url, path.join(scratch, made.name ?? "preview.webp"));
}

async function sizeOf(file) {
  return (await tool("identify", "-format", "%wx%h", `${file}[0]`)).trim();
}

async function checkColour(row, file, what, found) {
  const measure = async (called, error) => {
    found.facts.push(`${what} ${called} ΔE ${error.toFixed(1)}`);
    found.expect(error <= row.tolerance, `${what}: delta-E ${error.toFixed(1)} > ${row.tolerance} in ${called}`);
  };
  if (row.spots) await measure("spots", await spotError(file, row.spots));
  if (row.same && !file.endsWith(".jpg")) await measure("grid", await differenceOf(pathOf(row), file));
  if (row.colour === undefined) return;
  const error = await colourError(file);
  found.facts.push(`${what} ΔE ${error.toFixed(1)}`);
  found.expect(error <= row.colour, `${what}: delta-E ${error.toFixed(1)} > ${row.colour}`);
}

async function checkPreview(row, record, server, scratch, found) {
  if (!record.preview) return found.wrong.push("no preview");
  const file = await fetched(server, record.preview, scratch);
  found.equal("preview", await sizeOf(file), `${record.preview.width}x${record.preview.height}`);
  await checkColour(row, file, "preview", found);
  if (row.preview) found.equal("preview", `${record.preview.width}x${record.preview.height}`, row.preview.join("x"));
  if (row.size) {
    const scale = Math.min(1, 320 / Math.max(...row.size));
    for (const [i, side] of ["width", "height"].entries())
      found.expect(Math.abs(record.preview[side] - row.size[i] * scale) <= 1, `preview's ${side} is ${record.preview[side]}`);
  }
}

async function checkImage(row, record, server, scratch, found) {
  found.equal("width", record.media.width, row.size?.[0]);
  found.equal("height", record.media.height, row.size?.[1]);
  found.equal("frames", record.media.frames, row.frames);
  found.equal("orientation", record.media.orientation, row.orientation);
  if (row.damage !== undefined) found.equal("damage", record.media.damage ?? null, row.damage);
  const largest = record.renditions.filter((r) => /^w\d+\.(jpg|webp)$/.test(r.name)).sort((a, b) => b.width - a.width)[0];
  if (!largest) return found.wrong.push("no rendition");
  const file = await fetched(server, largest, scratch);
  found.equal(largest.name, await sizeOf(file), `${largest.width}x${largest.height}`);
  if (row.size) {
    const height = Math.round((largest.width * row.size[1]) / row.size[0]);
    found.expect(Math.abs(largest.height - height) <= 1, `${largest.name} is ${largest.height} high, not ${height}`);
  }
  await checkColour(row, file, largest.name, found);
}

async function durationOf(file) {
  return Number((await tool("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file)).trim());
}

/** As the file itself says: fragments and sound may end later than the pictures. */
async function secondsOf(row) {
  if (row.measured) return row.seconds; // its header does not say
  const seconds = await durationOf(pathOf(row));
  if (Math.abs(seconds - row.seconds) > 0.15) throw new Error(`${row.file} is ${seconds} s long: the corpus is wrong`);
  return seconds;
}

async function checkFilm(row, record, server, scratch, found) {
  const { media } = record;
  found.equal("video codec", media.video_codec, row.codec);
  found.equal("sound", media.audio_codec ?? undefined, row.sound ?? String(undefined));
  const wanted = await secondsOf(row);
  found.expect(Math.abs(media.duration - wanted) <= (row.within ?? durationTolerance), `duration is ${media.duration}, not ${wanted}`);
  const video = record.renditions.find((r) => r.name === "video.mp4");
  if (!video) return found.wrong.push("no video.mp4");
  const file = await fetched(server, video, scratch);
  const { streams } = JSON.parse(await tool("ffprobe", "-v", "error", "-show_streams", "-of", "json", file));
  const picture = streams.find((s) => s.codec_type === "video");
  found.equal("video.mp4", picture.codec_name, "h264");
  for (const [i, side] of ["width", "height"].entries())
    found.expect(Math.abs(picture[side] - row.size[i]) <= 1, `video.mp4's ${side} is ${picture[side]}`);
  const seconds = await durationOf(file);
  // The sound may be cut where the pictures end, and the other way round.
  found.expect(Math.min(Math.abs(seconds - wanted), Math.abs(seconds - row.seconds)) <= (row.within ?? durationTolerance), `video.mp4 is ${seconds} s long, not ${wanted}`);
  found.facts.push(`${seconds.toFixed(2)} s`);
  if (row.sound) found.expect(streams.some((s) => s.codec_name === "aac"), "video.mp4 has no sound");
  const still = path.join(scratch, "frame.png");
  await tool("ffmpeg", "-nostdin", "-v", "error", "-y", "-ss", "0.5", "-i", file, "-frames:v", "1", still);
  await checkColour(row, still, "video", found);
  const poster = record.renditions.find((r) => r.name === "poster.jpg");
  if (!poster) return found.wrong.push("no poster.jpg");
  await checkColour(row, await fetched(server, poster, scratch), "poster", found);
}

async function checkSound(row, record, server, scratch, found) {
  found.equal("codec", record.media.audio_codec, row.sound);
  const wanted = await secondsOf(row);
  found.expect(Math.abs(record.media.duration - wanted) <= (row.within ?? durationTolerance), `duration is ${record.media.duration}, not ${wanted}`);
  found.facts.push(`${record.media.duration.toFixed(2)} s`);
}

async function checkDocument(row, record, server, scratch, found) {
  found.equal("pages", record.media.pages, row.pages);
  found.facts.push(`${record.media.pages} pages`);
  found.expect(record.renditions.some((r) => r.name === "page-1.webp"), "no page-1.webp");
  if (!row.text) return;
  const text = record.renditions.find((r) => r.name === "text.txt");
  if (!text) return found.wrong.push("no text.txt");
  found.expect(row.text.test(await readFile(await fetched(server, text, scratch), "utf8")), `no ${row.text} in its text`);
}

async function checkListing(row, record, server, scratch, found) {
  const listing = record.renditions.find((r) => r.name === "listing.json");
  if (!row.names || !listing) return;
  const { entries } = JSON.parse(await readFile(await fetched(server, listing, scratch), "utf8"));
  found.equal("names", entries.map((e) => e.name).join(), row.names.join());
}

async function checkArchive(record, server, scratch, found) {
  if (!record.archive) return found.wrong.push("no archive");
  const zip = await server.download(record.archive.url, path.join(scratch, "archive.zip"));
  found.equal("archive's length", (await stat(zip)).size, record.archive.bytes);
  await tool("unzip", "-tqq", zip).catch((e) => found.wrong.push(`archive: ${e.message}`));
}

const checks = { image: checkImage, video: checkFilm, audio: checkSound, document: checkDocument, other: checkListing };

async function sent(server, file) {
  const { status, body } = await server.curl("-F", `file=@${file}`, `${server.url}/v1/files`);
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return server.finished(body.id);
}

async function weigh(row, server, found) {
  const record = await sent(server, pathOf(row));
  found.equal("profile", record.profile, row.profile);
  found.equal("type", record.media_type, row.type);
  if (row.code) return found.equal("failure", record.failure?.code ?? record.status, row.code);
  if (record.status !== "ready") return found.wrong.push(`${record.status}: ${record.failure?.code}`);
  const scratch = await mkdtemp(path.join(tmpdir(), "mediad-format-"));
  try {
    if (row.profile !== "other") await checkPreview(row, record, server, scratch, found);
    await checks[row.profile](row, record, server, scratch, found);
    for (const name of row.made ?? []) found.expect(record.renditions.some((r) => r.name === name), `no ${name}`);
    await checkArchive(record, server, scratch, found);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What a row asks for, but for how to find its file. */
function wantedOf({ from, file, profile, ...more }) {
  const word = (value) => (value instanceof RegExp ? String(value) : JSON.stringify(value));
  return Object.entries(more).filter(([, value]) => value !== undefined).map(([what, value]) => `${what} ${word(value)}`).join(", ");
}

async function result(row, server) {
  const found = new Findings();
  await weigh(row, server, found).catch((e) => found.wrong.push(e.message));
  const red = found.wrong.length > 0;
  const colour = process.stdout.isTTY ? (text) => `\x1b[${red ? 31 : 32}m${text}\x1b[0m` : (text) => text;
  console.log(`${colour(red ? "red  " : "green")}  ${row.profile.padEnd(8)}  ${row.file.padEnd(width)}  ${red ? found.wrong.join("; ") : found.facts.join(", ")}`);
  if (isOfCases) console.log(`       expected  ${wantedOf(row)}`);
  return red;
}

const chosen = (isOfCases ? cases : rows).filter((row) => wanted.length === 0 || wanted.some((part) => row.file.includes(part)));
const width = Math.max(18, ...chosen.map((row) => row.file.length));
const server = await Server.start({ settings: { "video.stills": 1 } });
let red = 0;
try {
  const queue = [...chosen];
  const worker = async () => {
    for (let row; (row = queue.shift());) if (await result(row, server)) ++red;
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
} finally {
  await server.dispose();
}
console.log(`${chosen.length - red} of ${chosen.length} rows are green.`);
process.exitCode = red > 0 || chosen.length === 0 ? 1 : 0;
