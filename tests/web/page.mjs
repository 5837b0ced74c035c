// The page in Debian's Chromium, and what a person does with it.
import { chromium } from 'playwright-core';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { need } from './server.mjs';

const quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Opens the page; `trouble` collects everything that should not happen on it. */
export async function open_page(server) {
  const browser = await chromium.launch({ executablePath: process.env.MEDIAD_CHROMIUM ?? '/usr/bin/chromium', args: quiet });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // Chromium notes every request that failed or was refused: no fault of the page.
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) trouble.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) trouble.push(`other host: ${request.url()}`);
  });
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  const loads = [];
  page.on('load', () => loads.push(page.url()));
  await page.goto(server.url);
  await page.getByRole('heading', { name: 'mediad' }).waitFor();
  return { browser, page, trouble, sockets, loads };
}

/** Drops files of the test data on the page, as a hand would, `as` other names if wanted. */
export async function drop(page, ...files) {
  const contents = await Promise.all(files.map(async (file) => {
    const [name, as = name] = [file].flat();
    return [as, (await readFile(join(need('MEDIAD_TEST_DATA'), name))).toString('base64')];
  }));
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const [name, base64] of all)
      data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    return data;
  }, contents);
  await page.dispatchEvent('main', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
}

/** Chooses files of this machine with the button, as a hand would. */
export async function choose(page, ...paths) {
  await page.locator('input[type=file]').setInputFiles(paths);
}

/** How far the sending of a file is, in percent, once it is at least that. */
export async function sent_at_least(page, name, percent) {
  const bar = page.getByRole('progressbar', { name: `Sending ${name}`, exact: true });
  await page.waitForFunction(([label, least]) => {
    const found = document.querySelector(`[role=progressbar][aria-label="${label}"]`);
    return Number(found?.getAttribute('aria-valuenow')) >= least;
  }, [`Sending ${name}`, percent]);
  return Number(await bar.getAttribute('aria-valuenow'));
}

/** Lets this many bytes a second leave the page, or as many as can for -1. */
export async function throttle(page, bytes_per_second) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions',
    { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytes_per_second });
  return devtools;
}

export const card = (page, name) => page.locator('.card', { has: page.getByRole('article', { name, exact: true }) });

export const with_status = (page, name, status) => card(page, name).and(page.locator(`[data-status="${status}"]`));

/** Waits until the preview of a file is really drawn. */
export async function preview_drawn(page, name) {
  const picture = page.getByAltText(`Preview of ${name}`, { exact: true });
  await picture.waitFor();
  await picture.scrollIntoViewIfNeeded();
  await page.waitForFunction((img) => img.naturalWidth > 0 && getComputedStyle(img).opacity === '1', await picture.elementHandle());
}

/** Rules of accessibility that the page breaks as it is now. */
export async function barriers(page) {
  // Colours on their way from one to another are neither.
  await page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter(({ effect }) => effect.getTiming().iterations !== Infinity).map(({ finished }) => finished)));
  await page.evaluate(await readFile(axe, 'utf8'));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ').slice(0, 300)}`);
}

/** Whether something of the page is wider than its window. */
export const is_too_wide = (page) => page.evaluate(() =>
  [document.documentElement, ...document.querySelectorAll('dialog')].some((box) => box.scrollWidth > box.clientWidth));
