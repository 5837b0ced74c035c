// What a client may rightly expect of its resumable uploads: the model of the property test.
import assert from "node:assert/strict";
import { contentOf, sha256 } from "./random.mjs";
import { Request, send } from "./requests.mjs";

/** The server, when it is there, and whether an answer may have suffered from its not being there. */
export class World {
  #outages = 0;
  #up = Promise.resolve();

  /** @param until when everybody is to stop, in milliseconds since 1970. */
  constructor(server, until = Infinity) {
    this.server = server;
    this.until = until;
  }

  get isOver() { return Date.now() >= this.until; }

  end() {
    this.until = 0;
  }

  /** Runs an outage; whatever is asked meanwhile may be lost or refused. */
  async outage(during) {
    this.#outages += 1;
    this.#up = during().then(() => { this.#outages += 1; });
    await this.#up;
  }

  /** Gives `ask` a moment when the server is there, and says whether it was until the answer. */
  async during(ask) {
    await this.#up;
    const before = this.#outages;
    const answer = await ask();
    const disturbed = before !== this.#outages;
    if (!disturbed && answer.status >= 500) assert.fail(`${answer.status}: ${JSON.stringify(answer.body)}`);
    return { ...answer, disturbed };
  }
}

/** One upload, and the bounds of what the server may say of it. */
export class Upload {
  id = null;
  /** Bytes the server has said it keeps. */
  low = 0;
  /** Bytes it may have at most: all that ever left. */
  high = 0;
  /** False from the moment on when its deletion was asked for. */
  wanted = true;
  story = [];

  constructor(world, door, name, bytes, content = contentOf(name, bytes)) {
    Object.assign(this, { world, door, name, bytes, content });
  }

  get isWhole() { return this.id !== null && this.low === this.bytes; }
  get target() { return `/v1/files/${this.id}`; }

  note(what) {
    this.story.push(what);
  }

  /** An assertion that tells the story of the upload when it fails. */
  expect(holds, what) {
    assert.ok(holds, `${this.name} (${this.door.name}, ${this.bytes} bytes, ${this.low}..${this.high}): ${what}\n  ${this.story.join("\n  ")}`);
  }

  async #ask(what, begin) {
    const answer = await this.world.during(begin);
    this.note(`${what} → ${answer.status ?? answer.lost} ${answer.headers?.["upload-offset"] ?? ""}${answer.disturbed ? " (outage)" : ""}`);
    this.expect(answer.status || answer.disturbed, `no answer to ${what}`);
    return answer;
  }

  /** The server has said that it keeps so many bytes. */
  #acknowledged(answer) {
    const offset = Number(answer.headers["upload-offset"]);
    this.expect(offset >= this.low && offset <= this.high, `the offset ${offset} cannot be`);
    this.low = offset;
  }

  /** @param body bytes that travel with it; false when its answer got lost. */
  async create(body, keep) {
    this.high = body;
    const headers = this.door.creation({ name: this.name, bytes: this.bytes, body });
    const answer = await this.#ask(`create with ${body}`, () =>
      send(this.world.server, "POST", "/v1/files", { headers, body: this.content.subarray(0, body), keep }));
    if (answer.status !== 201) return this.expect(answer.disturbed, `creating it was answered with ${answer.status}`), false;
    this.id = answer.headers.location.split("/").at(-1);
    this.low = body;
    return true;
  }

  /** Asks for the offset; leaves what cannot be known when the server goes away meanwhile. */
  async head() {
    const answer = await this.#ask("HEAD", () => send(this.world.server, "HEAD", this.target, { headers: this.door.asking }));
    if (answer.disturbed && answer.status !== 200 && answer.status !== 204) return;
    if (!this.wanted) return this.expect([404, 410].includes(answer.status), "a deleted upload is still there");
    if (answer.status === 423 && this.low !== this.high) return; // An append that was sent earlier has arrived later.
    this.expect(answer.status === 200 || answer.status === 204, "HEAD was refused");
    this.#acknowledged(answer);
  }

  /** Sends bytes from the offset that is believed to be right. */
  async append(count, keep) {
    const offset = this.low;
    const settled = this.low === this.high;
    const end = Math.min(this.bytes, offset + count);
    this.high = Math.max(this.high, end);
    const headers = this.door.appending({ offset, last: end === this.bytes });
    const answer = await this.#ask(`append ${offset}..${end}`, () =>
      send(this.world.server, "PATCH", this.target, { headers, body: this.content.subarray(offset, end), keep }));
    if (this.door.appended.includes(answer.status)) {
      this.low = this.high = end; // Whoever wrote before was sent away.
      return true;
    }
    // What an earlier connection had sent may have arrived after the offset was asked for, or the
    // earlier request itself: then that one is the newer.
    // The append whose answer got lost may have been the last one, and the file be whole.
    const whole = this.high === this.bytes && answer.body?.code === "completed_upload";
    this.expect(answer.disturbed || (!settled && (whole || [409, 423].includes(answer.status))), `an append was answered with ${answer.status}`);
    return false;
  }

  /** Begins an append and leaves the connection as it is: in the middle of the body. */
  async hang(count, share) {
    const offset = this.low;
    const end = Math.min(this.bytes, offset + count);
    const part = offset + Math.floor((end - offset) * share);
    this.high = Math.max(this.high, part);
    const headers = this.door.appending({ offset, last: end === this.bytes });
    const request = new Request(this.world.server, "PATCH", this.target, { headers, length: end - offset, keep: false });
    await request.write(this.content.subarray(offset, part));
    this.note(`${part - offset} bytes of an append ${offset}..${end}, then nothing`);
    return request;
  }

  async appendAtWrongOffset(offset, count) {
    const body = this.content.subarray(0, Math.max(1, Math.min(count, this.bytes - offset)));
    const headers = this.door.appending({ offset, last: false });
    const answer = await this.#ask(`append at the wrong offset ${offset}`, () =>
      send(this.world.server, "PATCH", this.target, { headers, body, keep: false }));
    if (answer.status) this.expect(answer.status === 409 || answer.disturbed, "a wrong offset was not refused");
  }

  /** @param hanging another request for it is under way, and may arrive later than this one. */
  async remove(hanging) {
    this.wanted = false;
    const answer = await this.#ask("DELETE", () => send(this.world.server, "DELETE", `${this.target}?permanent=1`, { headers: this.door.asking }));
    const gone = answer.status === 204 || (this.removedBefore && answer.status === 404);
    this.removedBefore = true;
    this.expect(gone || answer.disturbed || (hanging && answer.status === 423), "it was not deleted");
    return gone;
  }

  /** A whole upload is a file, with the bytes that were sent. */
  async check() {
    const answer = await this.#ask("GET", () => send(this.world.server, "GET", this.target));
    if (answer.disturbed && answer.status !== 200) return false;
    this.expect(answer.status === 200, "a whole file is not there");
    this.expect(answer.body.status !== "receiving", "a whole file is still being received");
    this.expect(answer.body.bytes === this.bytes && answer.body.sha256 === sha256(this.content), "the file has other bytes");
    return true;
  }
}
