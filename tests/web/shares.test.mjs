// Guests with the link of a share, in a browser that has never been here, beside the person who shares.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { barriers, card, drop, is_too_wide, open_page, with_status } from './page.mjs';
import { Server, need } from './server.mjs';

const password = 'a long walk by the sea';
const share_password = 'two red lighthouses';

describe('shares', () => {
  let server, ada, guest;

  before(async () => {
    server = await Server.start();
    await server.add_user('ada', password, '--admin');
    ada = await open_page(server);
    const form = ada.page.getByRole('form', { name: 'Sign in', exact: true });
    await form.getByLabel('Name', { exact: true }).fill('ada');
    await form.getByLabel('Password', { exact: true }).fill(password);
    await ada.page.keyboard.press('Enter');
    await ada.page.locator('.connection.is-live').waitFor();
    await drop(ada.page, 'photo.jpg');
    await with_status(ada.page, 'photo.jpg', 'ready').waitFor();
    guest = await open_page(server);
  });

  after(async () => {
    await ada?.browser.close();
    await guest?.browser.close();
    await server?.dispose();
  });

  const part = () => ada.page.getByRole('dialog', { name: 'Account', exact: true }).getByRole('region', { name: 'Shares', exact: true });

  /** Makes a share as a person does; its link. */
  async function share(name, kind, fill = async () => {}) {
    if (await part().count() === 0) await ada.page.getByRole('button', { name: 'Account of ada' }).click();
    await part().waitFor();
    const form = part().getByRole('form', { name: 'New share' });
    if (!await form.isVisible()) await part().locator('summary', { hasText: 'New share' }).click();
    await form.getByRole('radio', { name: kind, exact: true }).check();
    if (kind !== 'Send files to me') await form.getByRole('checkbox', { name: 'photo.jpg' }).check();
    await form.getByLabel('What it is called', { exact: true }).fill(name);
    await fill(form);
    await form.getByRole('button', { name: 'Share', exact: true }).click();
    const link = part().getByRole('group', { name: `The link ${name}` });
    await link.waitFor();
    return link.textContent();
  }

  it('a guest sees what is shared and asks for nothing else', async () => {
    const link = await share('Beach', 'See files');
    const asked = [];
    guest.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const response = await guest.page.goto(link);
    assert.equal(response.headers()['x-robots-tag'], 'noindex, nofollow');
    await guest.page.getByRole('heading', { name: 'Beach' }).waitFor();
    const picture = guest.page.getByAltText('Preview of photo.jpg');
    await guest.page.waitForFunction((img) => img.naturalWidth > 0, await picture.elementHandle());
    assert.equal(await guest.page.getByRole('link', { name: /Download/ }).count(), 0);
    const own = new URL(link).pathname;
    for (const path of asked) assert.ok(path === own || path.startsWith(`${own}/`) || /^\/share\.\w+\.(js|css)$/.test(path) || path === '/favicon.ico', path);
    assert.deepEqual(await barriers(guest.page), []);
    assert.equal(await is_too_wide(guest.page), false);
  });

  it('the page of a share cannot reach the rest of the server', async () => {
    const reached = await guest.page.evaluate(() => fetch('/v1/session').then(() => true, () => false));
    assert.equal(reached, false);
    guest.trouble.length = 0; // Chromium has told of it
  });

  it('a guest with the password downloads', async () => {
    const link = await share('Locked', 'See and download files', (form) => form.getByLabel('Password', { exact: true }).fill(share_password));
    await guest.page.goto(link);
    const field = guest.page.getByLabel('This share asks for a password');
    await field.fill('three green ones');
    await guest.page.keyboard.press('Enter');
    await guest.page.getByRole('alert').filter({ hasText: 'The password is wrong.' }).waitFor();
    await field.fill(share_password);
    await guest.page.keyboard.press('Enter');
    const [download] = await Promise.all([guest.page.waitForEvent('download'), guest.page.getByRole('link', { name: 'Download photo.jpg' }).click()]);
    assert.match(download.suggestedFilename(), /^photo-/);
  });

  it('a guest sends files, and the sharer has them', async () => {
    const link = await share('Inbox', 'Send files to me');
    await guest.page.goto(link);
    await guest.page.locator('input[type=file]').setInputFiles(join(need('MEDIAD_TEST_DATA'), 'photo.png'));
    await guest.page.locator('[data-state=sent]').waitFor();
    assert.deepEqual(await barriers(guest.page), []);
    await ada.page.getByRole('dialog', { name: 'Account', exact: true }).getByRole('button', { name: 'Close', exact: true }).click();
    await card(ada.page, 'photo.png').waitFor();
  });

  it('a share that is taken back leads to nothing', async () => {
    const link = await share('Short', 'Send files to me');
    await part().getByRole('button', { name: 'Take back Short' }).click();
    await part().getByText('Short is not shared any more.').waitFor();
    await guest.page.goto(link);
    await guest.page.getByRole('heading', { name: 'Nothing here' }).waitFor();
  });

  it('nothing happened that should not', () => {
    assert.deepEqual(ada.trouble, []);
    assert.deepEqual(guest.trouble, []);
  });
});
