// The disk fails or is full at one kind of call: the answer is honest, nothing that was acknowledged
// is lost, and the server goes on; or it ends when it cannot know any more what is on the disk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Model } from "./model.mjs";
import { Server } from "./server.mjs";

const goes_on = "goes on";
const ends = "ends";

// A sync that failed says nothing about what is on the disk: only a new start can find out.
const faults = {
  "write system/staging": { EIO: goes_on, ENOSPC: goes_on },
  "sync system/staging/": { EIO: goes_on, ENOSPC: goes_on },
  "link store/blobs": { EIO: goes_on, ENOSPC: goes_on },
  "link /originals": { EIO: goes_on, ENOSPC: goes_on },
  "write data.mdb": { EIO: ends, ENOSPC: goes_on },
  "sync system/staging$": { EIO: ends, ENOSPC: ends },
  "sync store/blobs": { EIO: ends, ENOSPC: ends },
  "sync data.mdb": { EIO: ends },
  "meta data.mdb": { EIO: ends },
};

// Before anything is asked of the disk a client may be told that nothing can be asked.
const honest = { EIO: [500, 503], ENOSPC: [507] };

let server;
let model;

before(async () => {
  // So that every body takes every step.
  server = await Server.start({ settings: { "uploads.in_memory_below": "0B" } });
  model = new Model(server);
  await model.work();
  await model.finish();
});
after(() => server.dispose());

for (const [call, outcomes] of Object.entries(faults))
  for (const [error, outcome] of Object.entries(outcomes))
    test(`${error} at every ${call}: the server ${outcome}`, async () => {
      model.answers = [];
      server.inject(`${call} * ${error}`);
      await model.work().catch((e) => assert.equal(outcome, ends, `a request broke: ${e}`));
      assert.ok(await server.meetsOrder(), "the call was never made");
      // What failed behind an answer shows at the next change.
      if (outcome === ends && server.isRunning) await model.work().catch(() => {});
      const refused = model.answers.filter((status) => status >= 400);
      for (const status of refused) assert.ok(honest[error].includes(status) || (outcome === ends && status >= 500), `answered ${status}`);
      if (outcome === ends) {
        const { code, signal } = await server.ended;
        assert.ok(code > 0, `it ended with ${code ?? signal}`);
      } else assert.ok(refused.length > 0, "nothing was refused");
      server.inject(null);
      if (outcome === ends) await server.launch();
      assert.ok(server.isRunning);
      await model.check();
      model.answers = [];
      await model.work();
      assert.ok(model.answers.every((status) => status < 300), `after the fault: ${model.answers}`);
    });

test("all that was kept can be finished", () => model.finish());
