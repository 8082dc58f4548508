import assert from "node:assert/strict";
import { test } from "node:test";
import { HEARTBEAT_MS } from "../socket";
import { SAVE_AFTER_MS } from "../store/drafts";
import { ANIA, answer, Bench, keep, NOW, problem, row, settled, turn } from "./bench";

const MESSAGES = "POST /cases/c1/messages";

/** A desk with case c1 in hand and open. */
async function talking(kept = keep()): Promise<Bench> {
  const bench = new Bench(kept);
  bench.hold(row("c1"), [turn(1, "Dzień dobry"), turn(2, "Gdzie paczka?")]);
  await bench.started();
  bench.desk.select("c1");
  await settled();
  return bench;
}

test("the lists come, and the server is told what was seen and what is held", async () => {
  const bench = await talking();
  assert.deepEqual(bench.desk.mine.value.map((one) => one.id), ["c1"]);
  assert.deepEqual(bench.desk.load.value, { chat: 1 });
  bench.socket.breaks();
  bench.clock.pass(1_000);
  bench.socket.opens();
  assert.deepEqual(bench.socket.of("hello")[0]?.data, { csrf: "x2", seen: { c1: 2 } });
  bench.socket.says({ type: "hello", data: { agent: ANIA, csrf: "x3" } });
  assert.deepEqual(bench.socket.of("heartbeat")[0]?.data, { cases: { c1: 2 } });
});

test("an offer rings once, also when it is told again, until it is gone", async () => {
  const bench = await new Bench().started();
  const offered = row("c2", { state: "offered", rev: 2 });
  bench.socket.says({ type: "offer.created", data: { case: offered, ring_s: 20 } });
  bench.socket.says({ type: "offer.created", data: { case: offered, ring_s: 20 } });
  assert.equal(bench.desk.offers.all.value.length, 1);
  bench.socket.says({ type: "offer.gone", data: { case_id: "c2", why: "rang_out" } });
  assert.equal(bench.desk.offers.all.value.length, 0);
  assert.equal(bench.desk.notices.all.value[0]?.code, "offer_gone");
});

test("an offer that came while the lists were asked for goes on ringing", async () => {
  const bench = await new Bench().started();
  const asked = bench.desk.refresh();
  bench.socket.says({ type: "offer.created", data: { case: row("c2", { state: "offered", rev: 2 }), ring_s: 20 } });
  await asked;
  assert.equal(bench.desk.offers.all.value.length, 1);
  await bench.desk.refresh();
  assert.equal(bench.desk.offers.all.value.length, 0);
});

test("accepting sends the fence, opens the case and beats at once", async () => {
  const bench = await new Bench().started();
  const offered = row("c2", { state: "offered", rev: 2, fence: 5 });
  bench.hold(row("c2", { rev: 3, fence: 5 }));
  bench.socket.says({ type: "offer.created", data: { case: offered, ring_s: 20 } });
  bench.routes.set("POST /cases/c2/accept", () => answer(200, row("c2", { rev: 3, fence: 5 })));
  assert.equal(await bench.desk.act(offered, "accept"), true);
  assert.deepEqual(bench.called("POST", "/cases/c2/accept")[0]?.body, { fence: 5 });
  assert.equal(bench.desk.selected.value, "c2");
  assert.equal(bench.desk.offers.all.value.length, 0);
  assert.deepEqual(bench.socket.of("heartbeat").at(-1)?.data, { cases: { c2: 5 } });
});

test("an offer that another desk took is put away, and it is said", async () => {
  const bench = await new Bench().started();
  const offered = row("c2", { state: "offered", rev: 2 });
  bench.socket.says({ type: "offer.created", data: { case: offered, ring_s: 20 } });
  bench.routes.set("POST /cases/c2/accept", () => problem(409, "stale_fence"));
  assert.equal(await bench.desk.act(offered, "accept"), false);
  assert.equal(bench.desk.offers.all.value.length, 0);
  assert.equal(bench.desk.notices.all.value[0]?.code, "stale_fence");
});

test("of two states of a case the newer one counts", async () => {
  const bench = await talking();
  bench.socket.says({ type: "case.updated", data: { case: row("c1", { rev: 4, state: "on_hold" }) } });
  bench.socket.says({ type: "case.updated", data: { case: row("c1", { rev: 3, state: "active" }) } });
  assert.equal(bench.desk.rows.value.get("c1")?.state, "on_hold");
});

