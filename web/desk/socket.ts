/** The desk's socket: comes back after any break, says hello, and keeps the agent's cases alive. */

import { pauseMs } from "../widget/connection";
import type { DeskFrame, ServerFrame } from "./types";

/** How often held cases are confirmed; the server gives them back after 45 s of silence. */
export const HEARTBEAT_MS = 10_000;
export const SILENCE_MS = 8_000;
/** For the socket to open and the server's hello to come. */
export const HELLO_TIMEOUT_MS = 10_000;
/** A socket that lived so long was a success; a shorter one counts as a failed try. */
export const STABLE_MS = 5_000;
const OPEN = 1;

export type Link = "idle" | "connecting" | "open" | "offline";

export type SocketLike = Pick<WebSocket, "readyState" | "send" | "close" | "onopen" | "onmessage" | "onclose">;

/** The browser, as far as the socket needs it. */
export interface SocketWorld {
  openSocket(): SocketLike;
  now(): number;
  random(): number;
  after(ms: number, run: () => void): () => void;
}

/** The desk, as far as the socket needs it. */
export interface SocketOwner {
  csrf(): string;
  /** Case id → last turn that is here. */
  seen(): Record<string, number>;
  /** Case id → fence of the cases that this desk holds. */
  held(): Record<string, number>;
  onLink(link: Link): void;
  onFrame(frame: ServerFrame): void;
  /** A try ended before the server's hello: perhaps the log-in is over. */
  onRefused(): void;
}

export class DeskSocket {
  private socket: SocketLike | null = null;
  private running = false;
  /** Grows with each try; what belongs to an earlier one is ignored. */
  private attempt = 0;
  private failures = 0;
  private welcomedAt = 0;
  private heardAt = 0;
  private readonly timers = new Set<() => void>();

  constructor(
    private readonly owner: SocketOwner,
    private readonly world: SocketWorld,
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.failures = 0;
    this.owner.onLink("connecting");
    this.connect();
  }

  stop(): void {
    this.running = false;
    this.abandon();
    this.owner.onLink("idle");
  }

  /** The network may be back or the page was asleep: try, or check, at once. */
  wake(): void {
    if (!this.running) return;
    if (!this.socket) {
      this.failures = 0;
      this.connect();
    } else if (this.welcomedAt) {
      this.check();
    }
  }

  /** False when there is no connection; nothing is kept for later. */
  send(frame: DeskFrame): boolean {
    if (!this.welcomedAt || this.socket?.readyState !== OPEN) return false;
    this.write(frame);
    return true;
  }

  /** Confirm the held cases now, not only at the next beat. */
  heartbeat(): void {
    this.send({ type: "heartbeat", data: { cases: this.owner.held() } });
  }

  private connect(): void {
    this.abandon();
    const attempt = this.attempt;
    const current = (): boolean => attempt === this.attempt;
    const socket = this.world.openSocket();
    this.socket = socket;
    socket.onopen = () => {
      if (!current()) return;
      this.write({ type: "hello", data: { csrf: this.owner.csrf(), seen: this.owner.seen() } });
    };
    socket.onmessage = (message: MessageEvent) => {
      if (current()) this.hear(message.data);
    };
    socket.onclose = () => {
      if (current()) this.lose();
    };
    this.later(HELLO_TIMEOUT_MS, () => {
      if (!this.welcomedAt) this.lose();
    });
  }

  private write(frame: DeskFrame): void {
    this.socket?.send(JSON.stringify({ v: 1, ...frame }));
  }

  private hear(data: unknown): void {
    this.heardAt = this.world.now();
    const frame = readFrame(data);
    if (!frame) return;
    if (frame.type === "hello") {
      this.welcomedAt = this.world.now();
      this.owner.onLink("open");
      this.owner.onFrame(frame);
      this.beat();
      return;
    }
    this.owner.onFrame(frame);
  }

  private beat(): void {
    this.heartbeat();
    this.check();
    this.later(HEARTBEAT_MS, () => this.beat());
  }

  /** Ask for a sign of life; a socket that gives none is given up. */
  private check(): void {
    const askedAt = this.world.now();
    this.send({ type: "ping", data: {} });
    this.later(SILENCE_MS, () => {
      if (this.heardAt < askedAt) this.lose();
    });
  }

  /** The connection is gone: say so, and come back after a pause. */
  private lose(): void {
    const greeted = this.welcomedAt > 0;
    const stable = greeted && this.world.now() - this.welcomedAt >= STABLE_MS;
    this.abandon();
    this.failures = stable ? 0 : this.failures + 1;
    this.owner.onLink("offline");
    if (!this.running) return;
    if (!greeted) this.owner.onRefused();
    const pause = pauseMs(stable ? 0 : this.failures - 1, this.world.random());
    this.later(pause, () => this.connect());
  }

  /** Forget the socket and all that was to happen on it. */
  private abandon(): void {
    this.attempt += 1;
    this.welcomedAt = 0;
    for (const cancel of this.timers) cancel();
    this.timers.clear();
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private later(ms: number, run: () => void): void {
    const cancel = this.world.after(ms, () => {
      this.timers.delete(cancel);
      run();
    });
    this.timers.add(cancel);
  }
}

/** The frame in a message; null, with a warning, when it is none of ours. */
function readFrame(data: unknown): ServerFrame | null {
  try {
    const frame: unknown = JSON.parse(String(data));
    if (frame && typeof frame === "object" && "type" in frame && "data" in frame) {
      return frame as ServerFrame;
    }
  } catch {
    // Told below.
  }
  console.warn("desk: a frame was not understood");
  return null;
}
