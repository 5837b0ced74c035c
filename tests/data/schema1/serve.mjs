// Wrote served.tar.xz, once: a whole server of commit 514a3b7, the last with schema 1, was given files of all kinds and
// killed while it worked on two more. README.md says how. Kept to show what is in the folder and why.
//   MEDIAD_BINARY=… MEDIAD_TEST_DATA=command/samples node serve.mjs <root> >served.jsonl
import path from "node:path";
import { readFile } from "node:fs/promises";
import { Listener } from "../../e2e/listener.mjs";
import { Server, data, encoding } from "../../e2e/server.mjs";

const finished = ["image.jpg", "video.mp4", "audio.mp3", "document.pdf", "document.txt", "office.docx", "other.bin"];
const settings = { "storage.min_free": "0B", "storage.max_database": "64MiB" };
const tell = (value) => console.log(JSON.stringify(value));

const server = await Server.start({ root: process.argv[2], settings: { ...settings, ...encoding } });
const listener = await Listener.connect(server, "?since=0");

const post = async (name, body) => {
  const answer = await fetch(`${server.url}/v1/files?name=${encodeURIComponent(name)}`, { method: "POST", body });
  if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};
const read = (name) => readFile(path.join(data, name));

for (const name of finished) await server.finished((await post(name, await read(name))).id);
await server.finished((await post("again – Ö.jpg", await read("image.jpg"))).id); // the bytes of an earlier file
const damaged = (await read("image.jpg")).subarray(0, 300);
await server.finished((await post("damaged.jpg", damaged)).id);
const gone = await post("gone.txt", "nothing to keep");
await server.finished(gone.id);
await fetch(`${server.url}/v1/files/${gone.id}`, { method: "DELETE" });
await fetch(`${server.url}/v1/notices`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text: "to all: ö \" \\" }) });
// Killed while the first is processed and the second was only just registered.
const begun = await post("begun.mp4", await read("video.mp4"));
await listener.until((f) => f.type === "file.processing" && f.file?.id === begun.id);
await post("begun.docx", await read("office.docx"));
const { body } = await server.json("/v1/files?limit=500");
await server.kill();
listener.stored.forEach(tell);
body.files.forEach(tell);
process.exit();
