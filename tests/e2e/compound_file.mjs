// Compound files ([MS-CFB] version 3), in which old office files and those with a password are kept.

const sectorBytes = 512;
const cutoff = 4096; // smaller streams would go into a stream of their own, which this does without
const endOfChain = 0xfffffffe;
const none = 0xffffffff;
const ofTable = 0xfffffffd;
const kinds = { storage: 1, stream: 2, root: 5 };

function directoryEntry(name, kind, { child = none, right = none, start = 0, size = 0 }) {
  const entry = Buffer.alloc(128);
  entry.write(name, 0, "utf16le");
  entry.writeUInt16LE(name.length * 2 + 2, 64);
  entry[66] = kind;
  entry[67] = 1; // black
  entry.writeUInt32LE(none, 68);
  entry.writeUInt32LE(right, 72);
  entry.writeUInt32LE(child, 76);
  entry.writeUInt32LE(start, 116);
  entry.writeUInt32LE(size, 120);
  return entry;
}

/** A file of the streams { name: content }, each at least 4,096 bytes, at most 60 KiB together. */
export function compoundFile(streams) {
  // Readers look names up in a tree ordered by length first; a chain to the right is one.
  const names = Object.keys(streams).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const table = [ofTable];
  const body = [];
  const place = (content) => {
    const start = table.length;
    const sectors = Math.ceil(content.length / sectorBytes);
    for (let i = 1; i <= sectors; ++i) table.push(i < sectors ? start + i : endOfChain);
    body.push(content, Buffer.alloc(sectors * sectorBytes - content.length));
    return start;
  };
  const entries = [directoryEntry("Root Entry", kinds.root, { child: 1, start: endOfChain })];
  names.forEach((name, i) => {
    if (streams[name].length < cutoff) throw new Error(`${name} is too small`);
    entries.push(directoryEntry(name, kinds.stream, { right: i + 1 < names.length ? i + 2 : none, start: place(streams[name]), size: streams[name].length }));
  });
  const directory = place(Buffer.concat(entries));
  if (table.length > sectorBytes / 4) throw new Error("more than one sector of table");

  const header = Buffer.alloc(sectorBytes);
  header.write("d0cf11e0a1b11ae1", 0, "hex");
  for (const [at, value] of [[24, 0x3e], [26, 3], [28, 0xfffe], [30, 9], [32, 6]]) header.writeUInt16LE(value, at);
  for (const [at, value] of [[44, 1], [48, directory], [56, cutoff], [60, endOfChain], [68, endOfChain]]) header.writeUInt32LE(value, at);
  header.fill(0xff, 76);
  header.writeUInt32LE(0, 76);
  const fat = Buffer.alloc(sectorBytes, 0xff);
  table.forEach((next, sector) => fat.writeUInt32LE(next, sector * 4));
  return Buffer.concat([header, fat, ...body]);
}

/** Like an Office Open XML file saved with a password: agile encryption ([MS-OFFCRYPTO] 2.3.4.10) of nothing in particular. */
export function encryptedPackage() {
  const some = (length, seed) => Buffer.from(Array.from({ length }, (_, i) => (i * 151 + seed * 37) % 256));
  const key = `blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"`;
  const base64 = (length, seed) => some(length, seed).toString("base64");
  const xml = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><keyData saltSize="16" ${key} saltValue="${base64(16, 1)}"/><dataIntegrity encryptedHmacKey="${base64(64, 2)}" encryptedHmacValue="${base64(64, 3)}"/><keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><p:encryptedKey spinCount="100000" saltSize="16" ${key} saltValue="${base64(16, 4)}" encryptedVerifierHashInput="${base64(16, 5)}" encryptedVerifierHashValue="${base64(64, 6)}" encryptedKeyValue="${base64(32, 7)}"/></keyEncryptor></keyEncryptors></encryption>`;
  const info = Buffer.concat([Buffer.from([4, 0, 4, 0, 0x40, 0, 0, 0]), Buffer.from(xml.padEnd(cutoff))]);
  const size = Buffer.alloc(8);
  size.writeUInt32LE(6000);
  return compoundFile({ EncryptionInfo: info, EncryptedPackage: Buffer.concat([size, some(6016, 8)]) });
}
