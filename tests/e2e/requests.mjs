// HTTP requests that can break off, hang, and be lost: what fetch and curl do not let one do.
import http from "node:http";
import { checkAnswer } from "./contract.mjs";

const kept = new http.Agent({ keepAlive: true, maxSockets: 64 });
const longest_ms = 30_000;

/**
 * A request under way. `answer` becomes { status, headers, body }, or { lost } when there was none:
 * the connection broke, could not be made, or was cut by us.
 */
export class Request {
  #request;

  /** @param length of the whole body; less may be written. Without it there is no body. */
  constructor(server, method, target, { headers = {}, length, keep = true } = {}) {
    const all = length === undefined ? headers : { ...headers, "Content-Length": length };
    this.#request = http.request(server.url + target, { method, headers: all, agent: keep ? kept : false });
    this.answer = new Promise((resolve) => {
      const lost = (error) => resolve({ lost: error.message || error.code });
      this.#request.on("error", lost);
      this.#request.setTimeout(longest_ms, () => this.#request.destroy(new Error(`silence for ${longest_ms} ms`)));
      this.#request.on("response", (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", lost);
        response.on("end", () => resolve(finish(method, target, response, Buffer.concat(chunks))));
      });
    });
  }

  /** Writes a piece of the body; resolves when it has left for the kernel, or cannot any more. */
  write(bytes) {
    return new Promise((resolve) => {
      if (this.#request.destroyed) return resolve();
      if (bytes.length === 0) {
        this.#request.flushHeaders();
        return resolve();
      }
      this.#request.once("close", resolve);
      this.#request.write(bytes, () => {
        this.#request.off("close", resolve);
        resolve();
      });
    });
  }

  end(bytes) {
    this.#request.end(bytes);
    return this.answer;
  }

  /** Breaks the connection. */
  cut() {
    this.#request.destroy();
    return this.answer;
  }
}

function finish(method, target, { statusCode: status, headers, complete }, bytes) {
  if (!complete) return { lost: "an answer that broke off" };
  const isJson = (headers["content-type"] ?? "").includes("json") && method !== "HEAD";
  const body = isJson ? JSON.parse(bytes) : bytes;
  checkAnswer(method, target, status, isJson ? headers["content-type"] : "", isJson ? body : null);
  return { status, headers, body };
}

/** A request with all of its body. */
export function send(server, method, target, { headers, body, keep } = {}) {
  return new Request(server, method, target, { headers, length: body?.length, keep }).end(body);
}
