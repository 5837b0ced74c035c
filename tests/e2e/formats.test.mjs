// Every profile, sent with curl, becomes what was promised: each output opens in an independent tool.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { createHash } from "node:crypto";
import { Server, data, tool } from "./server.mjs";

let server;
let scratch;

before(async () => {
  server = await Server.start();
  scratch = await mkdtemp(path.join(tmpdir(), "mediad-e2e-out-"));
});

after(async () => {
  await server.dispose();
  await rm(scratch, { recursive: true, force: true });
});

async function make(name) {
  const { status, headers, body } = await server.upload(name);
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal(headers.location, `/v1/files/${body.id}`);
  assert.equal(body.progress_id, body.id);
  return server.finished(body.id);
}

async function ready(name, profile, mediaType) {
  const record = await make(name);
  assert.equal(record.status, "ready", `${name}: ${JSON.stringify(record.failure)}`);
  assert.equal(record.profile, profile);
  assert.equal(record.media_type, mediaType);
  assert.equal(record.progress, 1);
  assert.equal(record.failure, null);
  const original = await readFile(path.join(data, name));
  assert.equal(record.bytes, original.length);
  assert.equal(record.sha256, createHash("sha256").update(original).digest("hex"));
  await checkFolders(record);
  await checkArchive(record);
  return record;
}

// The store holds the bytes once; the user's folder shows them under their real names.
async function checkFolders(record) {
  const user = path.join(server.root, "users", "local");
  const blob = await stat(path.join(server.root, "store", "blobs", record.sha256.slice(0, 2), record.sha256));
  const original = await stat(path.join(user, "originals", record.name));
  assert.equal(original.ino, blob.ino);
  if (record.preview) await stat(path.join(user, "previews", `${record.name}.webp`));
  for (const rendition of record.renditions) {
    const file = await stat(path.join(user, "renditions", record.name, rendition.name));
    assert.equal(file.size, rendition.bytes);
  }
  await stat(path.join(user, "archives", `${record.name}.zip`));
  assert.deepEqual(await readdir(path.join(server.root, "system", "work")), []);
}

async function checkArchive(record) {
  const zip = await server.download(record.archive.url, path.join(scratch, "archive.zip"));
  assert.equal((await stat(zip)).size, record.archive.bytes);
  await tool("unzip", "-tqq", zip);
  const names = (await tool("unzip", "-Z1", zip)).split("\n").filter(Boolean);
  assert.deepEqual(names, [record.name, ...record.renditions.map((r) => `renditions/${r.name}`), "manifest.json"]);
}

async function fetchRendition(record, name) {
  const rendition = record.renditions.find((r) => r.name === name);
  assert.ok(rendition, `${name} is missing of ${record.renditions.map((r) => r.name)}`);
  return server.download(rendition.url, path.join(scratch, name));
}

async function size(file) {
  return (await tool("identify", "-format", "%m %wx%h", `${file}[0]`)).trim();
}

async function checkPreview(record, largest = 320) {
  const { preview } = record;
  assert.equal(preview.media_type, "image/webp");
  assert.ok(Math.max(preview.width, preview.height) <= largest && preview.thumbhash.length > 10);
  const file = await server.download(preview.url, path.join(scratch, "preview.webp"));
  assert.equal(await size(file), `WEBP ${preview.width}x${preview.height}`);
  return preview;
}

async function probe(file) {
  const text = await tool("ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", file);
  return JSON.parse(text);
}

test("a 12 megapixel photo becomes a preview and four widths in two formats", async () => {
  const record = await ready("photo.jpg", "image", "image/jpeg");
  assert.equal(record.media.width, 4032);
  assert.equal(record.media.height, 3024);
  assert.equal(record.media.orientation, 1);
  const preview = await checkPreview(record);
  assert.deepEqual([preview.width, preview.height], [320, 240]);
  for (const [width, height] of [[320, 240], [640, 480], [1280, 960], [1920, 1440]])
    for (const [suffix, format] of [["jpg", "JPEG"], ["webp", "WEBP"]])
      assert.equal(await size(await fetchRendition(record, `w${width}.${suffix}`)), `${format} ${width}x${height}`);
  assert.equal(record.renditions.length, 8);
});

test("nothing private of a photo is left in what is derived from it", async () => {
  const record = await ready("photo.jpg", "image", "image/jpeg");
  const before = await tool("exiftool", "-G", path.join(data, "photo.jpg"));
  assert.match(before, /GPS/);
  for (const name of ["w640.jpg", "w640.webp"]) {
    const tags = await tool("exiftool", "-G", await fetchRendition(record, name));
    assert.doesNotMatch(tags, /GPS|Make|Serial|\[EXIF\]/);
  }
});

