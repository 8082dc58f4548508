import assert from "node:assert/strict";
import { test } from "node:test";
import { matching, placesLeft, slashWord } from "../views/slash";
import type { Canned } from "../types";

test("a slash at the beginning of a word opens the list", () => {
  assert.deepEqual(slashWord("/wy", 3), { from: 0, word: "wy" });
  assert.deepEqual(slashWord("Dzień dobry /W", 14), { from: 12, word: "w" });
  assert.deepEqual(slashWord("a /", 3), { from: 2, word: "" });
});

test("a slash inside a word or an address does not", () => {
  assert.equal(slashWord("i/lub", 5), null);
  assert.equal(slashWord("https://shop", 12), null);
  assert.equal(slashWord("/wy i", 5), null);
});

function canned(shortcut: string, title: string): Canned {
  return { id: shortcut, shortcut, title, text: "", language: "pl" };
}

test("canned answers are found by shortcut first, then by title", () => {
  const all = [canned("adres", "Zmiana wysyłki"), canned("wymiana", "Nowy towar"), canned("zwrot", "Pieniądze")];
  assert.deepEqual(matching(all, "wy").map((one) => one.shortcut), ["wymiana", "adres"]);
  assert.equal(matching(all, "").length, 3);
});

test("places nobody filled in are named once each", () => {
  assert.deepEqual(placesLeft("Do {data} lub {data}, {kwota} zł"), ["{data}", "{kwota}"]);
  assert.deepEqual(placesLeft("{ nie }"), []);
});
