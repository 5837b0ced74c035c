// A WebSocket client that remembers every frame and lets a test wait for one.
import WebSocket from "ws";
import { checkFrame } from "./contract.mjs";

export class Listener {
  frames = [];
  #waiting = [];

  static async connect(server, query = "", headers = {}) {
    const listener = new Listener();
    const target = `${server.url.replace("http", "ws")}/v1/events${query}`;
    listener.socket = new WebSocket(target, ["mediad.events.v1"], { headers });
    listener.closed = new Promise((resolve) => listener.socket.once("close", (code) => resolve(code)));
    listener.socket.on("message", (text) => listener.#take(JSON.parse(text)));
    await new Promise((resolve, reject) => {
      listener.socket.once("open", resolve);
      listener.socket.once("error", reject);
    });
    listener.socket.on("error", () => {});
    await listener.until((f) => f.type === "hello");
    return listener;
  }

  #take(frame) {
    checkFrame(frame);
    this.frames.push(frame);
    for (const waiting of [...this.#waiting]) waiting();
  }

  /** The first frame, past or to come, that fits. */
  until(fits, seconds = 120) {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        drop();
        reject(new Error(`no such frame in ${seconds} s; got ${this.frames.map((f) => f.type).join(" ")}`));
      }, seconds * 1000);
      const look = () => {
        const found = this.frames.find(fits);
        if (found === undefined) return;
        drop();
        resolve(found);
      };
      const drop = () => {
        clearTimeout(limit);
        this.#waiting = this.#waiting.filter((w) => w !== look);
      };
      this.#waiting.push(look);
      look();
    });
  }

  /** Stored events, in the order they came. */
  get stored() {
    return this.frames.filter((f) => f.seq !== undefined && f.type !== "hello");
  }

  /** Types of the stored events of one file. */
  story(id) {
    return this.stored.filter((f) => f.file?.id === id).map((f) => f.type);
  }

  get lastSeq() {
    return this.stored.at(-1)?.seq ?? this.frames[0].seq;
  }

  send(frame) {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  async close() {
    this.socket.close();
    await this.closed;
  }

  /** Ends the connection without a word, as a lost network would. */
  cut() {
    this.socket.terminate();
  }
}