test("a picture that lies on its side is stood up", async () => {
  const record = await ready("photo-rotated.jpg", "image", "image/jpeg");
  assert.equal(record.media.orientation, 6);
  assert.deepEqual([record.preview.width, record.preview.height], [240, 320]);
  assert.equal(await size(await fetchRendition(record, "w640.jpg")), "JPEG 640x853");
});

for (const [name, type] of [["photo.png", "image/png"], ["photo.webp", "image/webp"], ["photo.tif", "image/tiff"],
  ["anim.gif", "image/gif"], ["photo.heic", "image/heic"], ["photo.avif", "image/avif"]])
  test(`${name} is an image and is never enlarged`, async () => {
    const record = await ready(name, "image", type);
    await checkPreview(record);
    for (const rendition of record.renditions) assert.ok(rendition.width <= record.media.width);
    assert.ok(record.renditions.length >= 2);
  });

test("a 20 second 1080p video becomes pictures and a video for the web", async () => {
  const record = await ready("video.mp4", "video", "video/mp4");
  await checkPreview(record);
  assert.ok(Math.abs(record.media.duration - 20) < 0.1);
  assert.deepEqual([record.media.width, record.media.height, record.media.video_codec, record.media.audio_codec], [1920, 1080, "h264", "aac"]);
  const video = await fetchRendition(record, "video.mp4");
  const { streams, format } = await probe(video);
  assert.deepEqual(streams.map((s) => s.codec_name).sort(), ["aac", "h264"]);
  const picture = streams.find((s) => s.codec_type === "video");
  assert.deepEqual([picture.width, picture.height, picture.pix_fmt], [1920, 1080, "yuv420p"]);
  assert.ok(Math.abs(Number(format.duration) - 20) < 0.1, format.duration);
  const head = await readFile(video);
  assert.ok(head.indexOf("moov") < head.indexOf("mdat"), "faststart");
  assert.equal(await size(await fetchRendition(record, "poster.jpg")), "JPEG 1920x1080");
  for (const still of [1, 2, 3, 4]) assert.match(await size(await fetchRendition(record, `still-${still}.jpg`)), /^JPEG/);
});

test("a video that lies on its side is stood up", async () => {
  const record = await ready("video-rotated.mp4", "video", "video/mp4");
  assert.ok(record.preview.height > record.preview.width);
  assert.equal(await size(await fetchRendition(record, "poster.jpg")), "JPEG 360x640");
});

for (const [name, type] of [["clip.mkv", "video/x-matroska"], ["clip.webm", "video/webm"]])
  test(`${name} becomes an MP4`, async () => {
    const record = await ready(name, "video", type);
    const { streams } = await probe(await fetchRendition(record, "video.mp4"));
    assert.deepEqual(streams.map((s) => s.codec_name).sort(), ["aac", "h264"]);
  });

for (const [name, type, codec] of [["audio.mp3", "audio/mpeg", "mp3"], ["audio.wav", "audio/wav", "pcm_s16le"], ["audio.flac", "audio/flac", "flac"]])
  test(`${name} is probed and shown as a waveform`, async () => {
    const record = await ready(name, "audio", type);
    await checkPreview(record);
    assert.ok(Math.abs(record.media.duration - 6) < 0.1);
    assert.equal(record.media.audio_codec, codec);
    if (codec !== "pcm_s16le") assert.equal(record.media.tags.title, "Low tide");
  });

async function checkPages(record, images) {
  await checkPreview(record);
  for (let page = 1; page <= images; ++page) assert.match(await size(await fetchRendition(record, `page-${page}.webp`)), /^WEBP/);
  assert.ok(!record.renditions.some((r) => r.name === `page-${images + 1}.webp`));
}

async function textOf(record) {
  const text = await readFile(await fetchRendition(record, "text.txt"), "utf8");
  assert.equal(record.media.text_bytes, Buffer.byteLength(text));
  return text;
}

test("a PDF of twelve pages becomes ten pictures and its text", async () => {
  const record = await ready("report.pdf", "document", "application/pdf");
  assert.equal(record.media.pages, 12);
  await checkPages(record, 10);
  const text = await textOf(record);
  assert.match(text, /The keeper counted 4217 ships before dawn/);
  assert.match(text, /page 12/);
});

