// How the page sends files: what it does when the server, or itself, is gone in the middle of one.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { card, choose, drop, open_page, sent_at_least, throttle, with_status } from './page.mjs';
import { Server } from './server.mjs';

const big = 32 * 1024 * 1024;
const slow = 8 * 1024 * 1024; // bytes a second: a big file takes four.

describe('sending', () => {
  let server, browser, page, trouble, folder;
  /** Every request that sends, changes or ends an upload: [method, Upload-Offset]. */
  let requests = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mediad-files-'));
    server = await Server.start({ 'uploads.save_interval': '100ms' });
    ({ browser, page, trouble } = await open_page(server));
    page.on('request', (request) => {
      if (new URL(request.url()).pathname.startsWith('/v1/files') && request.method() !== 'GET')
        requests.push([request.method(), Number(request.headers()['upload-offset'] ?? 0)]);
    });
  });

  beforeEach(() => { requests = []; });

  after(async () => {
    await browser?.close();
    await server?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  /** A file no other is like. */
  async function fresh_file(name, bytes = big) {
    const content = randomBytes(bytes);
    const path = join(folder, name);
    await writeFile(path, content);
    return { name, path, sha256: createHash('sha256').update(content).digest('hex') };
  }

  /** The one file of that name at the server, when the page says that it is ready. */
  async function arrived(name, timeout = 60_000) {
    await with_status(page, name, 'ready').waitFor({ timeout });
    const found = (await server.files()).filter((file) => file.name === name);
    assert.equal(found.length, 1);
    return found[0];
  }

  const offsets = () => requests.filter(([method]) => method === 'PATCH').map(([, offset]) => offset);

  it('a small file takes one request', async () => {
    const { name, path, sha256 } = await fresh_file('small.bin', 4_000);
    await choose(page, path);
    assert.equal((await arrived(name)).sha256, sha256);
    assert.deepEqual(requests, [['POST', 0]]);
  });

  it('an empty file is a file, too', async () => {
    const { name, path, sha256 } = await fresh_file('empty.bin', 0);
    await choose(page, path);
    assert.equal((await arrived(name)).sha256, sha256);
  });

  it('a small file whose answer was lost is sent again and is there once', async () => {
    const { name, path } = await fresh_file('lost-answer.bin', 4_000);
    const answers = [];
    const second = new Promise((done) => {
      void page.route('**/v1/files', async (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        const response = await route.fetch();
        answers.push([response.status(), response.headers().location]);
        if (answers.length === 1) return route.abort('connectionreset');
        await route.fulfill({ response });
        return done();
      });
    });
    await choose(page, path);
    await second;
    await page.unroute('**/v1/files');
    assert.equal(answers[0][0], 201);
    assert.deepEqual(answers[1], answers[0]);
    await arrived(name);
    assert.equal(await card(page, name).count(), 1);
  });

  it('a file whose server was killed in its middle goes on by itself from there', async () => {
    const { name, path, sha256 } = await fresh_file('cut.bin');
    await throttle(page, slow);
    await choose(page, path);
    await sent_at_least(page, name, 50);
    await card(page, name).getByText(/MB\/s/).waitFor();
    await server.kill();
    await card(page, name).getByText('Trying again soon').waitFor();
    await server.restart();
    assert.equal((await arrived(name)).sha256, sha256);
    const [first, second, ...more] = offsets();
    assert.equal(first, 0);
    assert.ok(second > big / 4, `went on from ${second}`);
    assert.deepEqual(more, []);
  });

  it('a file chosen again after the page was loaded anew goes on from where it was', async () => {
    const { name, path, sha256 } = await fresh_file('reloaded.bin');
    await choose(page, path);
    await sent_at_least(page, name, 50);
    await page.reload();
    await card(page, name).getByText('Not all of it has arrived').waitFor();
    await choose(page, path);
    assert.equal((await arrived(name)).sha256, sha256);
    assert.ok(offsets().at(-1) > big / 4, `went on from ${offsets().at(-1)}`);
    assert.equal(await card(page, name).count(), 1);
  });

  it('a paused file waits, and goes on when asked', async () => {
    const { name, path, sha256 } = await fresh_file('paused.bin');
    await choose(page, path);
    await sent_at_least(page, name, 30);
    await page.getByRole('button', { name: `Pause sending ${name}` }).click();
    await card(page, name).getByText('Paused at').waitFor();
    await page.getByRole('button', { name: `Go on sending ${name}` }).click();
    assert.equal((await arrived(name)).sha256, sha256);
    assert.equal(offsets().length, 2);
    assert.ok(offsets()[1] > 0);
  });

  it('a file one stops sending is gone from the server as well', async () => {
    const { name, path } = await fresh_file('stopped.bin');
    await choose(page, path);
    await sent_at_least(page, name, 20);
    const deleted = page.waitForResponse((response) => response.request().method() === 'DELETE');
    await page.getByRole('button', { name: `Stop sending ${name}` }).click();
    await card(page, name).waitFor({ state: 'detached' });
    const answer = await deleted;
    assert.equal(answer.status(), 204);
    assert.equal((await fetch(answer.url())).status, 404);
    assert.equal(await page.evaluate(() => Object.keys(localStorage).some((key) => key.startsWith('tus::'))), false);
  });

  it('the same file chosen twice at once is two files', async () => {
    await throttle(page, -1);
    await drop(page, ['photo.png', 'twin.png'], ['photo.png', 'twin.png']);
    await with_status(page, 'twin.png', 'ready').nth(1).waitFor();
    assert.equal((await server.files()).filter(({ name }) => name === 'twin.png').length, 2);
  });

  it('all of that happened without an error, or another host', () => assert.deepEqual(trouble, []));
});
