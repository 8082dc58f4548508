import assert from "node:assert/strict";
import { test } from "node:test";
import { load, save } from "../storage";
import type { Store } from "../storage";
import { after, frame, online, said, turn, welcome, wrote } from "./samples";

class MemoryStore implements Store {
  readonly values = new Map<string, string>();

  constructor(private readonly room = Infinity) {}

  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (value.length > this.room) throw new Error("QuotaExceededError");
    this.values.set(key, value);
  }

  removeItem(key: string): void {
    this.values.delete(key);
  }
}

test("a reload keeps the conversation, the draft and what was not sent, and sends it again", () => {
  const store = new MemoryStore();
  const [before] = after([frame(turn(1)), wrote("m1"), { type: "draft", text: "zaczęte" }], online());
  save(store, before);
  const loaded = load(store);
  assert.ok(loaded);
  assert.equal(loaded.open, true);
  assert.equal(loaded.draft, "zaczęte");
  assert.equal(loaded.lastSeq, 1);
  assert.deepEqual(loaded.session, before.session);
  assert.deepEqual(loaded.turns, before.turns);
  assert.deepEqual(said(after([frame(welcome(1))], loaded)[1]), ["m1"]);
});

test("a reload keeps the question how it was", () => {
  const store = new MemoryStore();
  save(store, after([frame({ type: "csat", case: "k1" })], online())[0]);
  assert.equal(load(store)?.csat, "k1");
});

test("when the store is full, the turns are left to the server and the messages are kept", () => {
  const store = new MemoryStore(1_000);
  const [before] = after([frame(turn(1, { text: "x".repeat(2_000) })), wrote("m1")], online());
  save(store, before);
  const loaded = load(store);
  assert.equal(loaded?.lastSeq, 0);
  assert.deepEqual(loaded?.outbox.map((each) => each.clientId), ["m1"]);
});

test("a store that takes nothing does not stop the chat", () => {
  const store = new MemoryStore(0);
  save(store, online());
  assert.equal(load(store), null);
});

test("what cannot be read counts as nothing", () => {
  for (const rubbish of ["", "{", "null", "[]", '{"version": 0}', '{"version": 1, "turns": [{"seq": "one"}]}']) {
    const store = new MemoryStore();
    store.setItem("frontline-chat", rubbish);
    assert.equal(load(store), null, rubbish);
  }
});
