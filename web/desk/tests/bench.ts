/** A browser and a server of one's own for the tests of the desk. */

import { Api } from "../api";
import type { SocketLike } from "../socket";
import { Desk } from "../store/desk";
import type { Agent, CaseCard, CaseRow, DeskFrame, QueueView, ServerFrame, Turn } from "../types";

export const NOW = Date.parse("2026-11-24T10:00:00Z");

export class FakeSocket implements SocketLike {
  readyState: 0 | 1 | 2 | 3 = 0;
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  readonly frames: (DeskFrame & { v: number })[] = [];

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
    this.saysText(JSON.stringify({ v: 1, ...frame }));
  }

  saysText(data: string): void {
    this.onmessage?.call(this as never, { data } as never);
  }

  breaks(): void {
    this.readyState = 3;
    this.onclose?.call(this as never, { code: 1006 } as never);
  }

  of<T extends DeskFrame["type"]>(type: T): Extract<DeskFrame, { type: T }>[] {
    return this.frames.filter((frame) => frame.type === type) as unknown as Extract<DeskFrame, { type: T }>[];
  }
}

/** A clock that only moves when it is told to. */
export class Clock {
  now = NOW;
  private timers: { at: number; run: () => void }[] = [];

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.now + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = this.timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((one) => one !== due);
      this.now = due.at;
      due.run();
    }
    this.now = end;
  }
}

export interface Call {
  method: string;
  path: string;
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

export function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

export function problem(status: number, code: string, more: object = {}): Response {
  return answer(status, { type: "about:blank", title: code, status, code, ...more });
}

export const ANIA: Agent = {
  id: "a1",
  login: "ania",
  name: "Ania",
  role: "agent",
  languages: ["pl"],
  skills: { general: 1 },
  capacity: { chat: 3, voice: 1 },
  presence: "available",
  presence_reason: null,
  presence_since: "2026-11-24T09:00:00Z",
};

export function row(id: string, more: Partial<CaseRow> = {}): CaseRow {
  return {
    id,
    number: `R-2026-${id}`,
    rev: 1,
    state: "active",
    kind: "question",
    channel: "chat",
    language: "pl",
    reason: "user_request",
    detail: "",
    skill: "general",
    level: 1,
    priority: "normal",
    priority_reasons: [],
    agent_id: "a1",
    agent: "Ania",
    fence: 2,
    conversation_id: `k-${id}`,
    created_at: "2026-11-24T09:50:00Z",
    queued_at: "2026-11-24T09:51:00Z",
    due_at: "2026-11-24T10:05:00Z",
    answered_at: null,
    closed_at: null,
    legal: null,
    callback: null,
    wake_at: null,
    summary_line: "Gdzie paczka",
    lease_until: null,
    last_seq: 2,
    unread: false,
    ...more,
  };
}

export function turn(seq: number, text: string, more: Partial<Turn> = {}): Turn {
  return {
    seq,
    id: `t${seq}`,
    author: "customer",
    text,
    name: null,
    at: "2026-11-24T09:59:00Z",
    language: "pl",
    buttons: [],
    client_id: null,
    ...more,
  };
}

export function card(of: CaseRow, more: Partial<CaseCard> = {}): CaseCard {
  return {
    ...of,
    context: {},
    summary: { text: "", sentences: [], tried: [], facts: [], question: null },
    identity: { level: "none", method: null, orders: [], checks: [] },
    notes: [],
    files: [],
    receipts: [],
    history: [],
    linked: [],
    instruction: null,
    outcome: null,
    disposition: null,
    draft: "",
    csat: null,
    wrap_up_note: "",
    ...more,
  };
}

export function keep(): Pick<Storage, "getItem" | "setItem" | "removeItem"> & { all: Map<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    getItem: (name) => all.get(name) ?? null,
    setItem: (name, value) => void all.set(name, value),
    removeItem: (name) => void all.delete(name),
  };
}

/** A desk with its server played by `routes`: "METHOD /path" → what is answered. */
export class Bench {
  readonly clock = new Clock();
  readonly sockets: FakeSocket[] = [];
  readonly calls: Call[] = [];
  readonly kept = keep();
  readonly routes = new Map<string, (call: Call) => Response>();
  agent = ANIA;
  visible = true;
  offline = false;
  private ids = 0;
  readonly desk: Desk;
  queue: QueueView = { degraded: false, lines: [], offers: [], mine: [], waiting: [] };

  constructor(kept = keep()) {
    this.kept = kept;
    this.routes.set("GET /me", () => answer(200, { agent: this.agent, csrf: "x1" }));
    this.routes.set("GET /queue", () => answer(200, this.queue));
    const api = new Api({
      fetch: async (url, init) => this.serve(url, init),
      pause: async () => undefined,
    });
    this.desk = new Desk(api, {
      openSocket: () => {
        const socket = new FakeSocket();
        this.sockets.push(socket);
        return socket;
      },
      now: () => this.clock.now,
      random: () => 1,
      after: (ms, run) => this.clock.after(ms, run),
      keep: this.kept,
      newId: () => `id${(this.ids += 1)}`,
      visible: () => this.visible,
    });
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error("no socket was opened");
    return last;
  }

  /** Logged in, the lists loaded, the socket greeted. */
  async started(): Promise<this> {
    await this.desk.session.load();
    await this.desk.start();
    this.greet();
    await settled();
    return this;
  }

  greet(): void {
    this.socket.opens();
    this.socket.says({ type: "hello", data: { agent: this.agent, csrf: "x2" } });
  }

  /** A case in hand, its card and its conversation. */
  hold(of: CaseRow, turns: Turn[] = []): void {
    this.queue = { ...this.queue, mine: [...this.queue.mine, of] };
    this.routes.set(`GET /cases/${of.id}`, () => answer(200, card(of)));
    this.routes.set(`GET /cases/${of.id}/turns`, (call) => {
      const after = Number(new URLSearchParams(call.path.split("?")[1]).get("after"));
      return answer(200, { turns: turns.filter((one) => one.seq > after) });
    });
    this.routes.set(`PUT /cases/${of.id}/draft`, () => answer(200, {}));
  }

  called(method: string, path: string): Call[] {
    return this.calls.filter((call) => call.method === method && call.path.split("?")[0] === path);
  }

  private serve(url: string, init: RequestInit): Response {
    if (this.offline) throw new TypeError("network");
    const path = url.replace("/api/v1", "");
    const method = init.method ?? "GET";
    const body = init.body ? JSON.parse(String(init.body)) : {};
    const call = { method, path, body, headers: init.headers as Record<string, string> };
    this.calls.push(call);
    const route = this.routes.get(`${method} ${path.split("?")[0]}`);
    return route ? route(call) : problem(404, "not_found");
  }
}

/** Everything that was promised has happened. */
export async function settled(): Promise<void> {
  for (let n = 0; n < 8; n += 1) await new Promise((resolve) => setImmediate(resolve));
}
