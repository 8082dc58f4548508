// Builds the widget and the demo page into dist/, and fails when the widget is too big.
import { build, transform } from "esbuild";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 15_000;

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

process.chdir(import.meta.dirname);
await rm("dist", { recursive: true, force: true });
await mkdir("dist/demo", { recursive: true });
await build({
  entryPoints: ["widget/main.ts"],
  outfile: "dist/widget.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  banner: { js: "/*! Frontline chat widget, GPL-3.0-or-later */" },
  plugins: [cssAsText],
});
await cp("demo", "dist/demo", { recursive: true });

const widget = await readFile("dist/widget.js");
const size = gzipSync(widget, { level: 9 }).length;
console.log(`widget.js: ${widget.length} bytes, ${size} bytes gzip (limit ${LIMIT_BYTES})`);
if (size > LIMIT_BYTES) {
  console.error(`widget.js is ${size - LIMIT_BYTES} bytes over its limit`);
  process.exit(1);
}
