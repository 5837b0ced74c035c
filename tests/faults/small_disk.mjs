// A file system in memory, in a mount namespace of its own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const inside = "MEDIAD_FAULTS_DISK";

function canMount() {
  const probe = spawnSync("unshare", ["-m", "true"]);
  return process.getuid() === 0 && probe.status === 0;
}

/** The test @p name: `play(root)`, with root a disk of 40 MiB. @param file the test's own URL: it is run once more, inside. */
export function onSmallDisk(file, name, play) {
  if (process.env[inside]) return test(name, () => play(process.env[inside]));
  return test("on a small disk", { skip: canMount() ? false : "mounting needs root and unshare(1)" }, () => {
    const disk = mkdtempSync(path.join(tmpdir(), "mediad-disk-"));
    const script = `mount -t tmpfs -o size=40m tmpfs "$1" && exec "$2" "$3"`;
    const run = spawnSync("unshare", ["-m", "sh", "-c", script, "sh", disk, process.execPath, fileURLToPath(file)], {
      env: { ...process.env, [inside]: disk, NODE_TEST_CONTEXT: undefined },
      encoding: "utf8",
      timeout: 150_000,
    });
    rmdirSync(disk);
    assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
  });
}
