// Bundles the unit tests and runs them with Node's test runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";

process.chdir(import.meta.dirname);
await rm(".tests", { recursive: true, force: true });
const tests = (await readdir("widget/tests")).filter((name) => name.endsWith(".test.ts"));
await build({
  entryPoints: tests.map((name) => `widget/tests/${name}`),
  outdir: ".tests",
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
