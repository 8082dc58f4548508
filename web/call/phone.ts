/** One telephone on a page: what state its call is in, without DOM and without sound. */

import { read } from "./protocol";
import type { FromServer, Language, ToServer } from "./protocol";

const CONNECT_MS = 10_000;
/** More than this waits to be sent: the network stands still, and nobody wants to hear the past. */
const MOST_WAITING = 64_000;
const OPEN = 1;

export type End =
  | "hangup"
  | "queue"
  | "busy"
  | "refused"
  | "unavailable"
  | "lost"
  | "no_permission"
  | "no_microphone"
  | "unsupported";
export type State = { name: "idle" | "asking" | "connecting" | "talking" } | { name: "ended"; why: End };

/** Microphone and loudspeaker. */
export interface Sound {
  play(pcm: ArrayBuffer): void;
  mark(name: string): void;
  flush(): void;
  close(): void;
}

/** Why there is no sound. */
export class SoundError extends Error {
  constructor(readonly why: "no_permission" | "no_microphone" | "unsupported") {
    super(why);
  }
}

export interface Listener {
  /** The microphone heard 20 ms. */
  onFrame(pcm: ArrayBuffer): void;
  /** Everything before the mark has been heard. */
  onMark(name: string): void;
  /** The microphone is gone. */
  onLost(): void;
}

export type SocketLike = Pick<
  WebSocket,
  "readyState" | "bufferedAmount" | "binaryType" | "send" | "close" | "onopen" | "onmessage" | "onclose"
>;

export interface World {
  /** Asks the caller for the microphone; rejects with a `SoundError`. */
  openSound(listener: Listener): Promise<Sound>;
  openSocket(): SocketLike;
  /** Runs `run` later; the result cancels. */
  after(ms: number, run: () => void): () => void;
}

export interface Owner {
  onState(state: State): void;
  onCaption(who: "caller" | "bot", text: string): void;
}

export class Phone {
  state: State = { name: "idle" };
  private sound: Sound | null = null;
  private socket: SocketLike | null = null;
  private cancelTimer: () => void = () => {};
  /** Grows with each call; what belongs to an earlier one is ignored. */
  private attempt = 0;

  constructor(
    private readonly owner: Owner,
    private readonly world: World,
  ) {}

  /** Call; `code` is what the chat gave to go on with. */
  async call(language: Language, code: string | null): Promise<void> {
    if (this.isBusy) return;
    const attempt = ++this.attempt;
    this.become({ name: "asking" });
    try {
      const sound = await this.world.openSound({
        onFrame: (pcm) => this.speak(pcm, attempt),
        onMark: (mark) => attempt === this.attempt && this.send({ type: "played", mark }),
        onLost: () => attempt === this.attempt && this.end("no_microphone"),
      });
      if (attempt !== this.attempt) return sound.close();
      this.sound = sound;
      this.connect({ type: "start", language, ...(code ? { code } : {}) }, attempt);
    } catch (error) {
      if (attempt === this.attempt) this.end(error instanceof SoundError ? error.why : "unsupported");
    }
  }

  hangUp(): void {
    if (!this.isBusy) return;
    this.send({ type: "bye" });
    this.end("hangup");
  }

  press(digit: string): void {
    if (this.state.name === "talking") this.send({ type: "key", digit });
  }

  get isBusy(): boolean {
    return this.state.name !== "idle" && this.state.name !== "ended";
  }

  private connect(start: ToServer, attempt: number): void {
    this.become({ name: "connecting" });
    const socket = this.world.openSocket();
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.send(start);
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (attempt === this.attempt) this.hear(data);
    };
    socket.onclose = () => {
      if (attempt === this.attempt) this.end(this.state.name === "talking" ? "lost" : "unavailable");
    };
    this.cancelTimer = this.world.after(CONNECT_MS, () => this.end("unavailable"));
  }

  private hear(data: string | ArrayBuffer): void {
    if (typeof data !== "string") {
      this.sound?.play(data);
      return;
    }
    const message = read(data);
    if (message) this.take(message);
  }

  private take(message: FromServer): void {
    switch (message.type) {
      case "hello":
        this.cancelTimer();
        this.become({ name: "talking" });
        break;
      case "mark":
        this.sound?.mark(message.mark);
        break;
      case "flush":
        this.sound?.flush();
        break;
      case "caption":
        this.owner.onCaption(message.who, message.text);
        break;
      case "bye":
        this.end(message.why);
    }
  }

  private speak(pcm: ArrayBuffer, attempt: number): void {
    if (attempt !== this.attempt || this.state.name !== "talking" || !this.socket) return;
    if (this.socket.bufferedAmount < MOST_WAITING) this.socket.send(pcm);
  }

  private send(message: ToServer): void {
    if (this.socket?.readyState === OPEN) this.socket.send(JSON.stringify(message));
  }

  private end(why: End): void {
    this.attempt += 1;
    this.cancelTimer();
    this.sound?.close();
    this.socket?.close();
    this.sound = this.socket = null;
    this.become({ name: "ended", why });
  }

  private become(state: State): void {
    this.state = state;
    this.owner.onState(state);
  }
}
