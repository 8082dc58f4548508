import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped, wouldRatherCall } from "../extras/phone";

test("a code is shown in two groups", () => {
  assert.equal(grouped("482913"), "482 913");
});

test("who would rather call is heard", () => {
  for (const text of ["Wolę zadzwonić", "wole zadzwonic do was", "chcę zadzwonić", "a mogę zadzwonić?", "I would rather call you", "can I call?"]) {
    assert.ok(wouldRatherCall(text), text);
  }
});

test("who speaks of calls otherwise is not", () => {
  for (const text of ["kurier nie zadzwonił", "proszę o telefon", "nobody called me", "chcę zwrócić telefon"]) {
    assert.ok(!wouldRatherCall(text), text);
  }
});
