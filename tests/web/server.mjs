// The server under test in a process of its own: the real one, or the stand-in of fake_server.mjs.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export function need(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export class Server {
  /** @param settings  options as { 'section.key': value } */
  static async start(settings = {}) {
    const server = new Server();
    server.settings = settings;
    server.root = await mkdtemp(join(tmpdir(), 'mediad-web-'));
    await server.launch(0);
    return server;
  }

  async launch(port) {
    const all = { 'server.listen': `127.0.0.1:${port}`, 'storage.root': this.root, ...this.settings };
    const args = ['serve', ...Object.entries(all).flatMap(([key, value]) => ['--set', `${key}=${value}`])];
    this.process = spawn(need('MEDIAD_BINARY'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    const line = await Promise.race([
      new Promise((resolve) => createInterface({ input: this.process.stdout }).once('line', resolve)),
      this.ended.then(() => { throw new Error('the server ended before it listened'); }),
    ]);
    this.port = Number(/127\.0\.0\.1:(\d+)/.exec(line)[1]);
    this.url = `http://127.0.0.1:${this.port}`;
  }

  /** Ends it as a power cut would. */
  async kill() {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  /** Starts it again where it was: same root, same port. */
  restart() {
    return this.launch(this.port);
  }

  async dispose() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM');
      await this.ended;
    }
    await rm(this.root, { recursive: true, force: true });
  }

  /** Adds somebody who signs in, as an administrator at the machine does. */
  async add_user(name, password, ...words) {
    const command = spawn(need('MEDIAD_BINARY'), ['user', 'add', name, '--password-stdin', ...words, '--set', `storage.root=${this.root}`],
      { stdio: ['pipe', 'inherit', 'inherit'] });
    command.stdin.end(`${password}\n`);
    const status = await new Promise((resolve) => command.once('exit', resolve));
    if (status !== 0) throw new Error(`user add ${name}: status ${status}`);
  }

  async files() {
    return (await (await fetch(`${this.url}/v1/files?limit=100`)).json()).files;
  }

  /** Uploads as another client would. */
  async upload(name, bytes) {
    const form = new FormData();
    form.append('file', new Blob([bytes]), name);
    const answer = await fetch(`${this.url}/v1/files`, { method: 'POST', body: form });
    if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
