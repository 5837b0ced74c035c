// People who sign in: what each of them sees and can do on the page, two of them at once.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { account_of, alert_of, close_account, fill, form_of, is_live, open_account, part_of, sign_in_as, unfold } from './account.mjs';
import { barriers, card, drop, is_too_wide, open_page, with_status } from './page.mjs';
import { Server } from './server.mjs';

const password_of = { ada: 'a long walk by the sea', bob: 'seven green bottles' };

describe('people', () => {
  let server, ada, bob;

  before(async () => {
    server = await Server.start();
    ada = await open_page(server);
    bob = await open_page(server);
  });

  after(async () => {
    await ada?.browser.close();
    await bob?.browser.close();
    await server?.dispose();
  });

  async function try_to_sign_in(page, name, password) {
    await fill(form_of(page), { Name: name, Password: password });
    await page.keyboard.press('Enter');
  }

  const sign_in = (page, name) => sign_in_as(page, name, password_of[name]);

  const status_with = async (token) =>
    (await fetch(`${server.url}/v1/session`, { headers: { Authorization: `Bearer ${token}` } })).status;

  it('as long as nobody signs in there is no account', async () => {
    await is_live(ada.page);
    await ada.page.getByRole('heading', { name: 'Drop your first files here' }).waitFor();
    assert.equal(await ada.page.getByRole('button', { name: /Account/ }).count(), 0);
  });

  it('an open page asks who is there once the first user is added', async () => {
    await server.add_user('ada', password_of.ada, '--admin');
    await form_of(ada.page).waitFor();
    await form_of(bob.page).waitFor();
    assert.equal(await ada.page.locator('.drop-zone').count(), 0);
    assert.deepEqual(await barriers(ada.page), []);
  });

  it('the form is one that password managers know', async () => {
    const fields = await form_of(ada.page).locator('input').evaluateAll((all) => all.map(({ type, autocomplete }) => [type, autocomplete]));
    assert.deepEqual(fields, [['text', 'username'], ['password', 'current-password']]);
  });

  it('a wrong password says so, and the right one opens the page', async () => {
    const { page } = ada;
    await try_to_sign_in(page, 'ada', 'a long walk by the lake');
    await alert_of(page, 'The name or the password is wrong.').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.name), 'password');
    await sign_in(page, 'ada');
    assert.equal(await form_of(page).count(), 0);
  });

  it('who guesses is told how long to wait', async () => {
    const { page } = bob;
    const told = alert_of(page, /Try again in \d+ (second|minute)/);
    for (let time = 0; time < 12 && await told.count() === 0; time += 1) {
      const answered = page.waitForResponse((response) => response.request().method() === 'POST');
      await try_to_sign_in(page, 'nobody', `a wrong password, number ${time}`);
      await answered;
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    }
    await told.waitFor();
  });

  it('an admin adds a user', async () => {
    const { page } = ada;
    await open_account(page, 'ada');
    const users = part_of(page, 'Users');
    await unfold(users, 'New user');
    const form = form_of(page, 'New user');
    await fill(form, { Name: 'bob', Password: 'too short' });
    await form.getByRole('button', { name: 'Add user' }).click();
    await alert_of(form, /12/).waitFor();
    await fill(form, { Password: password_of.bob, 'Quota in GB': '0.5' });
    await form.getByRole('button', { name: 'Add user' }).click();
    await form.getByText('bob can sign in now.').waitFor();
    await users.getByText('Member · 0 B of 500 MB used').waitFor();
    assert.deepEqual(await barriers(page), []);
    await close_account(page);
  });

  it('two people at once see their own files only', async () => {
    await sign_in(bob.page, 'bob');
    await drop(ada.page, ['photo.png', 'of ada.png']);
    await drop(bob.page, ['photo.png', 'of bob.png']);
    await with_status(ada.page, 'of ada.png', 'ready').waitFor();
    await with_status(bob.page, 'of bob.png', 'ready').waitFor();
    for (const [{ page }, own, other] of [[ada, 'of ada.png', 'of bob.png'], [bob, 'of bob.png', 'of ada.png']]) {
      assert.equal(await card(page, other).count(), 0);
      await page.reload();
      await card(page, own).waitFor();
      assert.equal(await page.locator('.card').count(), 1);
    }
  });

  it('the account says who is there and how much room is used, and a member sees no users', async () => {
    const { page } = bob;
    await open_account(page, 'bob');
    await account_of(page).getByText('Member', { exact: true }).waitFor();
    await part_of(page, 'Room').getByText(/of 500 MB used/).waitFor();
    await part_of(page, 'Devices').getByText('This device', { exact: true }).waitFor();
    assert.equal(await part_of(page, 'Users').count(), 0);
    await close_account(page);
  });

  it('a token is shown once, works, and works no more when it is removed', async () => {
    const { page } = bob;
    await open_account(page, 'bob');
    const tokens = part_of(page, 'Tokens');
    await unfold(tokens, 'New token');
    const form = form_of(page, 'New token');
    assert.equal(await form.getByRole('checkbox', { name: 'Manage the server' }).count(), 0);
    await fill(form, { 'What it is for': 'backup', 'Last day': '2099-12-31' });
    await form.getByRole('button', { name: 'Make token' }).click();
    const shown = tokens.getByRole('group', { name: 'The token backup' });
    await shown.waitFor();
    const token = await shown.innerText();
    assert.match(token, /^mediad_[0-9A-Z]{26}_[\w-]{43}$/);
    assert.equal(await status_with(token), 200);
    assert.deepEqual(await barriers(page), []);
    await close_account(page);
    await open_account(page, 'bob');
    await tokens.getByText(/Ends .*2099/).waitFor();
    assert.equal(await page.getByText(token).count(), 0);
    await tokens.getByRole('button', { name: 'Remove backup' }).click();
    await tokens.getByText('The token backup is removed.').waitFor();
    assert.equal(await status_with(token), 401);
    await close_account(page);
  });

  it('what needs the password asks for it in place, and is done then', async () => {
    const { page } = ada;
    const problem = { title: 'Forbidden', detail: 'Sign in again first.', status: 403, code: 'password_needed' };
    const answer_next = () => page.route('**/v1/tokens', (route) => (route.request().method() === 'POST'
      ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) }) : route.continue()), { times: 1 });
    await open_account(page, 'ada');
    const tokens = part_of(page, 'Tokens');
    await tokens.getByText('There are none yet.').waitFor();
    await unfold(tokens, 'New token');
    const form = form_of(page, 'New token');
    await fill(form, { 'What it is for': 'scripts' });
    const question = page.getByRole('dialog', { name: 'Your password', exact: true });
    await answer_next();
    await form.getByRole('button', { name: 'Make token' }).click();
    await question.waitFor();
    await page.keyboard.press('Escape');
    await alert_of(form, 'Nothing was changed').waitFor();
    await answer_next();
    await form.getByRole('button', { name: 'Make token' }).click();
    await fill(question, { Password: password_of.bob });
    await page.keyboard.press('Enter');
    await alert_of(question, 'is wrong').waitFor();
    await fill(question, { Password: password_of.ada });
    await page.keyboard.press('Enter');
    await tokens.getByRole('group', { name: 'The token scripts' }).waitFor();
    await question.waitFor({ state: 'detached' });
    await close_account(page);
    await is_live(page);
  });

  it('a device is signed out from another one', async () => {
    const context = await bob.browser.newContext();
    const other = await context.newPage();
    await other.goto(server.url);
    await sign_in(other, 'bob');
    await open_account(bob.page, 'bob');
    const devices = part_of(bob.page, 'Devices');
    await devices.getByRole('listitem').nth(1).waitFor();
    await devices.getByRole('button', { name: /^Sign out (?!this device)/ }).click();
    await devices.getByText('The device is signed out.').waitFor();
    await form_of(other).waitFor();
    assert.equal(await other.locator('.card').count(), 0);
    await context.close();
    await close_account(bob.page);
  });

  it('a password is changed without leaving the page', async () => {
    const { page } = bob;
    const wanted = 'eight green bottles';
    await open_account(page, 'bob');
    await unfold(part_of(page, 'Password'), 'Change password');
    const form = form_of(page, 'Change password');
    await fill(form, { 'Old password': 'not this one at all', 'New password': wanted });
    await form.getByRole('button', { name: 'Change password', exact: true }).click();
    await form.getByText('The old password is wrong.').waitFor();
    await fill(form, { 'Old password': password_of.bob });
    await form.getByRole('button', { name: 'Change password', exact: true }).click();
    await form.getByText('The password is changed').waitFor();
    password_of.bob = wanted;
    await close_account(page);
    await is_live(page);
    await card(page, 'of bob.png').waitFor();
  });

  it('somebody whom an admin disables is signed out, and can sign in when enabled', async () => {
    await open_account(ada.page, 'ada');
    const users = part_of(ada.page, 'Users');
    await users.getByRole('button', { name: 'Disable bob' }).click();
    await users.getByText('bob is disabled and signed out.').waitFor();
    await form_of(bob.page).waitFor();
    await try_to_sign_in(bob.page, 'bob', password_of.bob);
    await alert_of(bob.page, 'is wrong').waitFor();
    await users.getByRole('button', { name: 'Enable bob' }).click();
    await users.getByText('bob is enabled.').waitFor();
    await sign_in(bob.page, 'bob');
    await close_account(ada.page);
  });

  it('who signs out leaves nothing behind for the next in the same browser', async () => {
    const { page } = ada;
    await open_account(page, 'ada');
    await account_of(page).getByRole('button', { name: 'Sign out', exact: true }).click();
    await form_of(page).waitFor();
    await page.reload();
    await form_of(page).waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    await sign_in(page, 'bob');
    await card(page, 'of bob.png').waitFor();
    assert.equal(await card(page, 'of ada.png').count(), 0);
  });

  it('the account fits a phone, and is as accessible in the dark', async () => {
    const { page } = ada;
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 390, height: 800 });
    assert.equal(await is_too_wide(page), false);
    await open_account(page, 'bob');
    await unfold(part_of(page, 'Tokens'), 'New token');
    assert.equal(await is_too_wide(page), false);
    assert.deepEqual(await barriers(page), []);
    await account_of(page).getByRole('button', { name: 'Sign out', exact: true }).click();
    await form_of(page).waitFor();
    assert.equal(await is_too_wide(page), false);
    assert.deepEqual(await barriers(page), []);
  });

  it('all of that happened without an error, or another host', () => assert.deepEqual([...ada.trouble, ...bob.trouble], []));
});
