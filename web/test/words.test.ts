import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, unreachable } from '../src/api.ts';
import { duration, percent, sending_activity, size } from '../src/words.ts';

test('sizes have three digits at most and never 1000 of a unit', () => {
  const cases: [number, string][] = [[0, '0 B'], [999, '999 B'], [1000, '1 KB'], [4_183_201, '4.2 MB'], [999_499, '999 KB'],
    [999_999, '1 MB'], [99_949_999, '99.9 MB'], [99_999_999, '100 MB'], [64 * 2 ** 30, '68.7 GB']];
  for (const [bytes, text] of cases) assert.equal(size(bytes), text);
});

test('durations show hours only when there are some', () => {
  assert.deepEqual([0.4, 59.6, 3725].map(duration), ['0:00', '1:00', '1:02:05']);
});

test('a percentage stays between 0 and 100', () => {
  assert.deepEqual([-1, 0.414, 7].map(percent), [0, 41, 100]);
});

test('a problem says its detail, else its title, else its status', () => {
  assert.equal(refusal(413, '{"title":"Too large","detail":"At most 5 MB."}').message, 'At most 5 MB.');
  assert.equal(refusal(413, '{"title":"Too large","code":"too_large"}').message, 'Too large');
  assert.match(refusal(502, '<html>').message, /502/);
  assert.match(refusal(500, 'null').message, /500/);
  assert.equal(refusal(0, '').message, unreachable);
});

test('the speed is told only when it is known', () => {
  const sending = { key: 'k', name: 'x', bytes: 100_000_000, media_type: '', position: 0, sent: 12_000_000, problem: null, file: null, sure: false };
  assert.equal(sending_activity({ ...sending, phase: 'sending', speed: null }), 'Sending, 12 MB of 100 MB');
  assert.equal(sending_activity({ ...sending, phase: 'sending', speed: 3_400_000 }), 'Sending, 12 MB of 100 MB, 3.4 MB/s');
  assert.equal(sending_activity({ ...sending, phase: 'paused', speed: null }), 'Paused at 12 MB of 100 MB');
});
