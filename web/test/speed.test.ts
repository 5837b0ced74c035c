import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start_meter } from '../src/speed.ts';

test('no speed is told in the first second', () => {
  const meter = start_meter();
  assert.deepEqual([meter(0, 0), meter(900, 900)], [null, null]);
  assert.equal(meter(1_000, 1_000), 1_000);
});

test('the speed is that of the last five seconds', () => {
  const meter = start_meter();
  for (let second = 0; second <= 10; second += 1) meter(second * 1_000, second * 1_000);
  for (let second = 11; second <= 15; second += 1) meter(10_000 + (second - 10) * 3_000, second * 1_000);
  assert.equal(meter(28_000, 16_000), 3_000);
});

test('going on from an earlier byte starts the measuring anew', () => {
  const meter = start_meter();
  meter(0, 0);
  meter(9_000, 2_000);
  assert.deepEqual([meter(4_000, 3_000), meter(6_000, 4_000)], [null, 2_000]);
});
