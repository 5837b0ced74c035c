// Random interleavings of everything one can do with a resumable upload, against a simple model, while
// the server is stopped and killed. MEDIAD_PROPERTY_SEED repeats a run as far as threads and the
// network allow; MEDIAD_PROPERTY_SECONDS makes it longer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ietf, tus } from "./doors.mjs";
import { Upload, World } from "./model.mjs";
import { Random, contentOf, sha256 } from "./random.mjs";
import { Request } from "./requests.mjs";
import { Server } from "./server.mjs";

const seed = process.env.MEDIAD_PROPERTY_SEED ?? String(Date.now());
const seconds = Number(process.env.MEDIAD_PROPERTY_SECONDS ?? 40);
const clients = 5;
const largest = 4 << 20;
const doors = [tus, ietf];

let server;
before(async () => {
  server = await Server.start({ settings: { "uploads.save_interval": "200ms", "server.grace": "1s" } });
});
after(() => server?.dispose());

const moment = (random) => new Promise((resolve) => setTimeout(resolve, random.between(0, 60)));

/** One client with a few uploads of its own, doing something with one of them at a time. */
class Client {
  uploads = [];
  names = [];

  constructor(world, random, number) {
    Object.assign(this, { world, random, number });
  }

  #fresh() {
    const bytes = this.random.oneIn(12) ? 0 : 1 + this.random.size(largest);
    const name = `${this.number}-${this.names.length}.${bytes}.bin`;
    this.names.push(name);
    return new Upload(this.world, doors[this.random.between(0, doors.length - 1)], name, bytes);
  }

  #count(upload) {
    const left = upload.bytes - upload.low;
    return this.random.oneIn(4) ? left : 1 + Math.floor(left * this.random.unit());
  }

  moves = {
    create: async () => {
      const upload = this.#fresh();
      const body = this.random.oneIn(2) ? 0 : Math.min(upload.bytes, 1 + this.random.size(upload.bytes));
      if (await upload.create(body, this.random.oneIn(2))) this.uploads.push(upload);
    },
    /** One whose creation never ends: it must not become a file. */
    abandon: async () => {
      const upload = this.#fresh();
      if (upload.bytes < 2) return;
      const headers = upload.door.creation({ name: upload.name, bytes: upload.bytes, body: upload.bytes });
      const request = new Request(this.world.server, "POST", "/v1/files", { headers, length: upload.bytes, keep: false });
      await request.write(upload.content.subarray(0, this.random.between(1, upload.bytes - 1)));
      await request.cut();
    },
    append: async (upload) => { await upload.append(this.#count(upload), this.random.oneIn(2)); },
    head: (upload) => upload.head(),
    abort: async (upload) => {
      const request = await upload.hang(this.#count(upload), this.random.unit());
      if (this.random.oneIn(2)) await moment(this.random);
      await request.cut();
      await upload.head();
    },
    /** A second request comes while the first one hangs: it takes over, and the first one ends. */
    takeOver: async (upload) => {
      const request = await upload.hang(this.#count(upload), this.random.unit());
      await upload.head();
      for (let tries = 0; !(await upload.append(this.#count(upload), false)); tries += 1) {
        upload.expect(tries < 5, "nobody can take it over");
        await upload.head();
      }
      const answer = await request.answer;
      upload.note(`the one before → ${answer.status ?? answer.lost}`);
    },
    wrong: async (upload) => {
      if (upload.low !== upload.high) await upload.head();
      const [low, high] = [upload.low, upload.high];
      const offset = this.random.between(0, upload.bytes + 3);
      if (low === high && offset !== low) await upload.appendAtWrongOffset(offset, this.#count(upload));
    },
    remove: async (upload) => {
      const request = this.random.oneIn(2) ? await upload.hang(this.#count(upload), this.random.unit()) : null;
      for (let tries = 0; !(await upload.remove(request !== null)); tries += 1) upload.expect(tries < 5, "nobody can delete it");
      await upload.head();
      request?.cut();
    },
  };

  async run() {
    let steps = 0;
    for (; !this.world.isOver; steps += 1) await this.step();
    return steps;
  }

  async step() {
    const open = this.uploads.filter((upload) => upload.wanted && !upload.isWhole);
    if (open.length === 0) return this.moves.create();
    const move = this.random.weighted({ create: open.length < 4 ? 3 : 0, abandon: 0.5, append: 8, head: 2, abort: 3, takeOver: 1.5, wrong: 2, remove: 0.7 });
    const upload = open[this.random.between(0, open.length - 1)];
    await this.moves[move](upload);
    if (upload.isWhole && upload.wanted) await upload.check();
  }

  /** Sends what is missing, and sees that everything is as it should be. */
  async finish() {
    for (const upload of this.uploads.filter(({ wanted }) => wanted)) {
      while (!upload.isWhole) {
        await upload.head();
        if (!upload.isWhole) await upload.append(upload.bytes, true);
      }
      while (!(await upload.check()));
    }
    for (const upload of this.uploads.filter(({ wanted }) => !wanted)) await upload.head();
  }
}

async function disturb(world, random) {
  let outages = 0;
  while (!world.isOver) {
    await new Promise((resolve) => setTimeout(resolve, random.between(500, 3000)));
    await world.outage(async () => {
      if (random.oneIn(3)) assert.equal((await world.server.stop()).code, 0, "it did not end well");
      else await world.server.kill();
      await world.server.restart();
    });
    outages += 1;
  }
  return outages;
}

/** Every file that is there was sent whole, and has the bytes that were sent. */
async function checkAll(names) {
  for (let cursor = ""; cursor !== null;) {
    const { body } = await server.json(`/v1/files?limit=500${cursor && `&cursor=${cursor}`}`);
    for (const file of body.files.filter(({ status }) => status !== "receiving")) {
      assert.ok(names.has(file.name), `nobody sent ${file.name}`);
      const bytes = Number(file.name.split(".")[1]);
      assert.deepEqual([file.bytes, file.sha256], [bytes, sha256(contentOf(file.name, bytes))], file.name);
    }
    cursor = body.cursor;
  }
}

/** The first failure ends all of them, so that nothing goes on behind its back. */
async function runAll(world, tasks) {
  const watched = tasks.map((task) => task.catch((error) => {
    world.end();
    throw error;
  }));
  const ends = await Promise.allSettled(watched);
  for (const { status, reason } of ends) if (status === "rejected") throw reason;
  return ends.map(({ value }) => value);
}

test(`whatever clients and the operator do, uploads keep their promises (seed ${seed})`, { timeout: (seconds + 120) * 1000 }, async (t) => {
  const world = new World(server, Date.now() + seconds * 1000);
  const all = Array.from({ length: clients }, (_, number) => new Client(world, new Random(`${seed}/${number}`), number));
  const [outages, ...steps] = await runAll(world, [disturb(world, new Random(`${seed}/outages`)), ...all.map((client) => client.run())]);
  for (const client of all) await client.finish();
  await checkAll(new Set(all.flatMap(({ names }) => names)));
  t.diagnostic(`${steps.reduce((a, b) => a + b)} steps, ${all.flatMap(({ uploads }) => uploads).length} uploads, ${outages} outages`);
});
