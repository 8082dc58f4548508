import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting, MOST_BYTES } from "../extras/shrink";
import { EXTRA_TEXTS, shownSize } from "../extras/texts";

const file = (name: string, type: string, bytes: number): File =>
  new File([new Uint8Array(bytes)], name, { type });

test("sizes are told as people read them", () => {
  assert.equal(shownSize(0, "pl"), "1 kB");
  assert.equal(shownSize(340_400, "en"), "340 kB");
  assert.equal(shownSize(1_240_000, "pl"), "1,2 MB");
  assert.equal(shownSize(1_240_000, "en"), "1.2 MB");
});

test("what fits is sent as it is", async () => {
  for (const type of ["image/jpeg", "image/png", "image/webp", "application/pdf"]) {
    const fits = file("a", type, 10);
    assert.equal(await fitting(fits), fits);
  }
});

test("what cannot be sent is refused with its reason", async () => {
  for (const [name, type, bytes, code] of [
    ["film.mp4", "video/mp4", 10, "file_kind"],
    ["rysunek.svg", "image/svg+xml", 10, "file_kind"],
    ["nic", "", 10, "file_kind"],
    ["wielki.pdf", "application/pdf", MOST_BYTES + 1, "file_too_big"],
    // No browser is here that could decode a picture.
    ["wielkie.jpg", "image/jpeg", MOST_BYTES + 1, "file_too_big"],
    ["zdjęcie.heic", "image/heic", 10, "file_kind"],
  ] as const) {
    await assert.rejects(fitting(file(name, type, bytes)), (thrown) => thrown === code, name);
  }
});

test("both languages know the same reasons", () => {
  assert.deepEqual(Object.keys(EXTRA_TEXTS.pl.reasons), Object.keys(EXTRA_TEXTS.en.reasons));
});