test("a case that was lost is not held, and its draft stays", async () => {
  const bench = await talking();
  bench.desk.drafts.set("c1", "Już sprawdzam");
  bench.socket.says({ type: "case.lost", data: { case_id: "c1", why: "lease" } });
  assert.deepEqual(bench.desk.mine.value, []);
  assert.equal(bench.desk.drafts.of("c1"), "Już sprawdzam");
  assert.equal(bench.desk.notices.all.value[0]?.code, "case_lost");
});

test("a case the server lists no more is not ours, unless it came while it was asked", async () => {
  const bench = await talking();
  bench.queue = { ...bench.queue, mine: [] };
  const asked = bench.desk.refresh();
  bench.socket.says({ type: "case.updated", data: { case: row("c9") } });
  await asked;
  assert.deepEqual(bench.desk.mine.value.map((one) => one.id), ["c9"]);
});

test("a message goes out with the fence and what was seen", async () => {
  const bench = await talking();
  bench.routes.set(MESSAGES, () => answer(200, turn(3, "Sprawdzam", { author: "agent", client_id: "id1" })));
  await bench.desk.talks.say(row("c1"), "Sprawdzam");
  const sent = bench.called("POST", "/cases/c1/messages")[0];
  assert.deepEqual(sent?.body, { fence: 2, client_id: "id1", text: "Sprawdzam", last_seen_seq: 2 });
  const talk = bench.desk.talks.of("c1");
  assert.deepEqual(talk.turns.map((one) => one.seq), [1, 2, 3]);
  assert.equal(talk.pending.length, 0);
});

test("what the customer wrote meanwhile is shown first; sending anyway is the same message", async () => {
  const bench = await talking();
  const missed = [turn(3, "Jednak nie trzeba")];
  bench.routes.set(MESSAGES, () => problem(409, "missed", { missed }));
  await bench.desk.talks.say(row("c1"), "Wysyłam nową");
  const pending = bench.desk.talks.of("c1").pending[0];
  assert.equal(pending?.state, "missed");
  assert.deepEqual(pending?.missed.map((one) => one.seq), [3]);
  assert.equal(bench.desk.talks.seen("c1"), 3);
  bench.routes.set(MESSAGES, () => answer(200, turn(4, "Wysyłam nową", { author: "agent", client_id: "id1" })));
  await bench.desk.talks.resend(row("c1"), "id1");
  const [first, second] = bench.called("POST", "/cases/c1/messages");
  assert.equal(second?.body.client_id, "id1");
  assert.equal(second?.body.last_seen_seq, 3);
  assert.notEqual(first?.headers["Idempotency-Key"], second?.headers["Idempotency-Key"]);
});

test("a message that failed is sent again under the same id", async () => {
  const bench = await talking();
  bench.routes.set(MESSAGES, () => problem(503, "unavailable"));
  await bench.desk.talks.say(row("c1"), "Sprawdzam");
  assert.equal(bench.desk.talks.of("c1").pending[0]?.state, "failed");
  bench.routes.set(MESSAGES, () => answer(200, turn(3, "Sprawdzam", { client_id: "id1" })));
  await bench.desk.talks.resend(row("c1"), "id1");
  const [first, second] = bench.called("POST", "/cases/c1/messages");
  assert.deepEqual(first?.body, second?.body);
  assert.equal(bench.desk.talks.of("c1").pending.length, 0);
});

test("a reload brings back what was not known to have arrived", async () => {
  const kept = keep();
  const before = await talking(kept);
  before.offline = true;
  await before.desk.talks.say(row("c1"), "Sprawdzam");
  const after = await talking(kept);
  const [message] = after.desk.talks.of("c1").pending;
  assert.deepEqual([message?.text, message?.state, message?.code], ["Sprawdzam", "failed", "interrupted"]);
});

test("a hole in the turns is filled from the server", async () => {
  const bench = new Bench();
  const turns = [turn(1, "a"), turn(2, "b")];
  bench.hold(row("c1"), turns);
  await bench.started();
  bench.desk.select("c1");
  await settled();
  turns.push(turn(3, "c"), turn(4, "d"));
  bench.socket.says({ type: "turn", data: { case_id: "c1", turn: turn(4, "d") } });
  await settled();
  assert.deepEqual(bench.desk.talks.of("c1").turns.map((one) => one.seq), [1, 2, 3, 4]);
});

