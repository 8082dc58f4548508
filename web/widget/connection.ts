/** Gets a session, holds the socket, and comes back after any break. */

import { CLOSE_SESSION_OVER, readFrame } from "./protocol";
import type { ClientFrame, Language, ServerFrame } from "./protocol";
import type { Link, Session } from "./state";
import { readSession } from "./storage";

export const PING_EVERY_MS = 20_000;
export const PONG_TIMEOUT_MS = 10_000;
/** For the socket to open and the welcome to come. */
export const WELCOME_TIMEOUT_MS = 15_000;
/** A socket that lived so long was a success; a shorter one counts as a failed try. */
export const STABLE_MS = 5_000;
/** A session that ends so soon is renewed before it is used. */
export const RENEW_BEFORE_S = 3_600;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const OPEN = 1;

/** Milliseconds before the next try: doubling, at most 15 s, jittered so that not all come at once. */
export function pauseMs(failures: number, random: number): number {
  const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
  return most * (0.5 + random / 2);
}

export type SocketLike = Pick<
  WebSocket,
  "readyState" | "send" | "close" | "onopen" | "onmessage" | "onclose"
>;

/** The browser, as far as a connection needs it. */
export interface World {
  fetch(url: string, init: RequestInit): Promise<Response>;
  openSocket(url: string): SocketLike;
  now(): number;
  random(): number;
  after(ms: number, run: () => void): () => void;
}

/** The widget, as far as a connection needs it. */
export interface Owner {
  session(): Session | null;
  lastSeq(): number;
  language(): Language;
  onLink(link: Link): void;
  onSession(session: Session): void;
  onFrame(frame: ServerFrame): void;
}

/** Why no session was given. */
class SessionError extends Error {
  constructor(
    readonly link: Link,
    readonly afterMs: number | null,
  ) {
    super(link);
  }
}

export class Connection {
  private socket: SocketLike | null = null;
  private running = false;
  /** Grows with each try; what belongs to an earlier one is ignored. */
  private attempt = 0;
  private failures = 0;
  private welcomedAt = 0;
  private heardAt = 0;
  private sessionOver = false;
  /** A session is being asked for. */
  private asking = false;
  private readonly timers = new Set<() => void>();
  private readonly sessionUrl: string;
  private readonly socketUrl: string;

  /** `server`: address of the web server, with a slash at its end. */
  constructor(
    server: string,
    private readonly owner: Owner,
    private readonly world: World,
  ) {
    this.sessionUrl = new URL("chat/session", server).href;
    this.socketUrl = new URL("chat/socket", server).href.replace(/^http/, "ws");
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.owner.onLink("connecting");
    void this.connect();
  }

  stop(): void {
    this.running = false;
    this.abandon();
    this.owner.onLink("idle");
  }

  /** The network may be back or the page was asleep: try, or check, at once. */
  wake(): void {
    if (!this.running) return;
    if (this.asking) return;
    if (!this.socket) {
      this.failures = 0;
      void this.connect();
    } else if (this.welcomedAt) {
      this.ping();
    }
  }

  /** Connect anew, to be told what is missing. */
  resume(): void {
    if (this.running) this.lose("connecting");
  }

  send(frame: ClientFrame): void {
    if (this.socket?.readyState === OPEN) this.socket.send(JSON.stringify(frame));
  }

  private async connect(): Promise<void> {
    this.abandon();
    const attempt = this.attempt;
    try {
      this.asking = true;
      const session = await this.currentSession(attempt);
      if (attempt !== this.attempt) return;
      this.asking = false;
      this.openSocket(session, attempt);
    } catch (error) {
      if (attempt !== this.attempt) return;
      const refused = error instanceof SessionError ? error : new SessionError("offline", null);
      this.lose(refused.link, refused.afterMs);
    }
  }

  private async currentSession(attempt: number): Promise<Session> {
    const known = this.owner.session();
    const usable =
      known && !this.sessionOver && known.expires_at - this.world.now() / 1000 > RENEW_BEFORE_S;
    if (usable) return known;
    const session =
      (known && (await this.requestSession(known.token))) ?? (await this.requestSession(null));
    if (!session) throw new SessionError("offline", null);
    if (attempt === this.attempt) {
      this.sessionOver = false;
      this.owner.onSession(session);
    }
    return session;
  }

  /** A session; null when `token` has expired. */
  private async requestSession(token: string | null): Promise<Session | null> {
    const response = await this.world.fetch(this.sessionUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      credentials: "omit",
      body: JSON.stringify({ language: this.owner.language(), token }),
    });
    if (response.ok) return readSession(await response.json());
    if (response.status === 401) return null;
    if (response.status === 403) throw new SessionError("refused", null);
    const retryAfterMs = Number(response.headers.get("Retry-After")) * 1000 || null;
    throw new SessionError(response.status === 429 ? "busy" : "offline", retryAfterMs);
  }

  private openSocket(session: Session, attempt: number): void {
    const socket = this.world.openSocket(this.socketUrl);
    this.socket = socket;
    const current = (): boolean => attempt === this.attempt;
    socket.onopen = () => {
      if (!current()) return;
      this.send({ type: "hello", token: session.token, after_seq: this.owner.lastSeq() });
    };
    socket.onmessage = (message: MessageEvent) => {
      if (current()) this.hear(message.data);
    };
    socket.onclose = (close: CloseEvent) => {
      if (!current()) return;
      this.sessionOver ||= close.code === CLOSE_SESSION_OVER;
      this.lose("offline");
    };
    this.later(WELCOME_TIMEOUT_MS, () => {
      if (!this.welcomedAt) this.lose("offline");
    });
  }

  private hear(data: unknown): void {
    this.heardAt = this.world.now();
    let frame: ServerFrame;
    try {
      frame = readFrame(data);
    } catch (error) {
      console.warn("frontline-chat: a frame was not understood", error);
      return;
    }
    if (frame.type === "welcome") {
      this.welcomedAt = this.world.now();
      this.later(PING_EVERY_MS, () => this.beat());
    }
    this.owner.onFrame(frame);
  }

  private beat(): void {
    this.ping();
    this.later(PING_EVERY_MS, () => this.beat());
  }

  private ping(): void {
    const sentAt = this.world.now();
    this.send({ type: "ping" });
    this.later(PONG_TIMEOUT_MS, () => {
      if (this.heardAt < sentAt) this.lose("offline");
    });
  }

  /** The connection is gone: say so, and come back after a pause. */
  private lose(link: Link, afterMs: number | null = null): void {
    const stable = this.welcomedAt > 0 && this.world.now() - this.welcomedAt >= STABLE_MS;
    this.abandon();
    this.failures = stable ? 0 : this.failures + 1;
    this.owner.onLink(link);
    if (!this.running || link === "refused") return;
    const pause = pauseMs(stable ? 0 : this.failures - 1, this.world.random());
    this.later(afterMs ?? pause, () => void this.connect());
  }

  /** Forget the socket and all that was to happen on it. */
  private abandon(): void {
    this.attempt += 1;
    this.welcomedAt = 0;
    this.asking = false;
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
