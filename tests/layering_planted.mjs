// Tests the layering test: a copy of the sources passes; with one fault planted, that fault is named, and nothing
// else. Run: node tests/layering_planted.mjs
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from './layering.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const copied = ['actors', 'base', 'command', 'config', 'media', 'net', 'storage', 'web', 'tests', 'main.cpp', 'CMakeLists.txt'];
const table = 'tests/layers.txt';

const append = (line) => (text) => `${text}${line}\n`;
const create = (content) => () => content;
/** Adds a word to the row of @p room in the table. */
const allow = (room, word) => (text) => text.replace(new RegExp(`^${room}:.*$`, 'm'), `$& ${word}`);

/** What is planted: file → how its text changes. And how each line of the report must begin. */
const plants = [
  ['a file without a room', { 'net/other_door/log.cpp': create('') }, ['net/other_door/log.cpp: no room']],
  ['a test without a room', { 'tests/elsewhere/log.cpp': create('') }, ['tests/elsewhere/log.cpp: no room']],
  ['a header that no rule reads', { 'net/fields/trim.inl': create('') }, ['net/fields/trim.inl: no room']],
  ['a source with an ending of its own', { 'net/other_door/log.inc': create('') }, ['net/other_door/log.inc: no room']],
  ['a row of the table without a file', { [table]: (text) => text.replace('net/io:', 'net/ghost:\nnet/io:') },
    [`${table}: unused permission: rooms: net/ghost has no file`]],
  ['an include of our own in angle brackets', { 'net/fields/trim.hpp': append('#include <net/http/cors.hpp>') },
    ['net/fields/trim.hpp: forbidden include: net/http/cors.hpp']],
  ['an include of a room above', { 'net/fields/trim.hpp': append('#include "net/http/cors.hpp"') },
    ['net/fields/trim.hpp: forbidden include: net/http/cors.hpp']],
  ['a permission that no file uses', { [table]: allow('net/fields', 'media/bytes') },
    [`${table}: unused permission: rooms: net/fields media/bytes`]],
  ['a circle of rooms',
    { [table]: allow('storage/tree', 'storage/rules'), 'storage/tree/sync.cpp': append('#include "storage/rules/changer.hpp"') },
    ['storage/rules: circle: storage/rules -> storage/tree -> storage/rules']],
  ['a library where it is not allowed', { 'net/fields/trim.hpp': append('#include <lmdb.h>') },
    ['net/fields/trim.hpp: foreign library: <lmdb.h>']],
  ['an include of a test', { 'tests/base/file.cpp': append('#include "net/http/cors.hpp"') },
    ['tests/base/file.cpp: forbidden include: net/http/cors.hpp']],
  ['a circle of files', { 'web/src/state.ts': append("import type { Card } from './cards.ts';") },
    ['web/src/cards.ts: circle: web/src/cards.ts -> web/src/state.ts -> web/src/cards.ts']],
  ['a circle of files by a late import', { 'web/src/state.ts': append("void import('./cards.ts');") },
    ['web/src/cards.ts: circle: web/src/cards.ts -> web/src/state.ts -> web/src/cards.ts']],
  ['an include of the program that is not for it', { 'main.cpp': append('#include "net/server.hpp"') },
    ['main.cpp: forbidden include: net/server.hpp']],
  ['an include of a test of the page', { 'web/test/speed.test.ts': append("import '../src/view/dialog.tsx';") },
    ['web/test/speed.test.ts: forbidden include: web/src/view/dialog.tsx']],
  ['a build that is too long', { 'CMakeLists.txt': append('\n'.repeat(300)) }, ['CMakeLists.txt: too long']],
  ['a loose file', { 'media/clock.hpp': create('') }, ['media/clock.hpp: loose file']],
  ['a script that is too long', { 'script/check': (text) => (text ?? '') + '\n'.repeat(301) }, ['script/check: too long']],
  ['a circle of files without a semicolon', { 'web/src/state.ts': append("import type { Card } from './cards.ts'") },
    ['web/src/cards.ts: circle: web/src/cards.ts -> web/src/state.ts -> web/src/cards.ts']],
  ['a file that is too long', { 'tests/web/page.mjs': append('\n'.repeat(300)) }, ['tests/web/page.mjs: too long']],
];

const scratch = mkdtempSync(join(tmpdir(), 'mediad-layering-'));
let failed = 0;

/** Says whether @p faults are those that @p expected tells the beginnings of. */
function compare(name, faults, expected) {
  const fits = faults.length === expected.length && expected.every((start, i) => faults[i].startsWith(start));
  console.log(`${fits ? 'ok' : 'FAILED'}: ${name}`);
  if (fits)
    return;
  failed += 1;
  console.log(`  expected:\n    ${expected.join('\n    ')}\n  reported:\n    ${faults.join('\n    ')}`);
}

/** Changes the files of the scratch tree. @returns what brings them back. */
function plant(changes) {
  const undo = Object.entries(changes).map(([path, change]) => {
    const at = join(scratch, path);
    const before = existsSync(at) ? readFileSync(at, 'utf8') : undefined;
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, change(before));
    return () => (before === undefined ? rmSync(at) : writeFileSync(at, before));
  });
  return () => undo.forEach((back) => back());
}

try {
  const is_wanted = (path) =>
    statSync(path).isDirectory() ? !/\/(node_modules|build|dist)$/.test(path) : /\.(cpp|hpp|tsx?|mjs|txt|inl|inc)$/.test(path);
  for (const folder of copied)
    cpSync(join(root, folder), join(scratch, folder), { recursive: true, filter: is_wanted });
  compare('the sources as they are', check(scratch), []);
  for (const [name, changes, expected] of plants) {
    const bring_back = plant(changes);
    compare(name, check(scratch), expected);
    bring_back();
  }
} finally {
  rmSync(scratch, { recursive: true });
}
process.exitCode = failed === 0 ? 0 : 1;
