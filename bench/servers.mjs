// The servers that are compared, each with its data in a folder of its own.
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Program } from "./processes.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Mediad {
  /** @param before a program that starts it, with its arguments. */
  static async start(folder, settings = {}, before = []) {
    const all = { "server.listen": "127.0.0.1:0", "storage.root": folder, "log.level": "warning", ...settings };
    mkdirSync(folder, { recursive: true });
    const server = new Mediad();
    const args = Object.entries(all).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
    // Where it starts it would read config/mediad.toml, which is nobody's default.
    const [program, ...rest] = [...before, path.resolve(process.env.MEDIAD), "serve", ...args];
    server.program = new Program(program, rest, { cwd: folder });
    server.url = /http:\/\/\S+/.exec(await server.program.line())[0].replace(/\/$/, "");
    server.port = Number(new URL(server.url).port);
    return server;
  }

  async json(target, options = {}) {
    const answer = await fetch(this.url + target, { signal: AbortSignal.timeout(20_000), ...options });
    if (!answer.ok) throw new Error(`${target}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  }

  /** Waits until no file is being worked on. */
  async caughtUp(seconds = 60) {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const open = await Promise.all(["processing", "registered"].map((status) => this.json(`/v1/files?status=${status}&limit=1`)));
      if (open.every((list) => list.files.length === 0)) return;
      if (Date.now() > until) throw new Error(`files are still being worked on after ${seconds} s`);
      await pause(50);
    }
  }

  /** Removes the newest files. */
  async remove(count) {
    const { files } = await this.json(`/v1/files?limit=${count}`);
    for (const { id } of files) await this.json(`/v1/files/${id}?permanent=1`, { method: "DELETE" });
  }

  /** Waits until a number of /metrics is what is wanted. */
  async metric(name, wanted, seconds = 30) {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const text = await (await fetch(`${this.url}/metrics`)).text();
      const value = Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1]);
      if (value === wanted) return;
      if (Date.now() > until) throw new Error(`${name} is ${value}, not ${wanted}`);
      await pause(50);
    }
  }

  async hasTus() {
    const answer = await fetch(`${this.url}/v1/files`, { method: "OPTIONS" });
    return (answer.headers.get("tus-extension") ?? "").split(",").includes("creation-with-upload");
  }

  stop() {
    return this.program.stop();
  }
}

/** nginx with what makes its DAV PUT fast: a worker for each core, no log, no limits, no second copy. */
export async function startNginx(folder) {
  const port = await freePort();
  for (const name of ["files/large", "files/small", "temp"]) mkdirSync(path.join(folder, name), { recursive: true });
  const file = path.join(folder, "nginx.conf");
  writeFileSync(file, `
${process.getuid() === 0 ? "user root;" : ""}
daemon off; worker_processes auto; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off; client_max_body_size 0; client_body_buffer_size 128k; keepalive_requests 1000000;
  client_body_temp_path ${folder}/temp; proxy_temp_path ${folder}/temp; fastcgi_temp_path ${folder}/temp;
  uwsgi_temp_path ${folder}/temp; scgi_temp_path ${folder}/temp;
  server { listen 127.0.0.1:${port}; root ${folder}/files; location / { dav_methods PUT; } }
}
`);
  const program = new Program("nginx", ["-e", path.join(folder, "error.log"), "-p", folder, "-c", file]);
  const until = Date.now() + 10_000;
  while (!(await fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false))) {
    if (Date.now() > until) throw new Error(`nginx does not answer: ${program.errors}`);
    await pause(50);
  }
  return { program, port, large: path.join(folder, "files/large"), small: path.join(folder, "files/small") };
}

export async function startTus(folder) {
  mkdirSync(folder, { recursive: true });
  const program = new Program(process.execPath, [path.join(here, "tus_server.mjs"), folder]);
  return { program, port: Number(await program.line()), files: folder };
}
