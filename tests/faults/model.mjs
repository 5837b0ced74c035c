// What clients were told, and whether the server keeps to it.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";

const tus = { "tus-resumable": "1.0.0" };
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

export class Model {
  files = new Map(); ///< id → bytes, of every upload that was answered with 2xx
  uploads = new Map(); ///< id → { body, offset }, as acknowledged
  removing = new Set(); ///< Asked for; may have happened.
  answers = []; ///< Status codes of what changes something.

  constructor(server) {
    this.server = server;
  }

  async #send(method, target, options) {
    const answer = await this.server.request(method, target, options);
    this.answers.push(answer.status);
    return answer;
  }

  async post(bytes) {
    const answer = await this.#send("POST", "/v1/files?name=body.bin", { headers: { "content-type": "application/octet-stream" }, body: bytes });
    if (answer.status === 201) this.files.set(JSON.parse(answer.body).id, bytes);
    return answer.status;
  }

  /** @returns the new upload's id; nothing if it was refused, or no door for it is open. */
  async create(length) {
    if (!(await this.#speaksTus())) return undefined;
    const answer = await this.#send("POST", "/v1/files", { headers: { ...tus, "upload-length": length }, body: Buffer.alloc(0) });
    if (answer.status !== 201) return undefined;
    const id = answer.headers.location.split("/").at(-1);
    this.uploads.set(id, { body: randomBytes(length), offset: 0 });
    return id;
  }

  async #speaksTus() {
    const { headers } = await this.server.request("OPTIONS", "/v1/files");
    return headers["tus-version"] !== undefined;
  }

  async patch(id, bytes) {
    const upload = this.uploads.get(id);
    const body = upload.body.subarray(upload.offset, upload.offset + bytes);
    const answer = await this.#send("PATCH", `/v1/files/${id}`, {
      headers: { ...tus, "content-type": "application/offset+octet-stream", "upload-offset": upload.offset },
      body,
    });
    if (answer.status === 204) this.#acknowledge(id, Number(answer.headers["upload-offset"]));
    return answer.status;
  }

  #acknowledge(id, offset) {
    const upload = this.uploads.get(id);
    upload.offset = offset;
    if (offset < upload.body.length) return;
    this.uploads.delete(id);
    this.files.set(id, upload.body);
  }

  async remove(id) {
    this.removing.add(id);
    const answer = await this.#send("DELETE", `/v1/files/${id}?permanent=1`);
    if (answer.status === 204) {
      this.files.delete(id);
      this.removing.delete(id);
      assert.equal((await this.server.json(`/v1/files/${id}`)).status, 404);
    }
    return answer.status;
  }

  /** All that changes the disk, one after the other, until something breaks the connection. */
  async work() {
    // Nobody else has its bytes.
    const old = [...this.files].find(([, bytes]) => bytes.length > 1 << 20);
    const small = randomBytes(20_000);
    await this.post(small);
    await this.post(small);
    await this.post(randomBytes(5 << 20));
    const id = await this.create(300_000);
    if (id && (await this.patch(id, 100_000)) === 204) await this.patch(id, 200_000);
    const open = await this.create(200_000);
    if (open) await this.patch(open, 50_000);
    if (old) await this.remove(old[0]);
  }

  /** Every promise, and nothing but what was promised. */
  async check() {
    for (const [id, bytes] of this.files) await this.#checkFile(id, bytes);
    for (const id of [...this.uploads.keys()]) await this.#checkUpload(id);
    await this.#checkNoOrphans();
  }

  async #checkFile(id, bytes) {
    const { status, body } = await this.server.json(`/v1/files/${id}`);
    if (status === 404 && this.removing.has(id)) {
      this.files.delete(id);
      return;
    }
    assert.equal(status, 200, `file ${id} is lost`);
    assert.equal(body.sha256, sha256(bytes));
    const content = await this.server.request("GET", `/v1/files/${id}/content`);
    assert.ok(content.body.equals(bytes), `file ${id} has other bytes`);
  }

  async #checkUpload(id) {
    const upload = this.uploads.get(id);
    const answer = await this.server.request("HEAD", `/v1/files/${id}`, { headers: tus });
    assert.equal(answer.status, 200, `upload ${id} is lost`);
    const offset = Number(answer.headers["upload-offset"]);
    assert.ok(offset >= upload.offset, `upload ${id}: ${upload.offset} bytes were acknowledged, ${offset} are reported`);
    if (offset === upload.body.length) {
      this.#acknowledge(id, offset);
      return this.#checkFile(id, upload.body);
    }
    const there = statSync(path.join(this.server.root, "system/staging", id)).size;
    assert.ok(offset <= there, `upload ${id}: ${offset} bytes are reported, ${there} are there`);
    upload.offset = offset;
  }

  /** Goes on with every open upload to its end: what was there before must be right as well. */
  async finish() {
    for (const [id, upload] of [...this.uploads]) {
      assert.equal(await this.patch(id, upload.body.length), 204);
      await this.#checkFile(id, upload.body);
    }
    for (const id of this.files.keys()) assert.equal(await this.#settled(id), "ready");
    await this.#checkNoOrphans();
    for (const folder of ["work", "trash"]) assert.deepEqual(this.#names(`system/${folder}`), []);
  }

  async #settled(id) {
    for (let i = 0; i < 6; ++i) {
      const { body } = await this.server.json(`/v1/files/${id}?wait=10`);
      if (["ready", "failed", "cancelled"].includes(body.status)) return body.status;
    }
    return "never";
  }

  async #records() {
    const all = [];
    let cursor = "";
    do {
      const { body } = await this.server.json(`/v1/files?limit=500${cursor && `&cursor=${cursor}`}`);
      all.push(...body.files);
      cursor = body.cursor ?? "";
    } while (cursor);
    return all;
  }

  async #checkNoOrphans() {
    const records = await this.#records();
    const files = records.filter((r) => r.status !== "receiving");
    const open = records.filter((r) => r.status === "receiving").map((r) => r.id);
    assert.deepEqual(this.#names("store/blobs"), [...new Set(files.map((r) => r.sha256))].sort());
    // Names of stored files stay there until their folders are synced.
    const isRest = (name) => !open.includes(name);
    for (const until = Date.now() + 10_000; this.#names("system/staging").some(isRest) && Date.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(this.#names("system/staging"), open.sort());
    assert.equal(this.#names("users/local/originals").length, files.length);
  }

  #names(folder) {
    const all = path.join(this.server.root, folder);
    const names = readdirSync(all);
    return (folder === "store/blobs" ? names.flatMap((shard) => readdirSync(path.join(all, shard))) : names).sort();
  }
}
