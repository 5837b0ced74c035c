import assert from 'node:assert/strict';
import { test } from 'node:test';
import { is_refusal, notes_of_act, sentence_of_act } from '../src/audit_words.ts';
import type { Noted } from '../src/types.ts';

const noted: Noted = { id: '', at: '2030-01-31T12:00:00Z', act: 'user.added', user: { id: '1', name: 'ada' }, address: '192.0.2.7', about: 'bob', count: 1 };

test('an act is told with who did it and to what', () => {
  assert.equal(sentence_of_act(noted), 'ada added the user bob');
  assert.equal(sentence_of_act({ ...noted, act: 'session.begun', about: null }), 'ada signed in');
  assert.equal(sentence_of_act({ ...noted, act: 'share.made', about: '01J' }), 'ada shared files');
});

test('an act of a newer server is told by its own word', () => {
  assert.equal(sentence_of_act({ ...noted, act: 'album.made', about: 'trip' }), 'ada album.made trip');
  assert.equal(sentence_of_act({ ...noted, act: 'constructor', user: null, about: null }), 'Somebody constructor');
});

test('refused passwords are told with their number, and of nobody', () => {
  const refused = { ...noted, act: 'session.refused', user: null, count: 12 };
  assert.equal(sentence_of_act(refused), 'A wrong password for bob, 12 times');
  assert.equal(sentence_of_act({ ...refused, about: null, count: 1 }), 'A wrong password for a name that nobody has');
  assert.equal(sentence_of_act({ ...refused, act: 'share.refused', about: '01J' }), 'A wrong password for a share, 12 times');
  assert.deepEqual([refused, noted].map(is_refusal), [true, false]);
});

test('an id stands in the notes, and what happened on the machine itself is told', () => {
  assert.deepEqual(notes_of_act({ ...noted, act: 'file.deleted', about: '01J' }).slice(1), ['192.0.2.7', '01J']);
  assert.deepEqual(notes_of_act({ ...noted, address: null }).slice(1), ['On the machine itself']);
});
