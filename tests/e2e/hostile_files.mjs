// Files that mean harm, or were harmed: { name, kind, make }, each made in memory when its turn comes.
import zlib, { deflateRawSync, deflateSync, gzipSync } from "node:zlib";

const u16 = (n) => Buffer.from([n & 255, (n >> 8) & 255]);
const u32 = (n) => Buffer.from([n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24]);
const big32 = (n) => Buffer.from([n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
const bytes = (...parts) => Buffer.concat(parts.map((p) => (typeof p === "string" ? Buffer.from(p, "latin1") : p)));

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; ++k) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc32 = zlib.crc32 ?? ( // which Node.js has from 20.15 on
  (data) => {
  let c = 0xffffffff;
  for (const b of data) c = crcTable[(c ^ b) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
});

function chunk(type, content) {
  const body = bytes(type, content);
  return bytes(big32(content.length), body, big32(crc32(body)));
}

function png(width, height, ...chunks) {
  const head = bytes(big32(width), big32(height), Buffer.from([8, 6, 0, 0, 0]));
  return bytes("\x89PNG\r\n\x1a\n", chunk("IHDR", head), ...chunks, chunk("IDAT", deflateSync(Buffer.alloc(1 << 20))), chunk("IEND", Buffer.alloc(0)));
}

function gif(frames) {
  const frame = bytes("\x21\xf9\x04\0\x01\0\0\0", "\x2c\0\0\0\0\x01\0\x01\0\0", "\x02\x02\x44\x01\0");
  return bytes("GIF89a", u16(1), u16(1), "\x80\0\0\0\0\0\xff\xff\xff", Buffer.concat(Array(frames).fill(frame)), ";");
}

function jpegHead(width, height) {
  const frame = bytes("\xff\xc0\0\x11\x08", Buffer.from([height >> 8, height & 255, width >> 8, width & 255]), "\x03\x01\x22\0\x02\x11\x01\x03\x11\x01");
  return bytes("\xff\xd8", frame, "\xff\xda\0\x0c\x03\x01\0\x02\x11\x03\x11\0\x3f\0", Buffer.alloc(2000, 0x55), "\xff\xd9");
}

function tiff(width, height) {
  const entry = (tag, type, value) => bytes(u16(tag), u16(type), u32(1), u32(value));
  return bytes("II*\0", u32(8), u16(8), entry(256, 4, width), entry(257, 4, height), entry(258, 3, 8), entry(259, 3, 1), entry(262, 3, 1),
    entry(273, 4, 200), entry(278, 4, height), entry(279, 4, 1000), u32(0), Buffer.alloc(1200));
}

/** A ZIP of deflated entries { name, content, claims }: claims is the size that it says it has. */
export function zip(entries) {
  const locals = [];
  const central = [];
  let at = 0;
  for (const { name, content, claims = content.length, packed = deflateRawSync(content) } of entries) {
    const common = bytes(u16(20), u16(0x800), u16(8), u16(0), u16(33), u32(crc32(content)), u32(packed.length), u32(claims), u16(Buffer.byteLength(name)), u16(0));
    const local = bytes(u32(0x04034b50), common, Buffer.from(name), packed);
    central.push(bytes(u32(0x02014b50), u16(20), common, u16(0), u16(0), u16(0), u32(0), u32(at), Buffer.from(name)));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  return bytes(...locals, directory, u32(0x06054b50), u16(0), u16(0), u16(entries.length), u16(entries.length), u32(directory.length), u32(at), u16(0));
}

const types = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`;
const relations = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`;

export function docx(document, more = [], claims) {
  return zip([
    { name: "[Content_Types].xml", content: Buffer.from(types) }, { name: "_rels/.rels", content: Buffer.from(relations) },
    { name: "word/document.xml", content: Buffer.from(document), claims }, ...more,
  ]);
}

export const word = (body, prolog = "") => `<?xml version="1.0"?>${prolog}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`;

export function laughs(use) {
  const steps = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
  return `<!DOCTYPE x [<!ENTITY l0 "ha">${steps}]>${use}`;
}

function pdf(page, contents, filter = "") {
  const objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", `<</Type/Page/Parent 2 0 R/Contents 4 0 R${page}>>`];
  let text = "%PDF-1.4\n";
  const at = [];
  const put = (n, body) => {
    at[n] = text.length;
    text += `${n} 0 obj${body}endobj\n`;
  };
  objects.forEach((body, i) => put(i + 1, body));
  put(4, `<</Length ${contents.length}${filter}>>stream\n${contents.toString("latin1")}\nendstream\n`);
  const table = text.length;
  text += `xref\n0 5\n0000000000 65535 f \n${at.slice(1).map((n) => `${String(n).padStart(10, "0")} 00000 n \n`).join("")}`;
  return Buffer.from(`${text}trailer<</Size 5/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`, "latin1");
}

const zeros = (mebibytes) => Buffer.alloc(mebibytes << 20);

/** Small files that want to be large: pixels, frames, metadata, ZIP, XML, pages. */
export function bombs() {
  const list = [];
  const add = (name, make) => list.push({ name: `bomb-${name}`, kind: "bomb", make });
  for (const [w, h] of [[60000, 60000], [0x7fffffff, 1], [1, 0x7fffffff], [16384, 16384], [0, 0]]) add(`${w}x${h}.png`, () => png(w, h));
  for (const [w, h] of [[65500, 65500], [65500, 1], [30000, 30000], [0, 100]]) add(`${w}x${h}.jpg`, () => jpegHead(w, h));
  for (const [w, h] of [[0xffffffff, 0xffffffff], [100000, 100000], [65535, 1]]) add(`${w}x${h}.tif`, () => tiff(w, h));
  for (const [w, h] of [[60000, 60000], [0x7fffffff, 1], [1, 0x7fffffff], [0, 0]]) {
    const bitmap = bytes(u32(40), u32(w), u32(h), u16(1), u16(24), Buffer.alloc(24));
    add(`${w}x${h}.bmp`, () => bytes("BM", u32(54), u32(0), u32(54), bitmap));
    add(`${w}x${h}.ico`, () => bytes("\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x18\0", u32(40), u32(22), bitmap));
    add(`${w}x${h}.psd`, () => bytes("8BPS\0\x01\0\0\0\0\0\0\0\x03", big32(h), big32(w), "\0\x08\0\x03", Buffer.alloc(14)));
    add(`${w}x${h}.qoi`, () => bytes("qoif", big32(w), big32(h), "\x03\0", Buffer.alloc(1000, 0xfd)));
    add(`${w}x${h}.ppm`, () => bytes(`P3 ${w} ${h} 255\n`, Buffer.alloc(1000, "1 ")));
  }
  // A layer that is larger than the file, and no picture behind it.
  add("layer.psd", () => bytes("8BPS\0\x01\0\0\0\0\0\0\0\x03", big32(64), big32(64), "\0\x08\0\x03", big32(0), big32(0), big32(0x7fffffff), Buffer.alloc(200, 0x40)));
  add("packed.svgz", () => gzipSync(bytes(`<svg xmlns="http://www.w3.org/2000/svg">`, zeros(200))));
  add("shadows.svg", () => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><filter id="f">${"<feDropShadow/>".repeat(400_000)}</filter></svg>`));
  add("frames.gif", () => gif(200_000));
  add("screen.gif", () => bytes("GIF89a", u16(65535), u16(65535), "\0\0\0", gif(3).subarray(13)));
  add("text.png", () => png(8, 8, chunk("zTXt", bytes("Comment\0\0", deflateSync(zeros(200))))));
  add("profile.png", () => png(8, 8, chunk("iCCP", bytes("x\0\0", deflateSync(zeros(200))))));
  add("many-chunks.png", () => png(8, 8, Buffer.concat(Array(50_000).fill(chunk("tEXt", bytes("k\0v"))))));
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/">${"<rdf:li>".repeat(6000)}</x:xmpmeta>`;
  add("xmp.png", () => png(1, 1, chunk("iTXt", bytes("XML:com.adobe.xmp\0\0\0\0\0", xmp))));
  add("xmp.jpg", () => bytes("\xff\xd8\xff\xe1", Buffer.from([0xea, 0x60]), "http://ns.adobe.com/xap/1.0/\0", xmp.slice(0, 60000 - 31), jpegHead(8, 8).subarray(2)));
  add("document.docx", () => docx(word("<w:p><w:r><w:t>" + "a".repeat(200 << 20) + "</w:t></w:r></w:p>")));
  add("claims.docx", () => docx(word("<w:p/>" + " ".repeat(100 << 20)), [], 10));
  add("deep.docx", () => docx(word("<w:p>".repeat(200_000))));
  add("laughs.docx", () => docx(word("&l9;", laughs(""))));
  add("entries.zip", () => zip(Array.from({ length: 65_000 }, (_, i) => ({ name: `f${i}`, content: Buffer.alloc(0) }))));
  add("ratio.zip", () => zip([{ name: "zeros", content: zeros(500) }]));
  add("paths.zip", () => zip(["../../etc/passwd", "/etc/passwd", "C:\\x", "a/../../b"].map((name) => ({ name, content: Buffer.from("x") }))));
  add("laughs.svg", () => Buffer.from(laughs(`<svg xmlns="http://www.w3.org/2000/svg"><text>&l9;</text></svg>`)));
  add("laughs.fodt", () => Buffer.from(laughs(`<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">&l9;</office:document>`)));
  add("page.pdf", () => pdf("/MediaBox[0 0 14400000 14400000]", Buffer.from("0 0 1 1 re f")));
  add("stream.pdf", () => pdf("/MediaBox[0 0 600 800]", deflateSync(zeros(300)), "/Filter/FlateDecode"));
  add("paths.pdf", () => pdf("/MediaBox[0 0 600 800]", deflateSync(Buffer.from("0 0 m 600 800 l 300 1 l 2 700 l h f*\n".repeat(300_000))), "/Filter/FlateDecode"));
  add("line.txt", () => Buffer.alloc(60 << 20, "a"));
  add("lines.txt", () => Buffer.alloc(30 << 20, "\n"));
  add("columns.csv", () => Buffer.from(`${",".repeat(200_000)}\n`.repeat(50)));
  add("depth.rtf", () => Buffer.from(`{\\rtf1${"{".repeat(1_000_000)}`));
  return list;
}

/** Lists of other files that call themselves films, and documents that ask for more. */
export function lures(url, file) {
  const texts = {
    hls: `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${url}/a.ts\n#EXTINF:5,\n${file}\n#EXT-X-ENDLIST\n`,
    "hls-key": `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXT-X-KEY:METHOD=AES-128,URI="${url}/key"\n#EXTINF:5,\nfile://${file}\n#EXT-X-ENDLIST\n`,
    concat: `ffconcat version 1.0\nfile '${file}'\nfile '${url}/a.mp4'\n`,
    dash: `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT5S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${url}/v.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    sdp: `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${new URL(url).port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
    smil: `<smil><body><video src="${url}/v.mp4"/></body></smil>`,
    ref: `[Reference]\nRef1=${url}/a.asf\nRef2=${file}\n`,
    svg: `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file://${file}">]><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image xlink:href="${url}/a.png"/><image xlink:href="file://${file}"/><text>&x;</text></svg>`,
    html: `<html><body><img src="${url}/a.png"><iframe src="file://${file}"></iframe></body></html>`,
    rtf: `{\\rtf1{\\field{\\*\\fldinst INCLUDEPICTURE "${url}/a.png"}{\\fldrslt x}}{\\field{\\*\\fldinst INCLUDETEXT "${file}"}{\\fldrslt y}}}`,
    mvg: `push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 '${url}/a.png'\npop graphic-context\n`,
    fodt: `<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p><draw:frame><draw:image xlink:href="${url}/a.png"/></draw:frame></text:p><text:section><text:section-source xlink:href="file://${file}"/></text:section></office:text></office:body></office:document>`,
  };
  const list = [];
  for (const [kind, text] of Object.entries(texts))
    for (const extension of ["mp4", "mkv", "avi", "m3u8", "jpg", kind]) list.push({ name: `lure-${kind}.${extension}`, kind: "lure", make: () => Buffer.from(text) });
  const remote = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="i" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="${url}/a.png" TargetMode="External"/><Relationship Id="t" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="file://${file}" TargetMode="External"/></Relationships>`;
  list.push({ name: "lure-remote.docx", kind: "lure", make: () => docx(word(`<w:p><w:r><w:t>x</w:t></w:r></w:p><w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="t"/>`), [{ name: "word/_rels/document.xml.rels", content: Buffer.from(remote) }]) });
  list.push({ name: "lure-entity.docx", kind: "lure", make: () => docx(word("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", `<!DOCTYPE w:document [<!ENTITY x SYSTEM "file://${file}">]>`)) });
  return list;
}

/** Two files in one. @param read gives a file of the corpus by its name. */
export function polyglots(read) {
  const list = [];
  const names = ["baseline.jpg", "rgb8.png", "still.gif", "faststart.mp4", "vp8.webm", "sound.mp3", "report.pdf", "bundle.zip", "plain.tif", "letter.docx"];
  for (const first of names)
    for (const second of names)
      if (first !== second) list.push({ name: `both-${second}-${first}`, kind: "polyglot", make: () => bytes(read(first), read(second)) });
  const script = "<script>alert(1)</script><?php system($_GET['x']); ?>\n";
  for (const name of names) list.push({ name: `script-${name}`, kind: "polyglot", make: () => bytes(script, read(name)) });
  for (const magic of ["\xff\xd8\xff\xe0", "\x89PNG\r\n\x1a\n", "GIF89a", "RIFF\0\0\0\0WEBPVP8 ", "\0\0\0\x20ftypisom", "\x1aE\xdf\xa3", "OggS", "ID3\x03\0\0", "%PDF-1.7\n", "PK\x03\x04", "II*\0", "8BPS", "FLV\x01\x05", "RIFF\0\0\0\0AVI LIST", "fLaC", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "v/1\x01"])
    for (const fill of [0, 255, 65])
      list.push({ name: `magic-${Buffer.from(magic, "latin1").toString("hex").slice(0, 8)}-${fill}`, kind: "polyglot", make: () => bytes(magic, Buffer.alloc(5000, fill)) });
  return list;
}

/** The first nine tenths of a file, one after the other. */
export function truncations(name, content) {
  return Array.from({ length: 9 }, (_, i) => ({ name: `cut-${i + 1}-${name}`, kind: "cut", make: () => content.subarray(0, Math.floor((content.length * (i + 1)) / 10)) }));
}

/** @p content with a few bits turned over, more often than not in the first kilobytes. */
export function flipped(name, content, random, round) {
  const copy = Buffer.from(content);
  const count = [1, 4, 16, 64][round % 4];
  for (let i = 0; i < count && copy.length > 0; ++i) {
    const reach = random.oneIn(2) ? Math.min(copy.length, 4096) : copy.length;
    copy[random.between(0, reach - 1)] ^= 1 << random.between(0, 7);
  }
  return copy;
}
