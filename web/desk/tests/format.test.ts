import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, counted, day, daysLeft, measured, span } from "../i18n/format";
import { pl } from "../i18n/pl";
import { en } from "../i18n/en";

test("Polish counts in three forms", () => {
  const cases = [1, 2, 5, 12, 22, 25].map((n) => pl.inbox.count(n));
  assert.deepEqual(cases, ["1 sprawa", "2 sprawy", "5 spraw", "12 spraw", "22 sprawy", "25 spraw"]);
  assert.equal(counted("en", 1, { one: "case", other: "cases" }), "1 case");
});

test("spans are told in at most two units", () => {
  assert.equal(span("pl", 45_900), "45 s");
  assert.equal(span("pl", 3 * 60_000 + 59_000), "3 min");
  assert.equal(span("pl", 2 * 3_600_000 + 5 * 60_000), "2 godz. 5 min");
  assert.equal(span("en", 4 * 86_400_000), "4 d");
  assert.equal(span("en", -5), "0 s");
});

test("a statutory deadline is counted in days of the calendar", () => {
  const evening = new Date(2026, 10, 24, 23, 30).getTime();
  assert.equal(daysLeft("2026-12-03", evening), 9);
  assert.equal(daysLeft("2026-11-24", evening), 0);
  assert.equal(daysLeft("2026-11-23", evening), -1);
  assert.equal(pl.card.days(-1), "1 dzień po terminie");
  assert.equal(pl.card.days(2), "2 dni do terminu");
  assert.equal(en.card.days(0), "due today");
});

test("a plain date does not move with the time zone", () => {
  assert.equal(day("pl", "2026-12-03"), "3 grudnia 2026");
  assert.equal(day("en", "2026-12-03"), "3 December 2026");
});

test("a figure is told in its unit, and none as a dash", () => {
  assert.equal(measured("pl", 84.51, "percent"), "84,5 %");
  assert.equal(measured("en", 95, "seconds"), "1 min");
  assert.equal(measured("pl", null, "percent"), "–");
  assert.equal(measured("en", 12, "count"), "12");
});

test("sizes are told in kB and MB", () => {
  assert.equal(bytes("pl", 284_000), "284 kB");
  assert.equal(bytes("pl", 1_500_000), "1,5 MB");
});

/** Every path to a text, so that no language lacks one. */
function paths(value: unknown, at = ""): string[] {
  if (!value || typeof value !== "object") return [at];
  return Object.entries(value).flatMap(([name, inner]) => paths(inner, `${at}.${name}`));
}

test("both languages have the same texts", () => {
  assert.deepEqual(paths(en).sort(), paths(pl).sort());
});

test("Polish texts have no gendered past tense", () => {
  const words = JSON.stringify(pl).match(/\p{L}+/gu) ?? [];
  assert.deepEqual(words.filter((word) => /..(łeś|łaś|łem|łam)$/u.test(word)), []);
});
