// Holds the rules of tests/layers.txt: which room may include which. Prints one line for each fault, which names the
// file and the rule. Run: node tests/layering.mjs [root]
import { existsSync, lstatSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const max_lines = 300;
const table_file = 'tests/layers.txt';
const rooms_of_sources = ['base', 'web', 'media', 'storage', 'actors', 'net', 'config', 'command'];
/** Sources beside the folders. */
const at_the_root = ['main.cpp', 'CMakeLists.txt'];
const folders_of_lines = [...rooms_of_sources, 'bench', 'cmake', 'script', 'tests'];
/** What may stand in a room: sources that the rules read, and what is no source. */
const known_endings = /\.(cpp|hpp|ts|tsx|css|html|json|md|txt|cmake|toml|svg|bin|docx|jpg|mp3|mp4|pdf|npmrc|clang-tidy)$/;
const without_rules = new Set(['command/samples.S', 'web/build.mjs', 'web/test/run.mjs']);
const folders_of_tests = new Set([...rooms_of_sources, 'data', 'fuzz']);
const counted = /\.(cpp|hpp|c|ts|tsx|css|mjs|js|sh|cmake)$|CMakeLists\.txt$|\/[^./]+$/;
const is_skipped = (path) => /(^|\/)node_modules$|^web\/(build|dist)$/.test(path);

/** @returns the sections of the table: name → row → words. */
function read_table(root) {
  const sections = {};
  let rows;
  for (const line of readFileSync(join(root, table_file), 'utf8').split('\n')) {
    const section = /^\[(\w+)\]$/.exec(line);
    if (section)
      rows = sections[section[1]] = new Map();
    const row = /^([^#[\s][^:]*):(.*)$/.exec(line);
    if (row)
      rows.set(row[1], row[2].split(/\s+/).filter(Boolean));
  }
  return sections;
}

/** @returns the paths of all files below @p folder, relative to @p root. */
function files_below(root, folder) {
  if (!existsSync(join(root, folder)))
    return [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return is_skipped(path) ? [] : files_below(root, path);
    return [path];
  });
}

/**
 * @returns the room of a file: the row of its own name, of its path without the ending, or of its folder.
 * @param folders  the rows that are folders: `a/b` is not the room of `a/b.cpp` if there is a folder `a/b`.
 */
function room_of({ rows, folders }, path) {
  const stem = path.replace(/\.[^./]+$/, '');
  return [path, folders.has(stem) ? '' : stem, dirname(path)].find((name) => rows.has(name));
}

/** @returns what a source includes: paths from the root, and what stands in angle brackets. */
function includes_of(path, text) {
  if (/\.tsx?$/.test(path)) {
    const local = text.matchAll(/^\s*(?:import|export)\b[^;'"]*['"](\.[^'"]+)['"]|\b(?:import|require)\(\s*['"](\.[^'"]+)['"]/gm);
    return { quoted: Array.from(local, (m) => normalize(join(dirname(path), m[1] ?? m[2]))), angled: [] };
  }
  const all = Array.from(text.matchAll(/^\s*#\s*include\s*([<"])([^>"]+)[>"]/gm), (m) => ({ mark: m[1], header: m[2] }));
  const is_ours = ({ mark, header }) => mark === '"' || rooms_of_sources.includes(header.split('/')[0]);
  return { quoted: all.filter(is_ours).map((one) => one.header), angled: all.filter((one) => !is_ours(one)).map((one) => one.header) };
}

/** Keeps the rows of one section and which of their words were needed. */
class permissions {
  constructor(root, rows) {
    this.root = root;
    this.rows = rows;
    this.folders = new Set([...rows.keys()].filter((row) => existsSync(join(root, row)) && statSync(join(root, row)).isDirectory()));
    this.used = new Set();
  }

  /** @returns whether @p row has one of @p words; marks it as used. */
  allows(row, ...words) {
    const word = (this.rows.get(row) ?? []).find((one) => words.includes(one));
    this.used.add(`${row} ${word}`);
    return word !== undefined;
  }

  /** @returns whether @p row is the room of any file. */
  has_files(row) {
    return this.folders.has(row) || ['', '.hpp', '.cpp', '.ts', '.tsx'].some((ending) => existsSync(join(this.root, row + ending)));
  }

  unused() {
    return [...this.rows].flatMap(([row, words]) =>
      words.filter((word) => !this.used.has(`${row} ${word}`)).map((word) => `${row} ${word}`));
  }
}

/** @returns one circle of @p arrows (node → nodes) as a list of nodes, or nothing; it begins with its first by name. */
function find_circle(arrows) {
  const done = new Set();
  const visit = (node, path) => {
    if (path.includes(node)) {
      const circle = path.slice(path.indexOf(node));
      const first = circle.indexOf([...circle].sort()[0]);
      return [...circle.slice(first), ...circle.slice(0, first), circle[first]];
    }
    if (done.has(node))
      return undefined;
    done.add(node);
    for (const next of arrows.get(node) ?? []) {
      const circle = visit(next, [...path, node]);
      if (circle)
        return circle;
    }
    return undefined;
  };
  for (const node of arrows.keys()) {
    const circle = visit(node, []);
    if (circle)
      return circle;
  }
  return undefined;
}

/** Checks the sources of @p root. @returns one line for each fault. */
export function check(root) {
  const table = read_table(root);
  const rooms = new permissions(root, table.rooms);
  const libraries = new permissions(root, table.libraries);
  const tests = new permissions(root, table.tests);
  const loose = new permissions(root, table.loose);
  const faults = [];
  const file_arrows = new Map();

  const check_source = (path) => {
    const room = room_of(rooms, path);
    if (!room)
      return faults.push(`${path}: no room`);
    const { quoted, angled } = includes_of(path, readFileSync(join(root, path), 'utf8'));
    file_arrows.set(path, quoted);
    for (const header of quoted) {
      const other = room_of(rooms, header);
      if (other !== room && !rooms.allows(room, header, other))
        faults.push(`${path}: forbidden include: ${header}; ${room} may not include ${other ?? 'that'}`);
    }
    for (const header of angled)
      for (const prefix of libraries.rows.keys())
        if (header.startsWith(prefix) && !libraries.allows(prefix, room))
          faults.push(`${path}: foreign library: <${header}> is not for ${room}`);
  };

  // A test may include what its room may, headers of its folder and of those above, and their support.
  const check_test = (path) => {
    const mirrored = path.replace(/^tests\//, '');
    const room = room_of(rooms, mirrored) ?? (rooms.rows.has(dirname(mirrored)) ? dirname(mirrored) : undefined);
    const extra = room_of(tests, path);
    if (!room && !extra)
      return faults.push(`${path}: no room`);
    for (const header of includes_of(path, readFileSync(join(root, path), 'utf8')).quoted) {
      const other = room_of(rooms, header);
      const above = dirname(header).replace(/\/support$/, '');
      const is_own = header.startsWith('tests/') && `${dirname(path)}/`.startsWith(`${above}/`);
      const is_allowed = is_own || (other && other === room) || (rooms.rows.get(room) ?? []).some((w) => w === header || w === other);
      if (!is_allowed && !(extra && tests.allows(extra, header, other)))
        faults.push(`${path}: forbidden include: ${header}; a test of ${room ?? extra} may not include it`);
    }
  };

  const loose_sources = at_the_root.filter((path) => existsSync(join(root, path)));
  const is_source = (path) => /\.(cpp|hpp|tsx?)$/.test(path) && !/\.d\.ts$/.test(path);
  loose_sources.filter(is_source).forEach(check_source);
  for (const top of rooms_of_sources) {
    files_below(root, top).filter(is_source).forEach(check_source);
    files_below(root, `tests/${top}`).filter((path) => /\.[ch]pp$/.test(path)).forEach(check_test);
  }
  for (const path of rooms_of_sources.flatMap((folder) => files_below(root, folder)))
    if (lstatSync(join(root, path)).isSymbolicLink())
      faults.push(`${path}: no room: it is a link`);
    else if (!known_endings.test(path) && !without_rules.has(path))
      faults.push(`${path}: no room: sources end in .cpp, headers in .hpp`);
  for (const row of rooms.rows.keys())
    if (!rooms.has_files(row))
      faults.push(`${table_file}: unused permission: rooms: ${row} has no file`);
  for (const path of files_below(root, 'tests').filter((one) => /\.[ch]pp$/.test(one))) {
    const folder = path.split('/')[1];
    if (path !== `tests/${folder}` && !folders_of_tests.has(folder))
      faults.push(`${path}: no room: no room is called ${folder}`);
  }
  for (const [folder, names] of loose.rows)
    for (const path of files_below(root, folder).filter((one) => dirname(one) === folder && /\.[ch]pp$/.test(one))) {
      const name = path.slice(folder.length + 1);
      if (!loose.allows(folder, name, name.replace(/\.[^.]+$/, '')))
        faults.push(`${path}: loose file: ${folder}/ holds ${names.join(', ')} alone`);
    }
  for (const path of [...loose_sources, ...folders_of_lines.flatMap((folder) => files_below(root, folder))].filter((one) => counted.test(one))) {
    const lines = readFileSync(join(root, path), 'utf8').split('\n').length - 1;
    if (lines > max_lines)
      faults.push(`${path}: too long: ${lines} lines, not more than ${max_lines}`);
  }
  for (const [section, kept] of Object.entries({ rooms, libraries, tests, loose }))
    for (const word of kept.unused())
      faults.push(`${table_file}: unused permission: ${section}: ${word}`);
  const arrows = new Map([...rooms.rows].map(([room, words]) => [room, words.map((word) => room_of(rooms, word) ?? word)]));
  for (const circle of [find_circle(arrows), find_circle(file_arrows)].filter(Boolean))
    faults.push(`${circle[0]}: circle: ${circle.join(' -> ')}`);
  return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = check(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..'));
  for (const fault of faults)
    console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
