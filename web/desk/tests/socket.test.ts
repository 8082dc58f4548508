import assert from "node:assert/strict";
import { test } from "node:test";
import { DeskSocket, HEARTBEAT_MS, HELLO_TIMEOUT_MS, SILENCE_MS } from "../socket";
import type { Link } from "../socket";
import type { ServerFrame } from "../types";
import { ANIA, Clock, FakeSocket } from "./bench";

class Wire {
  readonly clock = new Clock();
  readonly sockets: FakeSocket[] = [];
  readonly links: Link[] = [];
  readonly heard: ServerFrame[] = [];
  refusals = 0;
  readonly socket = new DeskSocket(
    {
      csrf: () => "x1",
      seen: () => ({ c1: 7 }),
      held: () => ({ c1: 3 }),
      onLink: (link) => void this.links.push(link),
      onFrame: (frame) => void this.heard.push(frame),
      onRefused: () => {
        this.refusals += 1;
      },
    },
    {
      openSocket: () => {
        const socket = new FakeSocket();
        this.sockets.push(socket);
        return socket;
      },
      now: () => this.clock.now,
      random: () => 1,
      after: (ms, run) => this.clock.after(ms, run),
    },
  );

  get last(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  greet(): void {
    this.last.opens();
    this.last.says({ type: "hello", data: { agent: ANIA, csrf: "x2" } });
  }
}

function open(): Wire {
  const wire = new Wire();
  wire.socket.start();
  wire.greet();
  return wire;
}

test("it says first who it is and what it has seen", () => {
  const wire = new Wire();
  wire.socket.start();
  wire.last.opens();
  assert.deepEqual(wire.last.frames, [{ v: 1, type: "hello", data: { csrf: "x1", seen: { c1: 7 } } }]);
  assert.deepEqual(wire.links, ["connecting"]);
});

test("held cases are confirmed at once and then every ten seconds", () => {
  const wire = open();
  assert.deepEqual(wire.last.of("heartbeat").map((frame) => frame.data), [{ cases: { c1: 3 } }]);
  wire.last.says({ type: "pong", data: {} });
  wire.clock.pass(HEARTBEAT_MS);
  assert.equal(wire.last.of("heartbeat").length, 2);
});

test("nothing is sent before the server's hello", () => {
  const wire = new Wire();
  wire.socket.start();
  wire.last.opens();
  assert.equal(wire.socket.send({ type: "ping", data: {} }), false);
  assert.equal(wire.last.of("ping").length, 0);
});

test("a server that says nothing any more is given up", () => {
  const wire = open();
  wire.clock.pass(1);
  wire.last.says({ type: "pong", data: {} });
  wire.clock.pass(HEARTBEAT_MS + SILENCE_MS);
  assert.deepEqual(wire.links, ["connecting", "open", "offline"]);
});

test("pauses between tries grow, up to fifteen seconds", () => {
  const wire = new Wire();
  wire.socket.start();
  const pauses: number[] = [];
  for (let n = 0; n < 8; n += 1) {
    const before = wire.clock.now;
    const tries = wire.sockets.length;
    wire.last.breaks();
    while (wire.sockets.length === tries) wire.clock.pass(100);
    pauses.push(wire.clock.now - before);
  }
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  assert.equal(wire.refusals, 8);
});

test("after a stable connection it comes back quickly", () => {
  const wire = open();
  wire.clock.pass(6_000);
  wire.last.breaks();
  wire.clock.pass(500);
  assert.equal(wire.sockets.length, 2);
  assert.equal(wire.refusals, 0);
});

test("a server that never says hello is given up", () => {
  const wire = new Wire();
  wire.socket.start();
  wire.last.opens();
  wire.clock.pass(HELLO_TIMEOUT_MS);
  assert.equal(wire.links.at(-1), "offline");
});

test("a frame that is no frame is passed over", () => {
  const wire = open();
  const before = wire.heard.length;
  const { warn } = console;
  console.warn = () => undefined;
  wire.last.saysText("{not json");
  wire.last.saysText('"text"');
  console.warn = warn;
  assert.equal(wire.heard.length, before);
});

test("what an old socket says is not heard", () => {
  const wire = open();
  const old = wire.last;
  old.breaks();
  wire.clock.pass(500);
  const before = wire.heard.length;
  old.says({ type: "pong", data: {} });
  assert.equal(wire.heard.length, before);
});

test("when the network is back it does not wait", () => {
  const wire = new Wire();
  wire.socket.start();
  for (let n = 0; n < 5; n += 1) {
    wire.last.breaks();
    wire.clock.pass(20_000);
    wire.last.breaks();
  }
  const tries = wire.sockets.length;
  wire.socket.wake();
  assert.equal(wire.sockets.length, tries + 1);
});

test("stopped, it stays away", () => {
  const wire = open();
  wire.socket.stop();
  wire.clock.pass(60_000);
  assert.equal(wire.sockets.length, 1);
  assert.equal(wire.links.at(-1), "idle");
});
