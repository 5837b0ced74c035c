// The server is killed at every named step of its work, before and after it; what was answered is
// there after the restart, and nothing else.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Model } from "./model.mjs";
import { Server } from "./server.mjs";

// Small bodies are written once they are whole, or take the way of large ones.
const ways = { "written whole": "256KiB", "written as they come": "0B" };

const steps = {
  "a body is written": "write system/staging 1",
  "a body is synced": "sync system/staging/ 1",
  "a body goes into the store": "link store/blobs 1",
  "a file is linked into its user's folder": "link /originals 1",
  "its name in staging is synced": "sync system/staging$ 1",
  "the first commit is written": "write data.mdb 1",
  "the first commit is synced": "sync data.mdb 1",
  "the first commit is made valid": "meta data.mdb 1",
  "a later commit is made valid": "meta data.mdb 5",
  "the store's folder is synced behind the answer": "sync store/blobs 1",
  "names in staging are removed after that": "unlink system/staging 1",
  "a removed file's bytes go": "unlink store/blobs 1",
};

const longest_start = 2_000;

for (const [way, inMemory] of Object.entries(ways))
  describe(way, () => {
    let server;
    let model;

    before(async () => {
      server = await Server.start({ settings: { "uploads.in_memory_below": inMemory } });
      model = new Model(server);
      await model.work();
    });
    after(() => server.dispose());

    for (const [step, order] of Object.entries(steps))
      for (const [when, effect] of [["before", "kill"], ["after", "killafter"]])
        it(`killed ${when} ${step}`, async () => {
          server.inject(`${order} ${effect}`);
          await model.work().catch(() => {});
          assert.ok(await server.meetsOrder(), "the step was never reached");
          assert.equal((await server.ended).signal, "SIGKILL");
          server.inject(null);
          await server.launch();
          assert.ok(server.startup < longest_start, `it took ${server.startup} ms to start`);
          await model.check();
        });

    it("finishes all that was kept", () => model.finish());
  });
