import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse_frame } from '../src/events.ts';

test('what is no frame of ours is passed over', () => {
  for (const text of ['', 'null', '[]', '42', '{"type":7}', '{"type":"pong"}', '{"type":"error","code":"x"}', '{"type":"file.ready","seq":3.5'])
    assert.equal(parse_frame(text), null, text);
});

test('a stored event of an unknown type, or without its file, still has a number', () => {
  assert.deepEqual(parse_frame('{"type":"file.tagged","seq":7,"file":{"id":"x"}}'), { type: 'unknown', seq: 7 });
  assert.deepEqual(parse_frame('{"type":"file.ready","seq":8}'), { type: 'unknown', seq: 8 });
});

test('progress without a number is passed over', () => {
  assert.equal(parse_frame('{"type":"file.progress","id":"x","stage":"text"}'), null);
});

test('bytes of an upload are understood', () => {
  assert.equal(parse_frame('{"type":"upload.progress","id":"x","bytes":5,"total":null}')?.type, 'upload.progress');
  assert.equal(parse_frame('{"type":"upload.progress","id":"x","total":9}'), null);
});

test('hello, gap, notice and file events are understood', () => {
  assert.deepEqual(parse_frame('{"type":"hello","seq":4,"oldest":2}'), { type: 'hello', seq: 4, oldest: 2 });
  assert.deepEqual(parse_frame('{"type":"gap"}'), { type: 'gap' });
  assert.deepEqual(parse_frame('{"type":"notice","seq":5,"message":"Back at noon"}'), { type: 'notice', seq: 5, message: 'Back at noon' });
  assert.equal(parse_frame('{"type":"file.ready","seq":6,"file":{"id":"x"}}')?.type, 'file.ready');
});
