// A database that must be migrated, and a disk without room for that: a sentence, nothing lost, and the next start with room
// migrates it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Server, binary, inWords } from "./server.mjs";
import { onSmallDisk } from "./small_disk.mjs";

const kept = path.join(process.env.MEDIAD_SCHEMA1, "data.tar.xz");
const settings = { "storage.max_database": "64MiB" };

function serve(root) {
  const all = { "server.listen": "127.0.0.1:0", "storage.root": root, "storage.min_free": "0B", "log.level": "error", ...settings };
  return spawnSync(binary, ["serve", ...inWords(all)], { encoding: "utf8", timeout: 20_000 });
}

async function play(disk) {
  const root = path.join(disk, "data");
  mkdirSync(root);
  assert.equal(spawnSync("tar", ["-xJf", kept, "-C", root]).status, 0);
  const database = () => readFileSync(path.join(root, "system/db/data.mdb"));
  const before = database();
  const { bavail, bsize } = statfsSync(disk);
  const filler = path.join(disk, "filler");
  writeFileSync(filler, Buffer.alloc((bavail - 100) * bsize, 1));

  const refused = serve(root);
  assert.ok(refused.status > 0, `it ended with ${refused.status ?? refused.signal}`);
  assert.match(refused.stderr, /left as it was.*has to be migrated, which takes up to \d+ MiB of room in .*; \d+ MiB are free/);
  assert.ok(database().equals(before));
  assert.deepEqual(readdirSync(path.join(root, "system")).filter((name) => name.startsWith("db")), ["db"]);

  rmSync(filler);
  const server = await Server.start({ root: disk, settings });
  try {
    assert.ok((await server.json("/v1/files?limit=500")).body.files.length > 10);
  } finally {
    await server.stop();
    rmSync(root, { recursive: true });
  }
}

onSmallDisk(import.meta.url, "a migration without room says so and leaves all as it was", play);
