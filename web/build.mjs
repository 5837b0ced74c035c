// Builds the page: node build.mjs [--out <folder>] [--watch]. Nothing of it comes from another host.
import { build, context } from 'esbuild';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const at = process.argv.indexOf('--out');
const out = at < 0 ? join(here, 'dist') : process.argv[at + 1];

/** The names of the bundles are known only afterwards, so the document is written then. */
async function write_document(metafile) {
  const files = Object.keys(metafile.outputs).map((path) => basename(path));
  const named = (pattern) => files.find((file) => pattern.test(file));
  const html = await readFile(join(here, 'src/index.html'), 'utf8');
  await writeFile(join(out, 'index.html'), html
    .replace('app.css', named(/^app\..*\.css$/))
    .replace('app.js', named(/^app\..*\.js$/))
    .replace('latin.woff2', named(/^inter-latin-wght-normal\..*\.woff2$/)));
  const share = await readFile(join(here, 'src/share.html'), 'utf8');
  await writeFile(join(out, 'share.html'), share
    .replace('share.css', named(/^share\..*\.css$/))
    .replace('share.js', named(/^share\..*\.js$/)));
  await copyFile(join(here, 'src/icon.svg'), join(out, 'icon.svg'));
}

/** Their licences ask that the notices of bundled packages travel with them. */
async function write_notices(metafile) {
  const packages = new Set(Object.keys(metafile.inputs)
    .map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));
  const notices = [];
  for (const name of [...packages].sort()) {
    const folder = join(here, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), 'utf8') : '';
    notices.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  await writeFile(join(out, 'licenses.txt'), notices.join(`\n${'-'.repeat(72)}\n\n`));
}

const finish = {
  name: 'finish',
  setup(built) {
    built.onEnd(async ({ errors, metafile }) => {
      if (errors.length > 0) return;
      await write_document(metafile);
      await write_notices(metafile);
    });
  },
};

const options = {
  absWorkingDir: here,
  entryPoints: { app: 'src/main.tsx', share: 'src/guest/main.ts' },
  outdir: out,
  entryNames: '[name].[hash]',
  assetNames: '[name].[hash]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome109', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // What tus-js-client brings for browsers older than our target: a quarter of all the code otherwise.
  alias: { 'tus-js-client': join(here, 'node_modules/tus-js-client/lib/browser/index.js'), 'url-parse': join(here, 'src/native_url.ts') },
  loader: { '.woff2': 'file' },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [finish],
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
if (process.argv.includes('--watch')) {
  await (await context(options)).watch();
} else {
  await build(options);
}