const office = "application/vnd.openxmlformats-officedocument";
const open = "application/vnd.oasis.opendocument";
for (const [name, type, pages, sentence] of [
  ["letter.docx", `${office}.wordprocessingml.document`, null, /keeper counted 4217/],
  ["old.doc", "application/msword", null, /keeper counted 4217/],
  ["sheet.xlsx", `${office}.spreadsheetml.sheet`, null, /Ship 30[\s\S]*Fresnel lens/],
  ["old.xls", "application/vnd.ms-excel", null, /Fresnel lens/],
  ["slides.pptx", `${office}.presentationml.presentation`, 3, /slide 3/],
  ["text.odt", `${open}.text`, null, /keeper counted 4217/],
  ["table.ods", `${open}.spreadsheet`, null, /Fresnel lens/],
  ["deck.odp", `${open}.presentation`, 3, /slide 3/],
  ["note.rtf", "application/rtf", null, /\w+/]])
  test(`${name} becomes a PDF with pages and text`, async () => {
    const record = await ready(name, "document", type);
    const pdf = await fetchRendition(record, "document.pdf");
    const counted = Number(/Pages:\s+(\d+)/.exec(await tool("pdfinfo", pdf))[1]);
    assert.equal(record.media.pages, counted);
    if (pages !== null) assert.equal(counted, pages);
    await checkPages(record, Math.min(counted, 10));
    assert.match(await textOf(record), sentence);
    assert.match(await tool("pdftotext", pdf, "-"), sentence);
  });

for (const [name, type, sentence] of [["notes.txt", "text/plain", /Grüße aus Łódź, 東京/], ["table.csv", "text/csv", /Keeper 120,Helgoland/]])
  test(`${name} is shown as pages without its characters being lost`, async () => {
    const record = await ready(name, "document", type);
    await checkPreview(record);
    assert.ok(record.media.pages >= 1);
    assert.match(await textOf(record), sentence);
  });

for (const [name, type] of [["data.bin", "application/octet-stream"], ["empty.dat", "application/octet-stream"]])
  test(`${name} is kept as it is`, async () => {
    const record = await ready(name, "other", type);
    assert.equal(record.preview, null);
    assert.deepEqual(record.renditions, []);
  });

test("bundle.zip is kept as it is, with a list of what is in it", async () => {
  const record = await ready("bundle.zip", "other", "application/zip");
  assert.equal(record.preview, null);
  assert.deepEqual(record.renditions.map(({ name }) => name), ["listing.json"]);
  const list = JSON.parse(await readFile(await fetchRendition(record, "listing.json"), "utf8"));
  assert.equal(list.entries.length, record.media.entries);
});

test("the name of a file says nothing about its profile", async () => {
  const { body } = await server.upload("photo.jpg", "holiday.mp4");
  const record = await server.finished(body.id);
  assert.equal(record.profile, "image");
  assert.equal(record.status, "ready");
});

test("the same content is stored once and the same processing gives the same archive", async () => {
  const first = await server.finished((await server.upload("photo.png", "a.png")).body.id);
  const second = await server.finished((await server.upload("photo.png", "a.png")).body.id);
  assert.notEqual(first.id, second.id);
  assert.equal(first.sha256, second.sha256);
  assert.equal(first.archive.sha256, second.archive.sha256);
  const blob = await stat(path.join(server.root, "store", "blobs", first.sha256.slice(0, 2), first.sha256));
  assert.ok(blob.nlink >= 3);
  const gone = await fetch(`${server.url}/v1/files/${first.id}?permanent=1`, { method: "DELETE" });
  assert.equal(gone.status, 204);
  const kept = await fetch(`${server.url}/v1/files/${second.id}/content`);
  assert.equal(createHash("sha256").update(Buffer.from(await kept.arrayBuffer())).digest("hex"), second.sha256);
});

test("a raw body is a file like any other", async () => {
  const { status, body } = await server.curl("--data-binary", `@${path.join(data, "notes.txt")}`, "-H", "Content-Type: application/octet-stream",
    "-H", "Content-Disposition: attachment; filename*=UTF-8''gr%C3%BC%C3%9Fe.txt", `${server.url}/v1/files`);
  assert.equal(status, 201);
  assert.equal(body.name, "grüße.txt");
  assert.equal((await server.finished(body.id)).media_type, "text/plain");
});

test("one form may carry many files", async () => {
  const { status, body } = await server.curl("-F", `a=@${path.join(data, "notes.txt")}`, "-F", `b=@${path.join(data, "photo.jpg")}`, `${server.url}/v1/files`);
  assert.equal(status, 201);
  assert.deepEqual(body.files.map((f) => f.name), ["notes.txt", "photo.jpg"]);
  for (const file of body.files) assert.equal((await server.finished(file.id)).status, "ready");
});