test("a message nobody looked at is unread until the case is opened", async () => {
  const bench = await talking();
  bench.hold(row("c2"));
  await bench.desk.refresh();
  bench.socket.says({ type: "turn", data: { case_id: "c2", turn: turn(9, "Halo?") } });
  assert.ok(bench.desk.unread.value.has("c2"));
  bench.desk.select("c2");
  assert.ok(!bench.desk.unread.value.has("c2"));
  bench.visible = false;
  bench.socket.says({ type: "turn", data: { case_id: "c2", turn: turn(10, "Halo?") } });
  assert.ok(bench.desk.unread.value.has("c2"));
});

test("drafts are kept in the tab at once and with the server a second later", async () => {
  const bench = await talking();
  bench.desk.drafts.set("c1", "Dz");
  bench.desk.drafts.set("c1", "Dzień");
  assert.equal(bench.called("PUT", "/cases/c1/draft").length, 0);
  bench.clock.pass(SAVE_AFTER_MS);
  await settled();
  assert.deepEqual(bench.called("PUT", "/cases/c1/draft").map((call) => call.body), [{ text: "Dzień" }]);
  assert.equal(bench.kept.all.get("frontline-draft-c1"), "Dzień");
});

test("this tab's draft goes before the server's, and the server's before nothing", async () => {
  const bench = await talking();
  bench.desk.drafts.offer("c2", "z innego komputera");
  assert.equal(bench.desk.drafts.of("c2"), "z innego komputera");
  bench.desk.drafts.set("c2", "stąd");
  bench.desk.drafts.offer("c2", "z innego komputera");
  assert.equal(bench.desk.drafts.of("c2"), "stąd");
});

test("the customer sees typing at most every three seconds, and its end", async () => {
  const bench = await talking();
  for (let n = 0; n < 4; n += 1) {
    bench.desk.talks.agentTypes("c1");
    bench.clock.pass(1_000);
  }
  bench.clock.pass(5_000);
  assert.deepEqual(bench.socket.of("typing").map((frame) => frame.data.on), [true, true, false]);
});

test("the customer's typing fades when nothing comes of it", async () => {
  const bench = await talking();
  bench.socket.says({ type: "typing", data: { case_id: "c1", author: "customer", on: true } });
  assert.equal(bench.desk.talks.of("c1").typing, true);
  bench.socket.says({ type: "pong", data: {} });
  bench.clock.pass(8_000);
  assert.equal(bench.desk.talks.of("c1").typing, false);
});

test("a supervisor who opens another's case watches it", async () => {
  const bench = new Bench();
  bench.agent = { ...ANIA, role: "supervisor" };
  await bench.started();
  bench.desk.take(row("c7", { agent_id: "a2" }));
  bench.desk.select("c7");
  assert.deepEqual(bench.socket.of("watch").map((frame) => frame.data), [{ case_id: "c7" }]);
});

test("logged out by the server, the socket's failure leads to the log-in", async () => {
  const bench = await new Bench().started();
  bench.routes.set("GET /me", () => problem(401, "logged_out", { oidc: true }));
  bench.socket.breaks();
  bench.clock.pass(1_000);
  bench.socket.breaks();
  await settled();
  assert.equal(bench.desk.session.entry.value, "out");
  assert.equal(bench.desk.session.oidc.value, true);
});

test("without Redis the desk says so and the list stays usable", async () => {
  const bench = await new Bench().started();
  const waiting = [row("c5", { state: "queued", agent_id: null })];
  bench.socket.says({ type: "queue", data: { degraded: true, lines: [], waiting } });
  assert.equal(bench.desk.degraded.value, true);
  assert.deepEqual(bench.desk.waiting.value.map((one) => one.id), ["c5"]);
});

test("a note that comes twice stands once", async () => {
  const bench = await talking();
  const note = { id: "n1", agent: "Ola", text: "Uwaga", at: "2026-11-24T10:00:00Z" };
  bench.socket.says({ type: "note", data: { case_id: "c1", note } });
  bench.socket.says({ type: "note", data: { case_id: "c1", note } });
  assert.equal(bench.desk.cards.value.get("c1")?.notes.length, 1);
});

test("heartbeats go on while nothing else happens", async () => {
  const bench = await talking();
  for (let n = 0; n < 3; n += 1) {
    bench.socket.says({ type: "pong", data: {} });
    bench.clock.pass(HEARTBEAT_MS);
  }
  assert.ok(bench.socket.of("heartbeat").length >= 4);
  assert.equal(bench.clock.now, NOW + 3 * HEARTBEAT_MS);
});
