import assert from "node:assert/strict";
import { test } from "node:test";
import { offset, pieces, unsureWords } from "../store/heard";
import type { Turn } from "../types";

function turn(text: string, words: [string, number][]): Turn {
  return {
    seq: 1,
    id: "T1",
    author: "customer",
    text,
    name: null,
    at: "2026-11-24T10:00:00Z",
    language: "pl",
    buttons: [],
    client_id: null,
    speech: {
      from_ms: 0,
      to_ms: 900,
      words: words.map(([word, confidence]) => ({ text: word, confidence, unsure: confidence < 0.65 })),
      heard_ms: null,
    },
  };
}

test("an unsure word is marked where it stands", () => {
  const said = turn("Gdzie jest paczka?", [["gdzie", 0.9], ["jest", 0.99], ["paczka", 0.4]]);
  assert.deepEqual(pieces(said), [
    { text: "Gdzie", unsure: false },
    { text: "jest", unsure: false },
    { text: "paczka?", unsure: true },
  ]);
});

test("a number that was written in digits is not marked in the text but named", () => {
  const said = turn("104731", [["sto", 0.9], ["cztery", 0.3], ["siedemset", 0.9]]);
  assert.equal(pieces(said), null);
  assert.deepEqual(unsureWords(said.speech), ["cztery"]);
});

test("what was heard well, or written, has no marks", () => {
  assert.equal(pieces(turn("tak", [["tak", 0.9]])), null);
  assert.equal(pieces({ ...turn("tak", []), speech: null }), null);
  assert.deepEqual(unsureWords(null), []);
});

test("times are since the call began", () => {
  assert.equal(offset(0), "0:00");
  assert.equal(offset(65_400), "1:05");
});
