// Build CodeMirror into one file for the console's scenario editor, with the licences of what it holds.
// usage: npm ci && npm run build   (the lock file makes each build the same; tests/api/console/test_files.py holds the file against it)

import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const VENDOR = new URL("../../mock_sma/api/console/static/vendor/", import.meta.url);
const { outputFiles, metafile } = await build({
  entryPoints: ["codemirror.mjs"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  write: false,
});
const paths = Object.keys(metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
const names = [...new Set(paths.filter(Boolean))].sort();
const parts = names.map((name) => {
  const about = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
  return `${name} ${about.version}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`;
});
writeFileSync(new URL("codemirror.js.gz", VENDOR), gzipSync(outputFiles[0].contents, { level: 9 }));
writeFileSync(new URL("codemirror.LICENSE.txt", VENDOR), parts.join(`\n${"-".repeat(72)}\n\n`));
console.log(`${names.length} packages, ${outputFiles[0].contents.length} bytes`);
