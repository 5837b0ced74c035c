// A server's events, as they come, each with the moment at which it was `heard` (performance.now()).
import { withLimit } from "./processes.mjs";

export class EventStream {
  #frames = [];
  #wake = () => {};
  #stop = new AbortController();

  /** @param headers the caller's credentials, if the server asks for any. */
  static async open(server, headers = {}) {
    const stream = new EventStream();
    const answer = await fetch(`${server.url}/v1/events`, { headers: { accept: "text/event-stream", ...headers }, signal: stream.#stop.signal });
    if (!answer.ok) throw new Error(`/v1/events: ${answer.status}`);
    stream.#read(answer.body).catch(() => {}); // the server ends it, or close()
    return stream;
  }

  async #read(body) {
    let text = "";
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      const lines = (text + piece).split("\n");
      text = lines.pop();
      this.#frames.push(...lines.filter((line) => line.startsWith("data:")).map((line) => ({ ...JSON.parse(line.slice(5)), heard: performance.now() })));
      this.#wake();
    }
  }

  /** The next frame that fits; those before it are forgotten. */
  async next(fits, seconds = 120) {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      while (this.#frames.length > 0) {
        const frame = this.#frames.shift();
        if (fits(frame)) return frame;
      }
      const woken = new Promise((resolve) => (this.#wake = resolve));
      await withLimit(woken, Math.max(0, until - Date.now()) / 1000, "no such event");
    }
  }

  close() {
    this.#stop.abort();
  }
}
