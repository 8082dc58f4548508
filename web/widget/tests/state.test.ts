import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_REFUSALS } from "../outbox";
import type { ServerFrame } from "../protocol";
import { initialState, isReplaying, lengthOf, offeredButtons, step, unread } from "../state";
import type { State } from "../state";
import { after, frame, NOW, online, said, session, turn, welcome, wrote } from "./samples";

const shown = (state: State): string[] => [
  ...state.turns.map((each) => each.text),
  ...state.outbox.map((each) => `${each.text} (${each.progress})`),
];
const refusal = (clientId: string | null, retryable: boolean): ServerFrame => ({
  type: "error",
  code: "too_many",
  message: "",
  client_id: clientId,
  retryable,
});

test("a message is shown at once and replaced by its turn", () => {
  const [sent, effects] = after([wrote("m1")], online());
  assert.deepEqual(shown(sent), ["dzień dobry (sent)"]);
  assert.deepEqual(said(effects), ["m1"]);
  const [accepted] = after([frame({ type: "ack", client_id: "m1", seq: 1 })], sent);
  assert.deepEqual(shown(accepted), ["dzień dobry (accepted)"]);
  const own = turn(1, { author: "customer", client_id: "m1", text: "dzień dobry" });
  const [done] = after([frame(own)], accepted);
  assert.deepEqual(shown(done), ["dzień dobry"]);
});

test("a turn that comes before its ack replaces the message, and the late ack changes nothing", () => {
  const own = turn(1, { author: "customer", client_id: "m1", text: "dzień dobry" });
  const [state] = after([wrote("m1"), frame(own), frame({ type: "ack", client_id: "m1", seq: 1 })], online());
  assert.deepEqual(shown(state), ["dzień dobry"]);
});

test("what is written without a connection waits and is sent in order after the welcome", () => {
  const [offline, none] = after([{ type: "link", link: "offline" }, wrote("m1"), wrote("m2")], online());
  assert.deepEqual(said(none), []);
  assert.deepEqual(offline.outbox.map((each) => each.progress), ["waiting", "waiting"]);
  const [, effects] = after([frame(welcome())], offline);
  assert.deepEqual(said(effects), ["m1", "m2"]);
});

test("what has no ack when the connection breaks is sent again with the same id", () => {
  const events = [wrote("m1"), { type: "link", link: "offline" } as const, frame(welcome())];
  assert.deepEqual(said(after(events, online())[1]), ["m1", "m1"]);
});

test("what has an ack is not sent again", () => {
  const ack = frame({ type: "ack", client_id: "m1", seq: 1 });
  const events = [wrote("m1"), ack, { type: "link", link: "offline" } as const, frame(welcome(1))];
  assert.deepEqual(said(after(events, online())[1]), ["m1"]);
});

test("a turn that comes twice is shown once", () => {
  const [state] = after([frame(turn(1)), frame(turn(1)), frame(turn(2))], online());
  assert.deepEqual(shown(state), ["turn 1", "turn 2"]);
});

test("a gap is not shown but asked for", () => {
  const [state, effects] = after([frame(turn(1)), frame(turn(3))], online());
  assert.deepEqual(shown(state), ["turn 1"]);
  assert.deepEqual(effects, [{ do: "resume" }]);
});

test("a gap right after a welcome is all there is and does not turn in circles", () => {
  const [state, effects] = after([frame(turn(1)), frame(turn(3)), frame(welcome(3)), frame(turn(3))], online());
  assert.deepEqual(shown(state), ["turn 1", "turn 3"]);
  assert.deepEqual(effects, [{ do: "resume" }]);
});

test("a message from another tab is shown", () => {
  const [state] = after([frame(turn(1, { author: "customer", client_id: "other", text: "stąd" }))], online());
  assert.deepEqual(shown(state), ["stąd"]);
});

test("a refusal for the moment is tried again with growing pauses, then left to the customer", () => {
  let [state] = after([wrote("m1")], online());
  const pauses: number[] = [];
  for (let i = 0; i < MOST_REFUSALS; i += 1) {
    const [next, effects] = after([frame(refusal("m1", true))], state);
    const [effect] = effects;
    assert.ok(effect?.do === "retry");
    pauses.push(effect.afterMs);
    [state] = after([{ type: "retry", clientId: "m1" }], next);
  }
  assert.deepEqual(pauses, [2_000, 4_000, 8_000]);
  const [failed, effects] = after([frame(refusal("m1", true))], state);
  assert.deepEqual(shown(failed), ["dzień dobry (failed)"]);
  assert.deepEqual(effects, []);
  const [, again] = after([{ type: "retry", clientId: "m1" }], failed);
  assert.deepEqual(said(again), ["m1"]);
});

test("a refusal for good keeps the text, which can go back into the field", () => {
  const [failed] = after([wrote("m1", "za długa"), frame(refusal("m1", false)), frame(welcome())], online());
  assert.deepEqual(shown(failed), ["za długa (failed)"]);
  const [edited] = after([{ type: "draft", text: "nowa" }, { type: "edit", clientId: "m1" }], failed);
  assert.equal(edited.draft, "za długa\nnowa");
  assert.deepEqual(edited.outbox, []);
});

test("a refusal that belongs to no message is a notice until something works again", () => {
  const [state] = after([frame(refusal(null, true))], online());
  assert.equal(state.notice, "too_many");
  assert.equal(after([frame(turn(1))], state)[0].notice, null);
});

test("a living connection that does not answer a message is made anew", () => {
  const [state] = step(online(), wrote("m1"), NOW);
  assert.deepEqual(step(state, frame({ type: "pong" }), NOW + 10_000)[1], []);
  assert.deepEqual(step(state, frame({ type: "pong" }), NOW + 21_000)[1], [{ do: "resume" }]);
});

