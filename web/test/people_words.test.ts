import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../src/api.ts';
import { bytes_of_gigabytes, date_of, device_name, end_of_day, gigabytes, sentence_of_error, share_notes, wait_of } from '../src/people_words.ts';

test('a device is called by its browser and its system', () => {
  const cases: [string, string][] = [
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Edge on Windows'],
    ['Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36', 'Chrome on Android'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari on iPhone'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15', 'Safari on macOS'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36', 'Chrome on Linux'],
    ['curl/8.5.0', 'curl'],
    ['', 'Unknown device'],
    ['<script>', 'Unknown device'],
  ];
  for (const [agent, name] of cases) assert.equal(device_name(agent), name);
});

test('a wait is told in seconds below a minute, and in whole minutes from there', () => {
  assert.deepEqual([1, 30, 59, 60, 61, 900].map(wait_of), ['1 second', '30 seconds', '59 seconds', '1 minute', '2 minutes', '15 minutes']);
});

test('who tries too often is told how long to wait', () => {
  assert.equal(sentence_of_error(new Refusal('Too many wrong passwords; wait a little.', 429, 'too_many_tries', 30)),
    'Too many wrong passwords; wait a little. Try again in 30 seconds.');
  assert.equal(sentence_of_error(new Refusal('Too many.', 429, 'too_many_tries')), 'Too many.');
  assert.equal(sentence_of_error('?'), 'Something went wrong.');
});

test('a quota in gigabytes becomes bytes and comes back, and an empty one is none', () => {
  assert.deepEqual(['2.5', ' 10 ', '', '0', '-1', 'x'].map(bytes_of_gigabytes), [2_500_000_000, 10_000_000_000, null, null, null, null]);
  assert.deepEqual([gigabytes(2_500_000_000), gigabytes(null)], ['2.5', '']);
});

test('the last day of a token is over at its end, where the person is', () => {
  const end = end_of_day('2030-01-31');
  assert.match(end ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(date_of(new Date(end ?? '')), '2030-01-31');
  assert.deepEqual([end_of_day(''), end_of_day('soon')], [null, null]);
});

test('a share says what guests may, what came of it, and whether it has ended', () => {
  const share = { id: '', name: '', allow: 'view' as const, files: ['a'], originals: false, has_password: false, expires_at: null, is_open: true, uses: 1, sent: null };
  assert.deepEqual(share_notes(share), ['See files', '1 file', 'Opened 1 time']);
  assert.deepEqual(share_notes({ ...share, allow: 'upload', files: [], sent: { files: 2, bytes: 0 }, has_password: true, uses: 0, is_open: false }),
    ['Send files to me', '2 files came, 0 B', 'Password', 'Opened 0 times', 'Ended']);
});
