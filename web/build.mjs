// Builds the widget, the demo page and the desk into dist/, and fails when the widget is too big.
import { build, transform } from "esbuild";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build as buildPages } from "vite";

/** What is built of the widget, and its limit in bytes, gzipped. */
const WIDGET = [
  { from: "widget/main.ts", to: "widget.js", format: "iife", limit: 15_000 },
  { from: "widget/extras.ts", to: "widget-extras.js", format: "esm", limit: 7_000 },
];

/** What is built for the demo page, into the folder that it is served from. */
const DEMO = [
  { from: "call/main.ts", to: "demo/call.js", format: "iife" },
  { from: "call/worklet.ts", to: "demo/call-worklet.js", format: "iife" },
];

/** CSS files are imported as minified text, for a constructable stylesheet. */
const cssAsText = {
  name: "css-as-text",
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** Build one script; its place. */
async function buildScript({ from, to, format }) {
  const outfile = `dist/${to}`;
  await build({
    entryPoints: [from],
    outfile,
    bundle: true,
    minify: true,
    format,
    target: "es2022",
    charset: "utf8",
    banner: { js: "/*! Frontline, GPL-3.0-or-later */" },
    plugins: [cssAsText],
  });
  return outfile;
}

/** Build one part of the widget; false when it is too big. */
async function buildWidget({ from, to, format, limit }) {
  const outfile = await buildScript({ from, to, format });
  const built = await readFile(outfile);
  const size = gzipSync(built, { level: 9 }).length;
  console.log(`${to}: ${built.length} bytes, ${size} bytes gzip (limit ${limit})`);
  if (size > limit) console.error(`${to} is ${size - limit} bytes over its limit`);
  return size <= limit;
}

/** One bundle per page of the desk; no inline script or style, so that its CSP holds. */
async function buildDesk() {
  await buildPages({
    configFile: false,
    root: "desk",
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    worker: { format: "es" },
    build: {
      outDir: "../dist/desk",
      emptyOutDir: true,
      target: ["chrome123", "firefox121", "safari17.5"],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: { desk: "desk/index.html", wall: "desk/wall.html" } },
    },
  });
}

process.chdir(import.meta.dirname);
// What is served is replaced part by part: whoever asks meanwhile finds the old or the new one.
await rm("dist/demo", { recursive: true, force: true });
await mkdir("dist/demo", { recursive: true });
const parts = WIDGET.filter(({ from }) => existsSync(from));
const fits = await Promise.all(parts.map(buildWidget));
await cp("demo", "dist/demo", { recursive: true });
await Promise.all(DEMO.map(buildScript));
await buildDesk();
if (fits.includes(false)) process.exit(1);
