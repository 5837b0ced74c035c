// Documents and archives that mean harm, or that nobody can read without a password: a clear code, soon.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { encryptedPackage } from "./compound_file.mjs";
import { docx, laughs, word, zip } from "./hostile_files.mjs";
import { Server, data, tool } from "./server.mjs";

const patience = 60; // seconds, on a busy machine: none of these is to reach LibreOffice, or for long

let server;
let scratch;

before(async () => {
  server = await Server.start();
  scratch = await mkdtemp(path.join(tmpdir(), "mediad-e2e-hostile-"));
});

after(async () => {
  await server.dispose();
  await rm(scratch, { recursive: true, force: true });
});

async function outcomeOf(name, content) {
  const { status, body } = await server.json(`/v1/files?name=${encodeURIComponent(name)}`, { method: "POST", body: content, headers: { "Content-Type": "application/octet-stream" } });
  assert.equal(status, 201);
  return server.finished(body.id, patience);
}

async function assertFails(name, content, code) {
  const record = await outcomeOf(name, content);
  assert.equal(record.failure?.code ?? record.status, code);
  assert.equal(record.attempt, 1);
  return record;
}

async function listingOf(record) {
  assert.equal(record.status, "ready", JSON.stringify(record.failure));
  assert.equal(record.profile, "other");
  const { url } = record.renditions.find(({ name }) => name === "listing.json");
  return (await fetch(server.url + url)).json();
}

const names = (listing) => listing.entries.map(({ name }) => name);

/** An OpenDocument text with this content.xml. */
function odt(content) {
  const type = "application/vnd.oasis.opendocument.text";
  const manifest = `<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="${type}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`;
  return zip([["mimetype", type], ["content.xml", content], ["META-INF/manifest.xml", manifest]].map(([name, text]) => ({ name, content: Buffer.from(text) })));
}

test("entities that multiply are refused in both kinds of office files", async () => {
  await assertFails("laughs.docx", docx(word("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", laughs(""))), "corrupt_media");
  await assertFails("laughs.odt", odt(laughs(`<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">&l9;</office:document-content>`)), "corrupt_media");
});

test("office files of every generation say that they need a password", async () => {
  await assertFails("agile.docx", encryptedPackage(), "password_protected");
  await assertFails("agile.xlsx", encryptedPackage(), "password_protected");
  await assertFails("encrypted.odt", await readFile(path.join(data, "encrypted.odt")), "password_protected");
});

test("an archive in which all is encrypted needs a password", async () => {
  const sevenZip = await tool("7zz").then(() => "7zz", () => "7z"); // as Debian 12 and 13 call it
  const secret = path.join(scratch, "secret.txt");
  await writeFile(secret, "the harbour master's secret");
  for (const [name, type, ...command] of [
    ["a.zip", "application/zip", "zip", "-qjP", "x"],
    ["a.7z", "application/x-7z-compressed", sevenZip, "a", "-bso0", "-px"],
    ["hidden.7z", "application/x-7z-compressed", sevenZip, "a", "-bso0", "-px", "-mhe=on"]]) {
    const file = path.join(scratch, name);
    await tool(...command, file, secret);
    const record = await assertFails(name, await readFile(file), "password_protected");
    assert.equal(record.media_type, type);
  }
});

test("an archive of which only a part is encrypted is listed, and says so", async () => {
  const [file, secret, open] = ["part.zip", "secret.txt", "open.txt"].map(name => path.join(scratch, name));
  await writeFile(open, "for everybody");
  await writeFile(secret, "the harbour master's secret");
  await tool("zip", "-qjP", "x", file, secret);
  await tool("zip", "-qj", file, open);
  const record = await outcomeOf("part.zip", await readFile(file));
  assert.equal(record.media.encrypted, true);
  assert.deepEqual(names(await listingOf(record)), ["secret.txt", "open.txt"]);
});

test("archives within an archive are names in its list", async () => {
  let inner = zip([{ name: "zeros", content: Buffer.alloc(8 << 20) }]);
  for (let depth = 0; depth < 5; ++depth)
    inner = zip(Array.from({ length: 16 }, (_, i) => ({ name: `lib ${i}.zip`, content: inner })));
  const listing = await listingOf(await outcomeOf("42.zip", inner));
  assert.deepEqual(names(listing), Array.from({ length: 16 }, (_, i) => `lib ${i}.zip`));
});

