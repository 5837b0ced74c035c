// Where the page asks who is there, and what it shows of an account.

export const form_of = (page, name = 'Sign in') => page.getByRole('form', { name, exact: true });
export const account_of = (page) => page.getByRole('dialog', { name: 'Account', exact: true });
export const part_of = (page, name) => account_of(page).getByRole('region', { name, exact: true });
/** What a form complains of: the alert itself has the text. */
export const alert_of = (scope, text) => scope.getByRole('alert').filter({ hasText: text });
export const is_live = (page) => page.locator('.connection.is-live').waitFor();

export async function fill(form, fields) {
  for (const [label, text] of Object.entries(fields)) await form.getByLabel(label, { exact: true }).fill(text);
}

export async function sign_in_as(page, name, password) {
  await fill(form_of(page), { Name: name, Password: password });
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: `Account of ${name}` }).waitFor();
  await is_live(page);
}

export async function open_account(page, name) {
  await page.getByRole('button', { name: `Account of ${name}` }).click();
  await account_of(page).waitFor();
}

export async function close_account(page) {
  await account_of(page).getByRole('button', { name: 'Close', exact: true }).click();
  await account_of(page).waitFor({ state: 'detached' });
}

/** Opens what is folded up behind these words. */
export const unfold = (part, words) => part.locator('summary', { hasText: words }).click();
