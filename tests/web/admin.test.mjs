// What the page shows to admins alone: what people did, and removing them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { close_account, open_account, part_of, sign_in_as, unfold } from './account.mjs';
import { barriers, is_too_wide, open_page } from './page.mjs';
import { Server } from './server.mjs';

const password = 'a long walk by the sea';

describe('an admin', () => {
  let server, ada, page;

  before(async () => {
    server = await Server.start();
    await server.add_user('ada', password, '--admin');
    await server.add_user('bob', password);
    ada = await open_page(server);
    page = ada.page;
    await sign_in_as(page, 'ada', password);
  });

  after(async () => {
    await ada?.browser.close();
    await server?.dispose();
  });

  it('sees what people did, and more of it when asked to', async () => {
    await page.evaluate(async () => {
      const { items } = await (await fetch('/v1/users')).json();
      const { id } = items.find(({ name }) => name === 'bob');
      const headers = { 'Content-Type': 'application/json' };
      for (let i = 0; i < 25; i += 1) await fetch(`/v1/users/${id}`, { method: 'PATCH', headers, body: '{}' });
    });
    // What was done in the last second may not be kept yet.
    await page.waitForTimeout(1_500);
    await open_account(page, 'ada');
    const activity = part_of(page, 'Activity');
    await unfold(activity, 'Activity');
    const acts = activity.getByRole('listitem');
    await activity.getByText('ada changed the user bob').first().waitFor();
    assert.equal(await acts.count(), 20);
    assert.equal(await activity.getByText('ada signed in', { exact: true }).count(), 0);
    while (await activity.getByRole('button', { name: 'Show earlier' }).count() > 0) {
      const before = await acts.count();
      await activity.getByRole('button', { name: 'Show earlier' }).click();
      await page.waitForFunction(([part, count]) => part.querySelectorAll('li').length > count, [await activity.elementHandle(), before]);
    }
    await activity.getByText('That is all that is kept.').waitFor();
    await activity.getByText('ada signed in', { exact: true }).waitFor();
    assert.deepEqual(await barriers(page), []);
    await close_account(page);
  });

  it('removes a user, and says first what becomes of the files', async () => {
    for (const name of ['cy', 'dee']) await server.add_user(name, 'eleven pipers piping');
    await open_account(page, 'ada');
    const users = part_of(page, 'Users');
    const question_of = async (name) => {
      const row = users.getByRole('listitem').filter({ hasText: name });
      await row.getByText('Change', { exact: true }).click();
      await row.getByRole('button', { name: `Remove ${name}` }).click();
      const question = page.getByRole('dialog', { name: `Remove ${name}`, exact: true });
      await question.waitFor();
      return question;
    };
    const cy = await question_of('cy');
    await page.keyboard.press('Escape');
    await cy.waitFor({ state: 'detached' });
    await users.getByRole('button', { name: 'Remove cy' }).click();
    // Nothing is chosen beforehand, so nothing is lost by pressing Enter.
    await cy.getByRole('button', { name: 'Remove cy', exact: true }).click();
    assert.equal(await cy.evaluate((dialog) => dialog.querySelector('form').checkValidity()), false);
    await cy.getByRole('radio', { name: 'Delete them' }).check();
    assert.deepEqual(await barriers(page), []);
    await cy.getByRole('button', { name: 'Remove cy and delete the files' }).click();
    await users.getByText('cy is removed. The files are deleted.').waitFor();
    assert.equal(await users.getByText('cy', { exact: true }).count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Users');
    const dee = await question_of('dee');
    await dee.getByRole('radio', { name: 'Hand them over' }).check();
    await dee.getByLabel('To whom').selectOption({ label: 'ada' });
    assert.deepEqual(await barriers(page), []);
    await dee.getByRole('button', { name: 'Remove dee and hand over the files' }).click();
    await users.getByText('dee is removed. The files are yours now.').waitFor();
    await close_account(page);
  });

  it('has both on a phone, as accessible in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 390, height: 800 });
    await open_account(page, 'ada');
    await unfold(part_of(page, 'Activity'), 'Activity');
    await part_of(page, 'Activity').getByRole('listitem').first().waitFor();
    assert.equal(await is_too_wide(page), false);
    await part_of(page, 'Users').getByText('Change', { exact: true }).last().click();
    await part_of(page, 'Users').getByRole('button', { name: 'Remove bob' }).click();
    await page.getByRole('radio', { name: 'Hand them over' }).check();
    assert.equal(await is_too_wide(page), false);
    assert.deepEqual(await barriers(page), []);
  });

  it('does all of that without an error, or another host', () => assert.deepEqual(ada.trouble, []));
});