/** Entries that all unpack the same bytes: each header takes the headers that follow for a field of its own. */
function overlapping(count, content) {
  const packed = deflateRawSync(content);
  const plain = Array.from({ length: count }, (_, i) => zip([{ name: String(i).padStart(4, "0"), content, packed }]));
  const headerBytes = 30 + 4 + 4;
  const directory = [];
  const headers = plain.map((one, i) => {
    const more = (count - 1 - i) * headerBytes;
    const header = Buffer.concat([one.subarray(0, 34), Buffer.from([0xad, 0xde, more & 255, more >> 8])]);
    header.writeUInt16LE(more + 4, 28);
    const entry = Buffer.from(one.subarray(34 + packed.length, -22));
    entry.writeUInt32LE(i * headerBytes, 42);
    directory.push(entry);
    return header;
  });
  const end = Buffer.from(plain[0].subarray(-22));
  for (const at of [8, 10]) end.writeUInt16LE(count, at);
  end.writeUInt32LE(count * directory[0].length, 12);
  end.writeUInt32LE(count * headerBytes + packed.length, 16);
  return Buffer.concat([...headers, packed, ...directory, end]);
}

test("entries that lie upon each other are added up as what they claim", async () => {
  const few = overlapping(3, Buffer.from("the same"));
  await writeFile(path.join(scratch, "few.zip"), few);
  assert.equal(await tool("unzip", "-p", path.join(scratch, "few.zip"), "0001").catch((e) => e.stdout), "the same");
  assert.deepEqual(names(await listingOf(await outcomeOf("few.zip", few))), ["0000", "0001", "0002"]);
  const bomb = overlapping(1500, Buffer.alloc(1 << 20));
  assert.ok(bomb.length < 200_000);
  await assertFails("overlap.zip", bomb, "too_large");
});

test("paths that lead out of an archive are data", async () => {
  const odd = ["../../../../../../tmp/mediad-escaped", "/etc/mediad-escaped", "a/../../b", "", "\u0001\u202e\"<"];
  const listing = await listingOf(await outcomeOf("paths.zip", zip(odd.map((name) => ({ name, content: Buffer.from("x") })))));
  assert.deepEqual(names(listing), odd);
  for (const file of ["/tmp/mediad-escaped", "/etc/mediad-escaped"]) await assert.rejects(readFile(file), { code: "ENOENT" });
});

test("more entries than a ZIP's old directory can count are too many", async () => {
  const file = path.join(scratch, "many.zip");
  await tool("python3", "-c", "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as z:\n  for i in range(70000): z.writestr(str(i), '')", file);
  await assertFails("many.zip", await readFile(file), "too_large");
});

test("a directory that only claims to be long is listed as far as it goes", async () => {
  const liar = zip([{ name: "only", content: Buffer.from("x") }]);
  for (const at of [8, 10]) liar.writeUInt16LE(0xfffe, liar.length - 22 + at);
  const listing = await listingOf(await outcomeOf("liar.zip", liar));
  assert.ok(listing.entries.length <= 1);
});

test("a document that holds its converter to the deadline is given up there", async () => {
  const folder = await mkdtemp("/var/tmp/mediad-e2e-office-"); // where it runs, /tmp is another one
  const program = path.join(folder, "office");
  await writeFile(program, "#!/bin/sh\nwhile :; do :; done\n", { mode: 0o755 });
  const slow = await Server.start({ settings: { "document.office": program, "document.office_timeout": "5s", "document.office_warm": 0 } });
  try {
    const begun = performance.now();
    const { body } = await slow.upload("sheet.xlsx");
    const record = await slow.finished(body.id);
    assert.equal(record.failure?.code, "timeout");
    assert.equal(record.attempt, 1);
    const seconds = (performance.now() - begun) / 1000;
    assert.ok(seconds >= 5 && seconds < 9.5, `${seconds} s: a second conversion would end after ten`);
  } finally {
    await slow.dispose();
    await rm(folder, { recursive: true });
  }
});

test("after all of that the server still works", async () => {
  assert.equal((await server.finished((await server.upload("letter.docx")).body.id)).status, "ready");
});
