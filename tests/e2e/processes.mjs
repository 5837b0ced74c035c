// Which processes of a server work on a file, seen from outside: through /proc.
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

/** Process ids of all that @p server has started, and what those have. */
async function descendants(server) {
  const parents = new Map();
  for (const name of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    const status = await readFile(`/proc/${name}/status`, "utf8").catch(() => "");
    const parent = /^PPid:\s*(\d+)/m.exec(status);
    if (parent) parents.set(Number(name), Number(parent[1]));
  }
  const found = [server.process.pid];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found.slice(1);
}

async function hasOpen(pid, inode) {
  const folder = `/proc/${pid}/fd`;
  for (const name of await readdir(folder).catch(() => []))
    if ((await stat(`${folder}/${name}`).catch(() => null))?.ino === inode) return true;
  return false;
}

/** The inode number of what the server keeps of a file; its name in the store is its digest. */
export async function inodeOf(server, record) {
  return (await stat(path.join(server.root, "store", "blobs", record.sha256.slice(0, 2), record.sha256))).ino;
}

/** Process ids of the server's workers that have the file with that inode open. */
export async function workingOn(server, inode) {
  const all = await descendants(server);
  const open = await Promise.all(all.map((pid) => hasOpen(pid, inode)));
  return all.filter((_, i) => open[i]);
}