test("an expired conversation stays to be read, and unsent words go to the new one", () => {
  const events = [
    frame(turn(1)),
    { type: "link", link: "offline" } as const,
    wrote("m1", "słowa"),
    { type: "wrote", clientId: "m2", content: { kind: "choose", text: "Tak", seq: 1, payload: "/affirm" } } as const,
    session("c2"),
    frame(welcome()),
  ];
  const [state, effects] = after(events, online());
  assert.deepEqual(state.past.map((each) => each.text), ["turn 1"]);
  assert.deepEqual(shown(state), ["słowa (sent)", "Tak (failed)"]);
  assert.deepEqual(said(effects), ["m1"]);
  assert.equal(state.lastSeq, 0);
});

test("a renewed token of the same conversation changes nothing else", () => {
  const [state] = after([frame(turn(1)), session("c1")], online());
  assert.deepEqual(shown(state), ["turn 1"]);
  assert.deepEqual(state.past, []);
});

test("a server restored from an older copy is followed", () => {
  const [state] = after([frame(turn(1)), frame(turn(2)), frame(welcome(1)), frame(turn(2, { text: "new 2" }))], online());
  assert.deepEqual(shown(state), ["turn 1", "new 2"]);
});

test("turns count as unread while the chat is minimised or the page hidden, own ones do not", () => {
  const [closed] = after([frame(turn(1)), { type: "closed" }, frame(turn(2)), frame(turn(3, { author: "customer" }))], online());
  assert.equal(unread(closed), 1);
  assert.equal(unread(after([{ type: "opened" }], closed)[0]), 0);
  const [hidden] = after([{ type: "visible", visible: false }, frame(turn(1))], online());
  assert.equal(unread(hidden), 1);
  assert.equal(unread(after([{ type: "visible", visible: true }], hidden)[0]), 0);
});

test("only the last buttons are offered, and none once the customer has answered", () => {
  const buttons = [{ title: "Tak", payload: "/affirm" }];
  const [asked] = after([frame(turn(1, { buttons })), frame(turn(2, { buttons })), frame(turn(3))], online());
  assert.deepEqual(offeredButtons(asked), { seq: 2, buttons });
  const [answering] = after([wrote("m1")], asked);
  assert.equal(offeredButtons(answering), null);
  const [answered] = after([frame(turn(4, { author: "customer", client_id: "m1" }))], answering);
  assert.equal(offeredButtons(answered), null);
});

test("the language switch is told at once, or after the connection is back", () => {
  const change = { type: "language", language: "en" } as const;
  const told = { do: "send", frame: { type: "language", language: "en" } } as const;
  assert.deepEqual(after([change], online())[1], [told]);
  const [waiting, none] = after([{ type: "link", link: "offline" }, change], online());
  assert.deepEqual(none, []);
  assert.deepEqual(after([frame(welcome())], waiting)[1], [told]);
});

test("the widget follows the bot when the bot changes its language", () => {
  const [state] = after([frame(turn(1)), frame(turn(2, { language: "en" }))], online());
  assert.equal(state.language, "en");
});

test("a Polish answer still on its way does not undo the customer's switch", () => {
  const [state] = after([frame(turn(1)), { type: "language", language: "en" }, frame(turn(2))], online());
  assert.equal(state.language, "en");
});

test("the queue notice ends with the queue", () => {
  const queued = frame({ type: "controller", controller: "queue", name: null });
  const [waiting] = after([queued, frame({ type: "queue", position: 3, waiting: null })], online());
  assert.deepEqual(waiting.queue, { position: 3, waiting: null });
  const [joined] = after([frame({ type: "controller", controller: "agent", name: "Anna" })], waiting);
  assert.equal(joined.queue, null);
  assert.equal(joined.agent, "Anna");
});

test("typing ends with the answer, and the customer's own is not shown", () => {
  const [typing] = after([frame({ type: "typing", author: "bot", on: true })], online());
  assert.equal(typing.typing, "bot");
  assert.equal(after([frame(turn(1))], typing)[0].typing, null);
  assert.equal(after([frame({ type: "controller", controller: "queue", name: null })], typing)[0].typing, null);
  assert.equal(after([frame({ type: "typing", author: "customer", on: true })], online())[0].typing, null);
});

test("a long replay is not read out, but its end is", () => {
  const [state] = after([frame(welcome(7)), frame(turn(1))], initialState("pl"));
  assert.equal(isReplaying(state), true);
  assert.equal(isReplaying(after([frame(turn(2))], state)[0]), false);
});

test("length is counted in code points, as the server does", () => {
  assert.equal(lengthOf("zażółć 🙂"), 8);
});

test("how it was is asked until it is told, and not in another conversation", () => {
  const [asked] = after([frame({ type: "csat", case: "k1" })], online());
  assert.equal(asked.csat, "k1");
  assert.equal(after([frame({ type: "csat", case: null })], asked)[0].csat, null);
  assert.equal(after([session("c2")], asked)[0].csat, null);
});

test("a queue that was left cannot be left again", () => {
  const leave = { title: "Wracam do asystenta", payload: "/leave_queue" };
  const queued = frame(turn(1, { author: "system", buttons: [leave] }));
  const [waits] = after([queued], online());
  assert.deepEqual(offeredButtons(waits)?.buttons, [leave]);
  const [back] = after([frame(turn(2, { author: "system", text: "zakończone" }))], waits);
  assert.equal(offeredButtons(back), null);
});
