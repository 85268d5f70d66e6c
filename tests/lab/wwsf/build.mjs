// SPDX-License-Identifier: GPL-2.0-or-later
// usage: node build.mjs OUTDIR
// Bundles the libraries of the page, unmodified, as one ES module each; the page's own modules need no build.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const outdir = process.argv[2];
if (!outdir) {
  console.error('usage: node build.mjs OUTDIR');
  process.exit(2);
}
mkdirSync(outdir, { recursive: true });

const libraries = {
  jssip: "export { default } from 'jssip';",
  sipjs: "export * from 'sip.js';",
  oauth: "export * from 'oauth4webapi';",
};
for (const [name, contents] of Object.entries(libraries)) {
  await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    outfile: `${outdir}/${name}.js`,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2020',
    legalComments: 'inline',
    logLevel: 'warning',
  });
}
