// What a person sees: the page in a real browser, on a real server.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { barriers, card, drop, open_page, preview_drawn, with_status } from './page.mjs';
import { Server, need } from './server.mjs';

describe('the page', () => {
  let server, browser, page, trouble, sockets, loads;

  before(async () => {
    server = await Server.start();
    ({ browser, page, trouble, sockets, loads } = await open_page(server));
  });

  after(async () => {
    await browser?.close();
    await server?.dispose();
  });

  /** What the cards on the page are called. */
  const names = () => page.getByRole('article').evaluateAll((all) => all.map((a) => a.getAttribute('aria-label')).sort());

  const is_live = () => page.locator('.connection.is-live').waitFor();

  it('an empty server invites to drop the first files', async () => {
    await page.getByRole('heading', { name: 'Drop your first files here' }).waitFor();
    await is_live();
    assert.deepEqual(await barriers(page), []);
  });

  it('files dropped on the page show a preview and become ready', async () => {
    const files = ['photo.jpg', 'video-rotated.mp4', 'report.pdf', 'sheet.xlsx'];
    await drop(page, ...files);
    await Promise.all(files.map((name) => card(page, name).waitFor()));
    for (const name of files) await preview_drawn(page, name);
    for (const name of files) await with_status(page, name, 'ready').waitFor({ timeout: 120_000 });
    assert.equal(await page.locator('.card').count(), files.length);
  });

  it('a damaged file says why it failed', async () => {
    await drop(page, 'corrupt.pdf');
    await with_status(page, 'corrupt.pdf', 'failed').waitFor();
    const { failure } = (await server.files()).find(({ name }) => name === 'corrupt.pdf');
    assert.notEqual(failure.message, '');
    assert.match(await card(page, 'corrupt.pdf').innerText(), new RegExp(failure.message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  });

  it('a file in detail plays, leads to everything made of it, and closes with Escape', async () => {
    await page.getByRole('button', { name: 'Open video-rotated.mp4' }).click();
    const detail = page.getByRole('dialog', { name: 'video-rotated.mp4' });
    await detail.waitFor();
    await page.waitForFunction(() => document.querySelector('dialog video').duration > 3);
    const { links, renditions, archive } = (await server.files()).find(({ name }) => name === 'video-rotated.mp4');
    const wanted = [links.content, ...renditions.map(({ url }) => url), archive.url];
    const offered = await detail.getByRole('region', { name: 'Downloads' }).getByRole('link').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    assert.deepEqual(offered, wanted);
    assert.deepEqual(await barriers(page), []);
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
  });

  it('the arrows lead from file to file, and the address names the file', async () => {
    await page.getByRole('button', { name: 'Open report.pdf' }).click();
    await page.getByRole('img', { name: 'Page 1', exact: true }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'video-rotated.mp4' }).waitFor();
    const video = (await server.files()).find(({ name }) => name === 'video-rotated.mp4');
    assert.equal(new URL(page.url()).hash, `#${video.id}`);
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('a picture in detail is sharp, also when the browser has kept it', async () => {
    for (let time = 0; time < 3; time += 1) {
      await page.getByRole('button', { name: 'Open photo.jpg' }).click();
      const picture = page.getByRole('dialog').getByRole('img', { name: 'photo.jpg' });
      await picture.waitFor();
      await page.waitForFunction((img) => getComputedStyle(img).opacity === '1', await picture.elementHandle());
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  it('a download has the name and the bytes of the original', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the original of report.pdf' }).click()]);
    assert.equal(download.suggestedFilename(), 'report.pdf');
    assert.deepEqual(await readFile(await download.path()), await readFile(join(need('MEDIAD_TEST_DATA'), 'report.pdf')));
  });

  it('a filter shows one kind of file', async () => {
    await page.getByRole('button', { name: 'Videos', exact: true }).click();
    await card(page, 'photo.jpg').waitFor({ state: 'detached' });
    assert.equal(await page.locator('.card').count(), 1);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await card(page, 'photo.jpg').waitFor();
  });

  it('a deletion can be undone, and is done when it is not', async () => {
    const exists = async () => (await server.files()).some(({ name }) => name === 'corrupt.pdf');
    await page.getByRole('button', { name: 'Delete corrupt.pdf' }).click();
    await card(page, 'corrupt.pdf').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await card(page, 'corrupt.pdf').waitFor();
    assert.equal(await exists(), true);
    const deleted = page.waitForResponse((response) => response.request().method() === 'DELETE');
    await page.getByRole('button', { name: 'Delete corrupt.pdf' }).click();
    assert.equal((await deleted).ok(), true);
    assert.equal(await exists(), false);
    assert.equal(await card(page, 'corrupt.pdf').count(), 0);
  });

  it('a processing file can be cancelled, and taken up again', async () => {
    await drop(page, ['video.mp4', 'undecided.mp4']);
    await page.getByRole('button', { name: 'Cancel processing undecided.mp4' }).click();
    await with_status(page, 'undecided.mp4', 'cancelled').waitFor();
    await page.getByRole('button', { name: 'Process undecided.mp4 again' }).click();
    await with_status(page, 'undecided.mp4', 'ready').waitFor({ timeout: 120_000 });
  });

  /** Answers the next upload in the server's place. */
  const answer_next_upload = (answer) => page.route((url) => url.pathname === '/v1/files', (route) =>
    (route.request().method() === 'POST' ? route.fulfill(answer) : route.continue()), { times: 1 });

  it('a refused file says the sentence of the server, and can be forgotten', async () => {
    const problem = { title: 'Too large', detail: 'Files of more than 5 MB are not taken here.', status: 413, code: 'too_large' };
    await answer_next_upload({ status: 413, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    await drop(page, ['photo.png', 'refused.png']);
    await card(page, 'refused.png').getByText(problem.detail).waitFor();
    await page.getByRole('button', { name: 'Forget refused.png' }).click();
    await card(page, 'refused.png').waitFor({ state: 'detached' });
  });

  it('a busy server is asked again when it said so', async () => {
    const problem = { title: 'Too much to do', status: 503, code: 'busy' };
    await answer_next_upload({ status: 503, headers: { 'Retry-After': '1' }, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    await drop(page, ['photo.png', 'later.png']);
    await card(page, 'later.png').getByText('Trying again soon').waitFor();
    await with_status(page, 'later.png', 'ready').waitFor();
  });

  it('a server that was killed and comes back is found again, and nothing is missed', async () => {
    await drop(page, ['video.mp4', 'long.mp4']);
    await with_status(page, 'long.mp4', 'processing').waitFor();
    await server.kill();
    await page.locator('.connection.is-lost').waitFor();
    await server.restart();
    // Before the page is back: it can know this one only by the replay.
    await server.upload('notes from elsewhere.txt', 'The keeper was here.');
    await is_live();
    await with_status(page, 'notes from elsewhere.txt', 'ready').waitFor();
    await with_status(page, 'long.mp4', 'ready').waitFor({ timeout: 120_000 });
    assert.match(sockets.at(-1), /\/v1\/events\?since=\d+$/);
    assert.deepEqual(await names(), (await server.files()).map(({ name }) => name).sort());
  });

  it('a file dropped while the server is away is sent when it is back', async () => {
    await server.kill();
    await page.locator('.connection.is-lost').waitFor();
    await drop(page, ['photo.png', 'patient.png']);
    await card(page, 'patient.png').getByText('cannot be reached').waitFor();
    await server.restart();
    await with_status(page, 'patient.png', 'ready').waitFor();
    assert.equal((await server.files()).filter(({ name }) => name === 'patient.png').length, 1);
  });

  it('all of that happened without loading the page again, an error, or another host', () => {
    assert.equal(loads.length, 1);
    assert.deepEqual(trouble, []);
  });

  it('a page loaded anew shows the same files', async () => {
    const seen = await names();
    await page.reload();
    await card(page, 'photo.jpg').waitFor();
    assert.deepEqual(await names(), seen);
  });

  it('older files come when asked for', async () => {
    const all = await names();
    await page.route(/limit=48/, (route) => route.continue({ url: route.request().url().replace('limit=48', 'limit=3') }));
    await page.reload();
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.locator('.card').nth(5).waitFor();
    assert.equal((await names()).length, 6);
    await page.unroute(/limit=48/);
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.locator('.card').nth(all.length - 1).waitFor();
    await page.getByRole('button', { name: 'Load more' }).waitFor({ state: 'detached' });
    assert.deepEqual(await names(), all);
  });

  it('the page is as accessible in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    assert.deepEqual(await barriers(page), []);
  });

  it('a picture of the page is taken', { skip: !process.env.MEDIAD_SCREENSHOT }, async () => {
    const fresh = await Server.start();
    const path = process.env.MEDIAD_SCREENSHOT;
    const files = ['corrupt.pdf', 'slides.pptx', 'photo.jpg', 'audio.flac', 'report.pdf', 'sheet.xlsx', 'photo.webp'];
    try {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 940 });
      await page.goto(fresh.url);
      await drop(page, ...files);
      for (const name of files) await with_status(page, name, name === 'corrupt.pdf' ? 'failed' : 'ready').waitFor();
      await drop(page, 'video.mp4');
      await page.getByText('Compressing the video').waitFor();
      for (const name of files.slice(1)) await preview_drawn(page, name);
      await page.evaluate(() => scrollTo(0, 0));
      await mkdir(dirname(path), { recursive: true });
      await page.screenshot({ path });
    } finally {
      await fresh.dispose();
    }
  });
});
