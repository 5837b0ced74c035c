// Ways in beside the password: a link that counts once, and a code of an authenticator.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { account_of, alert_of, fill, form_of, open_account, part_of } from './account.mjs';
import { barriers, is_too_wide, open_page } from './page.mjs';
import { Server } from './server.mjs';

const password_of = { ada: 'a long walk by the sea', bob: 'seven green bottles' };
const step_ms = 30_000;

/** The code of RFC 6238, as an authenticator makes it. */
function code_of(secret, step) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe('ways in', () => {
  let server, ada, bob, secret, used, recovery;

  before(async () => {
    server = await Server.start();
    await server.add_user('ada', password_of.ada, '--admin');
    await server.add_user('bob', password_of.bob);
    ada = await open_page(server);
    bob = await open_page(server);
  });

  after(async () => {
    await ada?.browser.close();
    await bob?.browser.close();
    await server?.dispose();
  });

  const press = (scope, name) => scope.getByRole('button', { name, exact: true }).click();

  async function sign_out(page, name) {
    await open_account(page, name);
    await press(account_of(page), 'Sign out');
    await form_of(page, 'Sign in').waitFor();
  }

  async function enter(page, name, fields = {}) {
    const form = form_of(page, 'Sign in');
    await fill(form, { Name: name, Password: password_of[name], ...fields });
    await page.keyboard.press('Enter');
  }

  /** A code that was not used yet; the server takes that of the next step, too. */
  function next_code() {
    used = Math.max(used + 1, Math.floor(Date.now() / step_ms) - 1);
    return code_of(secret, used);
  }

  async function make_link(of) {
    const users = part_of(ada.page, 'Users');
    await users.locator('summary', { hasText: 'Change' }).nth(1).click();
    await press(users, 'Make link');
    const shown = users.getByRole('group', { name: `The link for ${of}` });
    await shown.waitFor();
    return shown.innerText();
  }

  it('an admin makes a link for somebody', async () => {
    await enter(ada.page, 'ada');
    await open_account(ada.page, 'ada');
    const url = await make_link('bob');
    assert.match(url, /\/#link=[0-9A-Z]{26}\.[\w-]{43}$/);
    assert.deepEqual(await barriers(ada.page), []);
    await bob.page.goto(url);
    await form_of(bob.page, 'Sign in by a link').waitFor();
    assert.deepEqual(await barriers(bob.page), []);
  });

  it('the secret is in the address no more, and is not spent before its person says so', async () => {
    const { page } = bob;
    assert.equal(await page.evaluate(() => location.hash), '');
    await press(page, 'Not now');
    await form_of(page, 'Sign in').waitFor();
  });

  it('a link signs in once, and a new password needs no old one then', async () => {
    const { page } = bob;
    await ada.page.reload();
    await open_account(ada.page, 'ada');
    const url = await make_link('bob');
    await page.goto(url);
    await press(page, 'Sign in');
    await open_account(page, 'bob');
    const password = part_of(page, 'Password');
    await password.locator('summary').click();
    const form = form_of(page, 'Change password');
    assert.equal(await form.getByLabel('Old password', { exact: true }).count(), 0);
    password_of.bob = 'eight green bottles';
    await fill(form, { 'New password': password_of.bob });
    await press(form, 'Change password');
    await form.getByText('The password is changed').waitFor();
    await press(account_of(page), 'Close');
    await sign_out(page, 'bob');
    await page.goto(url);
    await press(page, 'Sign in');
    await alert_of(page, 'This link was used').waitFor();
    await press(page, 'Not now');
    await enter(page, 'bob');
    await page.getByRole('button', { name: 'Account of bob' }).waitFor();
  });

  it('a second factor is set up with a first code', async () => {
    const { page } = bob;
    await open_account(page, 'bob');
    const part = part_of(page, 'Second factor');
    await part.getByText('Signing in asks for your password alone.').waitFor();
    await press(part, 'Set up');
    await part.getByRole('img', { name: /QR code/ }).waitFor();
    secret = await part.getByRole('group', { name: 'The secret for your authenticator' }).innerText();
    assert.match(secret, /^[A-Z2-7]{32}$/);
    await part.getByText(`otpauth://totp/mediad:bob?secret=${secret}&`).waitFor();
    assert.deepEqual(await barriers(page), []);
    const form = form_of(page, 'Set up a second factor');
    await fill(form, { Code: 'wrong!' });
    await press(form, 'Turn on');
    await alert_of(form, 'The code is wrong').waitFor();
    used = 0;
    await fill(form, { Code: next_code() });
    await press(form, 'Turn on');
    const codes = part.getByRole('group', { name: /list of recovery codes/ });
    await codes.waitFor();
    recovery = (await codes.innerText()).trim().split(/\s+/);
    assert.equal(recovery.length, 10);
    await part.getByText('10 recovery codes are left.').waitFor();
    assert.deepEqual(await barriers(page), []);
    await press(account_of(page), 'Close');
  });

  it('signing in asks for the code then, and takes a recovery code once', async () => {
    const { page } = bob;
    await sign_out(page, 'bob');
    await enter(page, 'bob');
    await alert_of(page, 'Give the code').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.name), 'code');
    assert.deepEqual(await barriers(page), []);
    await enter(page, 'bob', { Code: next_code() });
    await page.getByRole('button', { name: 'Account of bob' }).waitFor();
    await sign_out(page, 'bob');
    await enter(page, 'bob');
    await alert_of(page, 'Give the code').waitFor();
    await enter(page, 'bob', { Code: recovery[0] });
    await page.getByRole('button', { name: 'Account of bob' }).waitFor();
    await sign_out(page, 'bob');
    await enter(page, 'bob');
    await alert_of(page, 'Give the code').waitFor();
    await enter(page, 'bob', { Code: recovery[0] });
    await alert_of(page, 'The code is wrong').waitFor();
    await enter(page, 'bob', { Code: recovery[1] });
    await page.getByRole('button', { name: 'Account of bob' }).waitFor();
  });

  it('it is turned off by a code, and fits a phone', async () => {
    const { page } = bob;
    await page.setViewportSize({ width: 390, height: 800 });
    await open_account(page, 'bob');
    const part = part_of(page, 'Second factor');
    await part.getByText('8 recovery codes are left.').waitFor();
    await part.locator('summary').click();
    assert.equal(await is_too_wide(page), false);
    const form = form_of(page, 'Turn off the second factor');
    await fill(form, { Code: recovery[2] });
    await press(form, 'Turn off');
    await part.getByText('Signing in asks for your password alone.').waitFor();
    await press(part, 'Set up');
    await part.getByRole('img', { name: /QR code/ }).waitFor();
    assert.equal(await is_too_wide(page), false);
  });

  it('all of that happened without an error, or another host', () => assert.deepEqual([...ada.trouble, ...bob.trouble], []));
});
