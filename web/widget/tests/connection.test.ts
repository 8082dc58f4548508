import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection, pauseMs, PING_EVERY_MS, PONG_TIMEOUT_MS } from "../connection";
import type { SocketLike, World } from "../connection";
import type { ClientFrame, ServerFrame } from "../protocol";
import type { Link, Session } from "../state";
import { NOW, welcome } from "./samples";

class FakeSocket implements SocketLike {
  readyState: 0 | 1 | 2 | 3 = 0;
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  readonly frames: ClientFrame[] = [];

  constructor(readonly url: string) {}

  send(data: string): void {
    this.frames.push(JSON.parse(data));
  }

  close(): void {
    this.readyState = 3;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.call(this as never, {} as never);
  }

  says(frame: ServerFrame): void {
    this.onmessage?.call(this as never, { data: JSON.stringify(frame) } as never);
  }

  breaks(code = 1006): void {
    this.readyState = 3;
    this.onclose?.call(this as never, { code } as never);
  }
}

/** A browser with a clock of its own, a server of its own, and the widget behind the connection. */
class Bench {
  readonly sockets: FakeSocket[] = [];
  readonly asked: { token: string | null }[] = [];
  readonly links: Link[] = [];
  readonly heard: ServerFrame[] = [];
  /** What the server answers next; afterwards a session of its own. */
  readonly answers: Response[] = [];
  session: Session | null = null;
  now = NOW;
  private timers: { at: number; run: () => void }[] = [];
  readonly connection: Connection;

  constructor() {
    const world: World = {
      fetch: async (_url, init) => {
        this.asked.push({ token: JSON.parse(String(init.body)).token });
        return this.answers.shift() ?? this.given("c1");
      },
      openSocket: (url) => this.sockets[this.sockets.push(new FakeSocket(url)) - 1]!,
      now: () => this.now,
      random: () => 1,
      after: (ms, run) => {
        const timer = { at: this.now + ms, run };
        this.timers.push(timer);
        return () => {
          this.timers = this.timers.filter((each) => each !== timer);
        };
      },
    };
    this.connection = new Connection(
      "https://chat.example/front/",
      {
        session: () => this.session,
        lastSeq: () => 5,
        language: () => "pl",
        onLink: (link) => this.links.push(link),
        onSession: (session) => {
          this.session = session;
        },
        onFrame: (frame) => this.heard.push(frame),
      },
      world,
    );
  }

  given(conversation: string): Response {
    const expires_at = this.now / 1000 + 86_400;
    return Response.json({ token: `token of ${conversation}`, conversation, expires_at });
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** Let promises settle. */
  async settle(): Promise<void> {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
  }

  async pass(ms: number): Promise<void> {
    await this.settle();
    const end = this.now + ms;
    for (;;) {
      const next = this.timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.now = next.at;
      next.run();
      await this.settle();
    }
    this.now = end;
  }

  async welcomed(): Promise<this> {
    this.connection.start();
    await this.settle();
    this.socket.opens();
    this.socket.says(welcome());
    return this;
  }
}

test("a session is asked for, then hello is the first frame and says what was seen", async () => {
  const bench = await new Bench().welcomed();
  assert.deepEqual(bench.asked, [{ token: null }]);
  assert.equal(bench.socket.url, "wss://chat.example/front/chat/socket");
  assert.deepEqual(bench.socket.frames, [{ type: "hello", token: "token of c1", after_seq: 5 }]);
  assert.deepEqual(bench.heard, [welcome()]);
});

test("after a break the pauses grow and the session is used again", async () => {
  const bench = await new Bench().welcomed();
  for (const pause of [500, 1_000, 2_000]) {
    bench.socket.breaks();
    const before = bench.sockets.length;
    await bench.pass(pause - 1);
    assert.equal(bench.sockets.length, before);
    await bench.pass(1);
    assert.equal(bench.sockets.length, before + 1);
  }
  assert.equal(bench.links.at(-1), "offline");
  assert.equal(bench.asked.length, 1);
});

test("pauses are jittered and at most 15 s", () => {
  assert.equal(pauseMs(0, 0), 250);
  assert.equal(pauseMs(0, 1), 500);
  assert.equal(pauseMs(50, 1), 15_000);
});

test("the network's return is used at once", async () => {
  const bench = await new Bench().welcomed();
  bench.socket.breaks();
  bench.connection.wake();
  await bench.settle();
  assert.equal(bench.sockets.length, 2);
});

test("a connection that answers pings stays, one that does not is replaced", async () => {
  const bench = await new Bench().welcomed();
  await bench.pass(PING_EVERY_MS + 1);
  bench.socket.says({ type: "pong" });
  await bench.pass(PONG_TIMEOUT_MS);
  assert.equal(bench.sockets.length, 1);
  await bench.pass(PING_EVERY_MS);
  assert.equal(bench.links.at(-1), "offline");
  await bench.pass(1_000);
  assert.equal(bench.sockets.length, 2);
});

test("a socket that never welcomes is given up", async () => {
  const bench = new Bench();
  bench.connection.start();
  await bench.settle();
  bench.socket.opens();
  await bench.pass(16_000);
  assert.equal(bench.sockets.length, 2);
});

test("when the session is over the old token is shown, and a new conversation begins if it is refused", async () => {
  const bench = await new Bench().welcomed();
  bench.answers.push(new Response(null, { status: 401 }), bench.given("c2"));
  bench.socket.breaks(4401);
  await bench.pass(1_000);
  assert.deepEqual(bench.asked.slice(1), [{ token: "token of c1" }, { token: null }]);
  assert.equal(bench.session?.conversation, "c2");
  bench.socket.opens();
  assert.deepEqual(bench.socket.frames, [{ type: "hello", token: "token of c2", after_seq: 5 }]);
});

test("a session about to expire is renewed before it is used", async () => {
  const bench = new Bench();
  bench.session = { token: "old", conversation: "c1", expires_at: bench.now / 1000 + 60 };
  await bench.welcomed();
  assert.deepEqual(bench.asked, [{ token: "old" }]);
});

test("a page that may not embed the chat is told so and does not try again", async () => {
  const bench = new Bench();
  bench.answers.push(new Response(null, { status: 403 }));
  bench.connection.start();
  await bench.pass(60_000);
  assert.deepEqual(bench.links, ["connecting", "refused"]);
  assert.equal(bench.asked.length, 1);
});

test("a busy server is asked again when it said", async () => {
  const bench = new Bench();
  bench.answers.push(new Response(null, { status: 429, headers: { "Retry-After": "7" } }));
  bench.connection.start();
  await bench.pass(6_999);
  assert.deepEqual(bench.links, ["connecting", "busy"]);
  await bench.pass(1);
  assert.equal(bench.asked.length, 2);
});

test("frames that cannot be read are passed over", async (t) => {
  const warn = t.mock.method(console, "warn", () => undefined);
  const bench = await new Bench().welcomed();
  bench.socket.onmessage?.call(bench.socket as never, { data: "{" } as never);
  bench.socket.says({ type: "pong" });
  assert.deepEqual(bench.heard, [welcome(), { type: "pong" }]);
  assert.equal(warn.mock.callCount(), 1);
});

test("a stopped connection opens nothing more", async () => {
  const bench = await new Bench().welcomed();
  bench.connection.stop();
  bench.connection.wake();
  await bench.pass(60_000);
  assert.equal(bench.sockets.length, 1);
  assert.equal(bench.links.at(-1), "idle");
});
