// People who sign in to the real server, and the programs to which they give tokens.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import http from "node:http";
import { binary } from "./server.mjs";

export const password = "salty-waves!";
export const longest_ms = 1000; // for what goes on by a credential that counts no more
export const all_scopes = ["upload", "read", "write", "delete", "share"];

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** `mediad …` on the data of a server, which may run; answers { code, out, problems }. */
export function mediad(root, args, input = "") {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, ["--set", `storage.root=${root}`, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    let out = "";
    let problems = "";
    child.stdout.on("data", (text) => { out += text; });
    child.stderr.on("data", (text) => { problems += text; });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, problems }));
    child.stdin.on("error", () => {}); // it may have ended without reading
    child.stdin.end(input);
  });
}

/** The same for what must succeed; answers what it prints, without the end of the line. */
export async function done(root, args, input) {
  const { code, out, problems } = await mediad(root, args, input);
  assert.equal(code, 0, `mediad ${args.join(" ")}: ${problems}`);
  return out.trimEnd();
}

export const addUser = (server, name, ...more) => done(server.root, ["user", "add", name, ...more, "--password-stdin"], `${password}\n`);

/** One request on a connection of its own; answers { status, headers, text }. A stream of events is left after its head. */
export function ask(server, method, target, { headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
    const request = http.request(server.url + target, { method, agent: false, headers: { ...headers, ...length } });
    request.on("error", reject);
    request.setTimeout(30_000, () => request.destroy(new Error(`${method} ${target}: silence`)));
    request.on("response", (response) => {
      response.on("error", reject);
      const answer = { status: response.statusCode, headers: response.headers, text: "" };
      if ((answer.headers["content-type"] ?? "").startsWith("text/event-stream")) {
        resolve(answer);
        return request.destroy();
      }
      response.setEncoding("utf8");
      response.on("data", (text) => { answer.text += text; });
      response.on("end", () => resolve(answer));
    });
    request.end(body);
  });
}

export const json_body = (value) => ({ headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });

/** Somebody, or a program of somebody's, by the header fields that show it. */
export class Caller {
  constructor(server, fields, id = "") {
    Object.assign(this, { server, fields, id });
  }

  static async signIn(server, name, secret = password) {
    const answer = await ask(server, "POST", "/v1/session", json_body({ name, password: secret }));
    assert.equal(answer.status, 204, answer.text);
    return Caller.after(server, answer);
  }

  /** A page of this server that has got the answer. */
  static after(server, answer) {
    return new Caller(server, { Cookie: answer.headers["set-cookie"][0].split(";")[0], "Sec-Fetch-Site": "same-origin" });
  }

  /** A token that the command makes. */
  static async byCommand(server, name, ...scopes) {
    const token = await done(server.root, ["user", "token", name, "--called", "test", "--scope", scopes.join(",")]);
    return Caller.with(server, token);
  }

  static with(server, token) {
    return new Caller(server, { Authorization: `Bearer ${token}` }, token.split("_")[1]);
  }

  ask(method, target, { headers = {}, body } = {}) {
    return ask(this.server, method, target, { headers: { ...this.fields, ...headers }, body });
  }

  async json(method, target, options) {
    const answer = await this.ask(method, target, options);
    return { ...answer, body: answer.text === "" ? null : JSON.parse(answer.text) };
  }

  /** Makes a token, as a person. */
  async token(scopes, more = {}) {
    const { status, body, text } = await this.json("POST", "/v1/tokens", json_body({ name: "test", scopes, ...more }));
    assert.equal(status, 201, text);
    return Caller.with(this.server, body.token);
  }

  /** Makes an upload ticket; who has it. */
  async ticket(terms = {}) {
    const { status, body, text } = await this.json("POST", "/v1/tickets", json_body(terms));
    assert.equal(status, 201, text);
    return new Caller(this.server, { Authorization: `Bearer ${body.ticket}` });
  }

  /** Signs an address of bytes of a file. */
  async signed(id, of, more = {}) {
    const { status, body, text } = await this.json("POST", `/v1/files/${id}/sign`, json_body({ of, ...more }));
    assert.equal(status, 200, text);
    return body.url;
  }

  /** Uploads a body; the record. */
  async upload(name, bytes) {
    const { status, body, text } = await this.json("POST", `/v1/files?name=${name}`, { body: bytes });
    assert.equal(status, 201, text);
    return body;
  }

  /** The record once it is ready. */
  async finished(id) {
    for (let tries = 0; tries < 12; ++tries) {
      const { body } = await this.json("GET", `/v1/files/${id}?wait=10`);
      if (body.status === "ready") return body;
      assert.ok(!["failed", "cancelled"].includes(body.status), body.status);
    }
    throw new Error(`${id} is not ready in time`);
  }

  /** Begins an upload by tus 1.0; its path. */
  async beginTus(bytes, name = "tus.bin") {
    const metadata = `filename ${Buffer.from(name).toString("base64")}`;
    const answer = await this.ask("POST", "/v1/files", { headers: { "Tus-Resumable": "1.0.0", "Upload-Length": bytes, "Upload-Metadata": metadata } });
    assert.equal(answer.status, 201, answer.text);
    return answer.headers.location;
  }

  appendTus(place, offset, body) {
    return this.ask("PATCH", place, { headers: { ...appending(offset) }, body });
  }
}

export const appending = (offset) => ({ "Tus-Resumable": "1.0.0", "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" });
