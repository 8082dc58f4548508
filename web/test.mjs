// Bundles the unit tests and runs them with Node's test runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";

const FOLDERS = ["widget/tests", "desk/tests", "call/tests"];

process.chdir(import.meta.dirname);
await rm(".tests", { recursive: true, force: true });
const found = await Promise.all(
  FOLDERS.map(async (folder) => (await readdir(folder)).map((name) => `${folder}/${name}`)),
);
const tests = found.flat().filter((name) => name.endsWith(".test.ts"));
await build({
  entryPoints: tests,
  outdir: ".tests",
  outbase: ".",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  sourcemap: "inline",
  loader: { ".css": "text" },
});
const files = tests.map((name) => `.tests/${name.replace(/\.ts$/, ".mjs")}`);
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", "--test-reporter=spec", ...files], {
  stdio: "inherit",
});
process.exit(status ?? 1);
