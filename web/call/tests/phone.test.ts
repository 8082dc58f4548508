import assert from "node:assert/strict";
import { test } from "node:test";
import { Phone, SoundError } from "../phone";
import type { Listener, Sound, SocketLike, State } from "../phone";
import type { FromServer, ToServer } from "../protocol";

class FakeSocket implements SocketLike {
  readyState: 0 | 1 | 2 | 3 = 0;
  bufferedAmount = 0;
  binaryType: BinaryType = "blob";
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  readonly sent: (ToServer | ArrayBuffer)[] = [];

  send(data: unknown): void {
    this.sent.push(typeof data === "string" ? JSON.parse(data) : data);
  }

  close(): void {
    this.readyState = 3;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.call(this as never, {} as never);
  }

  says(message: FromServer | ArrayBuffer): void {
    const data = message instanceof ArrayBuffer ? message : JSON.stringify(message);
    this.onmessage?.call(this as never, { data } as never);
  }

  breaks(): void {
    this.readyState = 3;
    this.onclose?.call(this as never, {} as never);
  }
}

/** A browser around a phone. */
class Bench {
  readonly states: string[] = [];
  readonly captions: string[] = [];
  readonly played: (ArrayBuffer | string)[] = [];
  readonly sockets: FakeSocket[] = [];
  refusal: Error | null = null;
  microphone: Listener | null = null;
  closed = 0;
  timers: (() => void)[] = [];
  readonly phone: Phone;

  constructor() {
    const sound: Sound = {
      play: (pcm) => this.played.push(pcm),
      mark: (name) => this.played.push(`mark ${name}`),
      flush: () => this.played.push("flush"),
      close: () => this.closed++,
    };
    this.phone = new Phone(
      {
        onState: (state: State) => this.states.push(state.name === "ended" ? state.why : state.name),
        onCaption: (who, text) => this.captions.push(`${who}: ${text}`),
      },
      {
        openSound: async (listener) => {
          if (this.refusal) throw this.refusal;
          this.microphone = listener;
          return sound;
        },
        openSocket: () => this.sockets[this.sockets.push(new FakeSocket()) - 1]!,
        after: (_ms, run) => {
          this.timers.push(run);
          return () => (this.timers = this.timers.filter((timer) => timer !== run));
        },
      },
    );
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** Call, and be answered. */
  async talk(code: string | null = null): Promise<void> {
    await this.phone.call("pl", code);
    this.socket.opens();
    this.socket.says({ type: "hello", call: "c1" });
  }
}

const PCM = new Int16Array(320).buffer;

test("a call is asked for, connected, answered and ended", async () => {
  const bench = new Bench();
  await bench.talk("123456");
  bench.phone.hangUp();
  assert.deepEqual(bench.states, ["asking", "connecting", "talking", "hangup"]);
  assert.deepEqual(bench.socket.sent, [{ type: "start", language: "pl", code: "123456" }, { type: "bye" }]);
  assert.equal(bench.socket.readyState, 3);
  assert.equal(bench.closed, 1);
  assert.equal(bench.timers.length, 0);
});

test("sound, marks, flushes and captions find their way", async () => {
  const bench = new Bench();
  await bench.talk();
  bench.microphone?.onFrame(PCM);
  bench.socket.says(PCM);
  bench.socket.says({ type: "mark", mark: "1" });
  bench.microphone?.onMark("1");
  bench.socket.says({ type: "flush" });
  bench.socket.says({ type: "caption", who: "bot", text: "Dzień dobry" });
  bench.phone.press("#");
  assert.deepEqual(bench.played, [PCM, "mark 1", "flush"]);
  assert.deepEqual(bench.captions, ["bot: Dzień dobry"]);
  assert.deepEqual(bench.socket.sent.slice(1), [
    PCM,
    { type: "played", mark: "1" },
    { type: "key", digit: "#" },
  ]);
});

test("before the answer nothing of the microphone goes out, and no keys", async () => {
  const bench = new Bench();
  await bench.phone.call("en", null);
  bench.socket.opens();
  bench.microphone?.onFrame(PCM);
  bench.phone.press("1");
  assert.deepEqual(bench.socket.sent, [{ type: "start", language: "en" }]);
});

test("a network that stands still gets no more sound", async () => {
  const bench = new Bench();
  await bench.talk();
  bench.socket.bufferedAmount = 100_000;
  bench.microphone?.onFrame(PCM);
  assert.equal(bench.socket.sent.length, 1);
});

test("the server ends the call and says why", async () => {
  for (const why of ["queue", "hangup", "busy", "refused"] as const) {
    const bench = new Bench();
    await bench.talk();
    bench.socket.says({ type: "bye", why });
    bench.socket.breaks();
    assert.equal(bench.states.at(-1), why);
    assert.equal(bench.closed, 1);
  }
});

test("why there is no call", async () => {
  for (const why of ["no_permission", "no_microphone", "unsupported"] as const) {
    const bench = new Bench();
    bench.refusal = new SoundError(why);
    await bench.phone.call("pl", null);
    assert.deepEqual(bench.states, ["asking", why]);
    assert.equal(bench.sockets.length, 0);
  }
  const bench = new Bench();
  bench.refusal = new Error("a worklet that is not there");
  await bench.phone.call("pl", null);
  assert.equal(bench.states.at(-1), "unsupported");
});

test("no line, a line that does not answer, and a line that breaks", async () => {
  const gone = new Bench();
  await gone.phone.call("pl", null);
  gone.socket.breaks();
  assert.equal(gone.states.at(-1), "unavailable");

  const silent = new Bench();
  await silent.phone.call("pl", null);
  silent.timers[0]?.();
  assert.equal(silent.states.at(-1), "unavailable");

  const broken = new Bench();
  await broken.talk();
  broken.socket.breaks();
  assert.equal(broken.states.at(-1), "lost");
});

test("a microphone that is pulled out ends the call", async () => {
  const bench = new Bench();
  await bench.talk();
  bench.microphone?.onLost();
  assert.equal(bench.states.at(-1), "no_microphone");
});

test("who hangs up before the microphone is allowed calls nobody", async () => {
  const bench = new Bench();
  const calling = bench.phone.call("pl", null);
  bench.phone.hangUp();
  await calling;
  assert.deepEqual(bench.states, ["asking", "hangup"]);
  assert.equal(bench.sockets.length, 0);
  assert.equal(bench.closed, 1);
});

test("a second press calls once, and a call can follow a call", async () => {
  const bench = new Bench();
  await Promise.all([bench.phone.call("pl", null), bench.phone.call("pl", null)]);
  assert.equal(bench.sockets.length, 1);
  bench.phone.hangUp();
  await bench.talk();
  assert.equal(bench.sockets.length, 2);
  bench.sockets[0]!.breaks();
  bench.sockets[0]!.says({ type: "bye", why: "busy" });
  assert.equal(bench.states.at(-1), "talking");
});
