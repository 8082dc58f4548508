/** The conversations of the open cases: loading, hearing, sending with compare-and-send. */

import { signal } from "@preact/signals";
import { Problem } from "../api";
import type { Api } from "../api";
import type { DeskSocket } from "../socket";
import type { CaseRow, Turn } from "../types";
import type { Drafts } from "./drafts";
import { changed, EMPTY_TALK, lastSeq, leavesGap, without, withPending, withTurns, worthTelling } from "./talk";
import type { Talk } from "./talk";

export const TYPING_EVERY_MS = 3_000;
export const TYPING_OVER_MS = 5_000;
/** A customer who was typing and then said nothing is not typing any more. */
const TYPING_FADES_MS = 8_000;

/** The desk, as far as conversations need it. */
interface Owner {
  api: Api;
  drafts: Drafts;
  socket: DeskSocket;
  heard(caseId: string, fromCustomer: boolean): void;
  tell(error: unknown, about?: string): void;
  refresh(): Promise<void>;
}

interface World {
  now(): number;
  after(ms: number, run: () => void): () => void;
  newId(): string;
}

export class Talks {
  readonly all = signal<ReadonlyMap<string, Talk>>(new Map());
  private readonly fading = new Map<string, () => void>();
  private readonly saidTyping = new Map<string, { at: number; cancel: () => void }>();

  constructor(
    private readonly owner: Owner,
    private readonly world: World,
  ) {}

  of(caseId: string): Talk {
    return this.all.value.get(caseId) ?? EMPTY_TALK;
  }

  /** The newest turn that is here; 0 when the conversation was not loaded. */
  seen(caseId: string): number {
    return lastSeq(this.of(caseId));
  }

  /** What is missing here of the conversation. */
  async load(caseId: string): Promise<void> {
    const first = !this.of(caseId).loaded;
    try {
      const after = first ? 0 : this.seen(caseId);
      const { turns } = await this.owner.api.get<{ turns: Turn[] }>(`/cases/${caseId}/turns`, { after });
      this.change(caseId, (talk) => withTurns({ ...this.restored(caseId, talk, first), loaded: true }, turns));
    } catch (error) {
      this.owner.tell(error);
    }
  }

  /** A turn came over the socket. */
  hear(caseId: string, turn: Turn): void {
    const talk = this.of(caseId);
    const news = turn.seq > lastSeq(talk);
    if (talk.loaded) {
      if (leavesGap(talk, turn)) void this.load(caseId);
      else this.change(caseId, (now) => withTurns(now, [turn]));
    }
    if (news) this.owner.heard(caseId, turn.author === "customer");
  }

  typing(caseId: string, author: string, on: boolean): void {
    if (author !== "customer") return;
    this.fading.get(caseId)?.();
    this.change(caseId, (talk) => ({ ...talk, typing: on }));
    if (!on) return;
    const fade = this.world.after(TYPING_FADES_MS, () => this.typing(caseId, author, false));
    this.fading.set(caseId, fade);
  }

  /** The agent touched a key: the customer sees it, at most every 3 s. */
  agentTypes(caseId: string): void {
    const last = this.saidTyping.get(caseId);
    last?.cancel();
    const due = !last || this.world.now() - last.at >= TYPING_EVERY_MS;
    if (due) this.owner.socket.send({ type: "typing", data: { case_id: caseId, on: true } });
    const cancel = this.world.after(TYPING_OVER_MS, () => this.agentStops(caseId));
    this.saidTyping.set(caseId, { at: due ? this.world.now() : last.at, cancel });
  }

  agentStops(caseId: string): void {
    const last = this.saidTyping.get(caseId);
    if (!last) return;
    last.cancel();
    this.saidTyping.delete(caseId);
    this.owner.socket.send({ type: "typing", data: { case_id: caseId, on: false } });
  }

  /** Send a new message. */
  async say(row: CaseRow, text: string): Promise<void> {
    const clientId = this.world.newId();
    const at = new Date(this.world.now()).toISOString();
    this.change(row.id, (talk) => withPending(talk, clientId, text, at));
    this.agentStops(row.id);
    await this.deliver(row, clientId, text);
  }

  /** Send again what failed, or what waited for a yes: the same message, never a second one. */
  async resend(row: CaseRow, clientId: string): Promise<void> {
    const message = this.of(row.id).pending.find((one) => one.client_id === clientId);
    if (!message || message.state === "sending") return;
    this.change(row.id, (talk) => changed(talk, clientId, { state: "sending", code: null, missed: [] }));
    await this.deliver(row, clientId, message.text);
  }

  /** Take an unsent message back; its text. */
  takeBack(caseId: string, clientId: string): string {
    const message = this.of(caseId).pending.find((one) => one.client_id === clientId);
    this.change(caseId, (talk) => without(talk, clientId));
    return message?.text ?? "";
  }

  private async deliver(row: CaseRow, clientId: string, text: string): Promise<void> {
    const seen = this.seen(row.id);
    const body = { fence: row.fence, client_id: clientId, text, last_seen_seq: seen };
    try {
      const turn = await this.owner.api.post<Turn>(`/cases/${row.id}/messages`, body);
      this.change(row.id, (talk) => without(withTurns(talk, [turn]), clientId));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await this.refused(row, clientId, error);
    }
  }

  private async refused(row: CaseRow, clientId: string, problem: Problem): Promise<void> {
    if (problem.code !== "missed") {
      this.change(row.id, (talk) => changed(talk, clientId, { state: "failed", code: problem.code }));
      if (problem.code === "stale_fence") await this.owner.refresh();
      return;
    }
    const missed = (Array.isArray(problem.body.missed) ? problem.body.missed : []) as Turn[];
    this.change(row.id, (talk) => {
      const told = changed(talk, clientId, { state: "missed", missed: worthTelling(missed, clientId) });
      return withTurns(told, missed);
    });
  }

  /** With the messages that an earlier page of this tab could not send. */
  private restored(caseId: string, talk: Talk, first: boolean): Talk {
    if (!first) return talk;
    const known = new Set(talk.pending.map((one) => one.client_id));
    const unsent = this.owner.drafts.unsent(caseId).filter((one) => !known.has(one.client_id));
    const failed = unsent.map((one) => ({ ...one, state: "failed" as const, code: "interrupted", missed: [] }));
    return { ...talk, pending: [...failed, ...talk.pending] };
  }

  private change(caseId: string, how: (talk: Talk) => Talk): void {
    const before = this.of(caseId);
    const after = how(before);
    this.all.value = new Map(this.all.value).set(caseId, after);
    if (before.pending !== after.pending) this.owner.drafts.setUnsent(caseId, after.pending);
  }
}
