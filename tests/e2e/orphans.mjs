// Compares the folders of a stopped or idle server with its records.
import { readdir, stat } from "node:fs/promises";
import path from "node:path";

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)));
}

/** What is in staging: names of stored files stay there until their folders are synced. */
export async function restInStaging(root) {
  for (const until = Date.now() + 10_000;;) {
    const names = await readdir(path.join(root, "system", "staging"));
    if (names.length === 0 || Date.now() > until) return names;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Without the shard: what the names in the store say of whom they belong to. */
const unsharded = (names) => names.map((name) => name.slice(3)).sort();

function difference(what, actual, expected) {
  const [have, want] = [new Set(actual), new Set(expected)];
  return [
    ...actual.filter((name) => !want.has(name)).map((name) => `${what}: ${name} belongs to no record`),
    ...[...want].filter((name) => !have.has(name)).map((name) => `${what}: ${name} is missing`),
    ...(have.size === actual.length ? [] : [`${what}: a name is there twice`]),
  ];
}

/** @param records all of the server's, none of them still receiving or processing. */
export async function findOrphans(root, records) {
  const store = async (kind) => unsharded(await filesBelow(path.join(root, "store", kind)));
  const found = [
    ...difference("blobs", await store("blobs"), new Set(records.map((r) => r.sha256))),
    ...difference("previews", await store("previews"), records.filter((r) => r.preview).map((r) => `${r.id}.webp`)),
    ...difference("renditions", await store("renditions"), records.flatMap((r) => r.renditions.map(({ name }) => `${r.id}/${name}`))),
    ...difference("archives", await store("archives"), records.filter((r) => r.archive).map((r) => `${r.id}.zip`)),
    ...difference("staging", await restInStaging(root), []),
    ...difference("work", await readdir(path.join(root, "system", "work")), []),
  ];
  return [...found, ...(await wrongLinks(root, records))];
}

/** A person's folder shows every file once, as a link to the very bytes of the store. */
async function wrongLinks(root, records) {
  const found = [];
  const expected = {
    originals: records.length, previews: records.filter((r) => r.preview).length,
    renditions: records.reduce((sum, r) => sum + r.renditions.length, 0), archives: records.filter((r) => r.archive?.sha256).length,
  };
  for (const [kind, count] of Object.entries(expected)) {
    const folder = path.join(root, "users", "local", kind);
    const names = await filesBelow(folder);
    if (names.length !== count) found.push(`users: ${names.length} ${kind}, not ${count}`);
    for (const name of names)
      if ((await stat(path.join(folder, name))).nlink < 2) found.push(`users: ${kind}/${name} is no link into the store`);
  }
  return found;
}
