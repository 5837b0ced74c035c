// A page of another site, in a real browser, shows a picture by a signed address, and by no other.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { open_page } from './page.mjs';
import { Server, need } from './server.mjs';

const password = 'a long walk by the sea';

describe('a page of another site', () => {
  let server, elsewhere, site, browser, page, photo, signed;

  /** What this server answers to a page of its own that has signed in. */
  const ask = (target, options = {}) => page.evaluate(async ([where, how]) => {
    const answer = await fetch(where, how);
    return { status: answer.status, body: await answer.json().catch(() => null) };
  }, [target, options]);
  const post = (target, body) => ask(target, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

  before(async () => {
    server = await Server.start();
    elsewhere = createServer((_, answer) => answer.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>elsewhere</title>'));
    await new Promise((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    site = `http://localhost:${elsewhere.address().port}`; // another site than 127.0.0.1, not only another port
    const { id } = await server.upload('photo.jpg', await readFile(join(need('MEDIAD_TEST_DATA'), 'photo.jpg')));
    await fetch(`${server.url}/v1/files/${id}?wait=60`);
    ({ browser, page } = await open_page(server));
    await server.add_user('ada', password, '--admin');
    await page.goto(`${server.url}/livez`); // of the same origin, and it does not load itself anew when somebody signs in
    await post('/v1/session', { name: 'ada', password });
    photo = `/v1/files/${id}/content`;
    signed = (await post(`/v1/files/${id}/sign`, { of: 'content', expires_in: 600 })).body.url;
  });

  after(async () => {
    await browser?.close();
    elsewhere?.close();
    await server?.dispose();
  });

  /** The width of a picture on a page of the other site, in the browser where ada is signed in; 0: it is not shown. */
  async function width_elsewhere(target) {
    const other = await page.context().newPage();
    try {
      await other.goto(site);
      return await other.evaluate((where) => new Promise((resolve) => {
        const picture = new Image();
        picture.onload = () => resolve(picture.naturalWidth);
        picture.onerror = () => resolve(0);
        picture.src = where;
      }), server.url + target);
    } finally {
      await other.close();
    }
  }

  it('shows a picture by its signed address', async () => {
    assert.ok(await width_elsewhere(signed) > 0);
  });

  it('cannot show it without the signature, although the visitor is signed in', async () => {
    assert.equal((await ask(photo, { method: 'HEAD' })).status, 200);
    assert.equal(await width_elsewhere(photo), 0);
    assert.equal(await width_elsewhere(signed.replace(/&signature=.*/, '')), 0);
  });

  it('cannot show it by a signature that is wrong', async () => {
    assert.equal(await width_elsewhere(`${photo}?signature=x`), 0);
    assert.equal(await width_elsewhere(`${signed}&download=1`), 0);
    assert.equal(await width_elsewhere(signed.replace('/content?', '/preview?')), 0);
  });

  it('cannot read the bytes by a script', async () => {
    const other = await page.context().newPage();
    await other.goto(site);
    const read = await other.evaluate((where) => fetch(where).then((answer) => answer.text(), () => null), server.url + signed);
    await other.close();
    assert.equal(read, null);
  });
});
