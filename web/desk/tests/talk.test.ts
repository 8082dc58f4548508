import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY_TALK, lastSeq, leavesGap, withPending, withTurns, worthTelling } from "../store/talk";
import { turn } from "./bench";

const AT = "2026-11-24T10:00:00Z";

test("turns stand once and in order, however they come", () => {
  const talk = withTurns(withTurns(EMPTY_TALK, [turn(3, "c"), turn(1, "a")]), [turn(2, "b"), turn(3, "c")]);
  assert.deepEqual(talk.turns.map((one) => one.seq), [1, 2, 3]);
  assert.equal(lastSeq(talk), 3);
});

test("a message that arrived is not on its way any more", () => {
  const talk = withPending(EMPTY_TALK, "x", "Dzień dobry", AT);
  assert.equal(withTurns(talk, [turn(1, "Dzień dobry", { client_id: "x" })]).pending.length, 0);
  assert.equal(withTurns(talk, [turn(1, "Dzień dobry", { client_id: "y" })]).pending.length, 1);
});

test("a hole is noticed only in a conversation that was loaded", () => {
  const loaded = { ...withTurns(EMPTY_TALK, [turn(1, "a")]), loaded: true };
  assert.equal(leavesGap(loaded, turn(2, "b")), false);
  assert.equal(leavesGap(loaded, turn(3, "c")), true);
  assert.equal(leavesGap(EMPTY_TALK, turn(3, "c")), false);
});

test("a customer who has written is not typing any more", () => {
  const talk = { ...EMPTY_TALK, typing: true };
  assert.equal(withTurns(talk, [turn(1, "a")]).typing, false);
  assert.equal(withTurns(talk, [turn(1, "a", { author: "system" })]).typing, true);
});

test("one's own message is not told as missed", () => {
  const missed = [turn(4, "mine", { client_id: "x" }), turn(5, "theirs")];
  assert.deepEqual(worthTelling(missed, "x").map((one) => one.seq), [5]);
});
