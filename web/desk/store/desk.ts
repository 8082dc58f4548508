/** The agent's desk: cases, offers, conversations, and everything that changes them. */

import { batch, computed, signal } from "@preact/signals";
import { Problem } from "../api";
import type { Api } from "../api";
import { serverNow } from "../clock";
import { DeskSocket } from "../socket";
import type { Link, SocketOwner, SocketWorld } from "../socket";
import type { Agent, CaseCard, CaseRow, Line, QueueView, ServerFrame } from "../types";
import { Drafts } from "./drafts";
import { Notices } from "./notices";
import { Offers } from "./offers";
import type { Offer } from "./offers";
import { Session } from "./session";
import { Talks } from "./talks";

export interface DeskWorld extends SocketWorld {
  keep: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  newId(): string;
  /** The page is in front of the agent. */
  visible(): boolean;
}

/** What the desk knew at a moment. */
interface Known {
  rows: ReadonlyMap<string, CaseRow>;
  offers: readonly Offer[];
}

const HELD: readonly string[] = ["active", "on_hold", "wrap_up"];

/** What may happen to a case by an agent's hand; the last part of its address. */
export type Deed =
  | "claim"
  | "accept"
  | "decline"
  | "hold"
  | "resume"
  | "transfer"
  | "return"
  | "wrap-up"
  | "close"
  | "callback";

export class Desk implements SocketOwner {
  readonly session: Session;
  readonly offers = new Offers();
  readonly notices = new Notices();
  readonly drafts: Drafts;
  readonly talks: Talks;
  readonly socket: DeskSocket;
  readonly link = signal<Link>("idle");
  readonly degraded = signal(false);
  readonly lines = signal<readonly Line[]>([]);
  /** Every case that was heard of, by id; of two the one with the greater `rev`. */
  readonly rows = signal<ReadonlyMap<string, CaseRow>>(new Map());
  readonly waitingIds = signal<readonly string[]>([]);
  readonly selected = signal<string | null>(null);
  readonly cards = signal<ReadonlyMap<string, CaseCard>>(new Map());
  readonly unread = signal<ReadonlySet<string>>(new Set());
  /** Deeds on their way, as `deed case`. */
  readonly busy = signal<ReadonlySet<string>>(new Set());
  readonly queueLoaded = signal(false);
  /** A customer's message came while nobody was looking. */
  onHeard: (row: CaseRow | undefined) => void = () => undefined;

  readonly mine = computed<CaseRow[]>(() => {
    const me = this.session.agent.value?.id;
    const held = [...this.rows.value.values()].filter((row) => row.agent_id === me && HELD.includes(row.state));
    return held.sort((a, b) => (a.answered_at ?? a.queued_at).localeCompare(b.answered_at ?? b.queued_at));
  });
  readonly waiting = computed<CaseRow[]>(() =>
    this.waitingIds.value.flatMap((id) => {
      const row = this.rows.value.get(id);
      return row?.state === "queued" ? [row] : [];
    }),
  );
  readonly load = computed<Record<string, number>>(() => {
    const load: Record<string, number> = {};
    for (const row of this.mine.value) load[row.channel] = (load[row.channel] ?? 0) + 1;
    return load;
  });

  constructor(
    readonly api: Api,
    private readonly world: DeskWorld,
  ) {
    this.session = new Session(api);
    this.drafts = new Drafts({
      keep: world.keep,
      after: (ms, run) => world.after(ms, run),
      upload: (id, text, goingAway) => void this.uploadDraft(id, text, goingAway),
    });
    this.talks = new Talks(this, world);
    this.socket = new DeskSocket(this, world);
  }

  /** After the log-in: the lists, then the socket. */
  async start(): Promise<void> {
    this.socket.start();
    await this.refresh();
  }

  /** The language was changed: everything that comes in the server's words is asked for anew. */
  restart(): void {
    if (this.link.value === "idle") return;
    this.socket.stop();
    this.socket.start();
  }

  stop(): void {
    this.socket.stop();
    this.drafts.flush();
    batch(() => {
      this.rows.value = new Map();
      this.cards.value = new Map();
      this.waitingIds.value = [];
      this.offers.all.value = [];
      this.selected.value = null;
      this.queueLoaded.value = false;
    });
  }

  /** The lists, as the server has them now. */
  async refresh(): Promise<void> {
    const asked = { rows: this.rows.value, offers: this.offers.all.value };
    try {
      this.takeQueue(await this.api.get<QueueView>("/queue"), asked);
    } catch (error) {
      this.tell(error);
    }
  }

  select(caseId: string | null): void {
    this.selected.value = caseId;
    if (caseId === null) return;
    this.markRead(caseId);
    void this.loadCard(caseId);
    void this.talks.load(caseId);
    const row = this.rows.value.get(caseId);
    if (this.session.supervises && row && !this.holds(row)) {
      this.socket.send({ type: "watch", data: { case_id: caseId } });
    }
  }

  /** Show the case of the call that a telephone here has been given, by its `X-Handoff-Id`. */
  async openHandoff(id: string): Promise<void> {
    try {
      const row = await this.api.post<CaseRow>(`/handoffs/${id}`, {});
      this.take(row);
      this.select(row.id);
    } catch (error) {
      this.tell(error);
    }
  }

  holds(row: CaseRow): boolean {
    return row.agent_id === this.session.agent.value?.id && HELD.includes(row.state);
  }

  async loadCard(caseId: string): Promise<void> {
    try {
      const card = await this.api.get<CaseCard>(`/cases/${caseId}`);
      batch(() => {
        this.cards.value = new Map(this.cards.value).set(caseId, card);
        this.take(card);
        this.drafts.offer(caseId, card.draft ?? "");
      });
    } catch (error) {
      this.tell(error);
    }
  }

  /** Do `deed` to a case; true when it was done. */
  async act(row: CaseRow, deed: Deed, body: Record<string, unknown> = {}): Promise<boolean> {
    const mark = `${deed} ${row.id}`;
    if (this.busy.value.has(mark)) return false;
    this.busy.value = new Set(this.busy.value).add(mark);
    try {
      const fenced = deed === "claim" ? body : { fence: row.fence, ...body };
      this.take(await this.api.post<CaseRow>(`/cases/${row.id}/${deed}`, fenced));
      if (deed === "accept" || deed === "decline" || deed === "claim") this.offers.drop(row.id);
      if (deed === "accept" || deed === "claim") this.select(row.id);
      else if (this.selected.value === row.id) void this.loadCard(row.id);
      this.socket.heartbeat();
      return true;
    } catch (error) {
      this.tell(error, row.number);
      if (error instanceof Problem && error.status >= 400 && error.status < 500) {
        this.offers.drop(row.id);
        await this.refresh();
        if (this.selected.value === row.id) await this.loadCard(row.id);
      }
      return false;
    } finally {
      const rest = new Set(this.busy.value);
      rest.delete(mark);
      this.busy.value = rest;
    }
  }

  async reopen(row: CaseRow): Promise<boolean> {
    return this.write(() => this.api.post<CaseRow>(`/cases/${row.id}/reopen`, {}, { ifMatch: row.rev }), row);
  }

  async reassign(row: CaseRow, agentId: string | null): Promise<boolean> {
    const body = { agent_id: agentId };
    return this.write(() => this.api.post<CaseRow>(`/cases/${row.id}/reassign`, body, { ifMatch: row.rev }), row);
  }

  /** Write something to the case that is no move: a note, an identity check, a legal answer. */
  async add(row: CaseRow, what: "notes" | "identity" | "legal-answer", body: object): Promise<boolean> {
    return this.write(() => this.api.post(`/cases/${row.id}/${what}`, body), row);
  }

  /** Show why something did not work. */
  tell(error: unknown, about = ""): void {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) return;
    this.notices.add("error", error.code, about, error.message);
  }

  // What the socket asks and tells.

  csrf(): string {
    return this.api.csrf;
  }

  seen(): Record<string, number> {
    const watched = this.mine.value.map((row) => row.id);
    const selected = this.selected.value;
    if (selected && !watched.includes(selected)) watched.push(selected);
    return Object.fromEntries(watched.map((id) => [id, this.talks.seen(id) || this.rows.value.get(id)?.last_seq || 0]));
  }

  held(): Record<string, number> {
    return Object.fromEntries(this.mine.value.map((row) => [row.id, row.fence]));
  }

  onLink(link: Link): void {
    this.link.value = link;
  }

  onRefused(): void {
    void this.session.load();
  }

  onFrame(frame: ServerFrame): void {
    batch(() => this.hear(frame));
  }

  private hear(frame: ServerFrame): void {
    switch (frame.type) {
      case "hello":
        this.api.csrf = frame.data.csrf || this.api.csrf;
        this.takeAgent(frame.data.agent);
        this.notices.clearCode("offline");
        this.catchUp();
        break;
      case "offer.created":
        this.take(frame.data.case);
        this.offers.add(frame.data.case, frame.data.ring_s, serverNow());
        break;
      case "offer.gone":
        this.offerGone(frame.data.case_id, frame.data.why);
        break;
      case "case.updated":
        this.caseUpdated(frame.data.case);
        break;
      case "case.lost":
        this.caseLost(frame.data.case_id, frame.data.why);
        break;
      case "turn":
        this.talks.hear(frame.data.case_id, frame.data.turn);
        break;
      case "typing":
        this.talks.typing(frame.data.case_id, frame.data.author, frame.data.on);
        break;
      case "presence":
        this.takeAgent(frame.data.agent);
        break;
      case "queue":
        this.degraded.value = frame.data.degraded;
        this.lines.value = frame.data.lines;
        this.takeWaiting(frame.data.waiting);
        break;
      case "note":
        this.noteCame(frame.data.case_id, frame.data.note);
        break;
      case "error":
        this.notices.add("error", frame.data.code, "", frame.data.message);
        break;
      case "pong":
        break;
    }
  }

  /** A turn of a case came: mark it unread unless the agent is looking at it. */
  heard(caseId: string, fromCustomer: boolean): void {
    if (!fromCustomer) return;
    const looking = this.selected.value === caseId && this.world.visible();
    if (!looking) {
      this.unread.value = new Set(this.unread.value).add(caseId);
      this.onHeard(this.rows.value.get(caseId));
    }
  }

  markRead(caseId: string): void {
    if (!this.unread.value.has(caseId)) return;
    const rest = new Set(this.unread.value);
    rest.delete(caseId);
    this.unread.value = rest;
  }

  /** Keep `row` unless a newer one is known. */
  take(row: CaseRow): void {
    const known = this.rows.value.get(row.id);
    if (known && known.rev > row.rev) return;
    this.rows.value = new Map(this.rows.value).set(row.id, row);
  }

  private catchUp(): void {
    void this.refresh();
    const selected = this.selected.value;
    if (!selected) return;
    void this.talks.load(selected);
    void this.loadCard(selected);
  }

  /** `asked`: what was known when the server was asked; what changed since is newer than its answer. */
  private takeQueue(view: QueueView, asked: Known): void {
    batch(() => {
      this.degraded.value = view.degraded;
      this.lines.value = view.lines;
      this.forgetMissing(view, asked.rows);
      for (const row of [...view.offers, ...view.mine]) this.take(row);
      this.takeWaiting(view.waiting);
      const ringing = view.offers.filter((row) => this.rows.value.get(row.id)?.state === "offered");
      this.offers.set(ringing, asked.offers, this.session.settings.value.ring_s, serverNow());
      const unread = view.mine.filter((row) => row.unread && row.id !== this.selected.value && this.isNews(row));
      this.unread.value = new Set([...this.unread.value, ...unread.map((row) => row.id)]);
      this.queueLoaded.value = true;
    });
  }

  /** The customer's last word was not shown here yet. */
  private isNews(row: CaseRow): boolean {
    return row.last_seq > this.talks.seen(row.id);
  }

  /** Cases that the server no longer lists as ours are not ours. */
  private forgetMissing(view: QueueView, asked: ReadonlyMap<string, CaseRow>): void {
    const listed = new Set(view.mine.map((row) => row.id));
    const rows = new Map(this.rows.value);
    for (const row of this.mine.value) {
      if (!listed.has(row.id) && asked.get(row.id) === row) rows.set(row.id, { ...row, agent_id: null });
    }
    this.rows.value = rows;
  }

  private takeWaiting(waiting: readonly CaseRow[]): void {
    for (const row of waiting) this.take(row);
    this.waitingIds.value = waiting.map((row) => row.id);
  }

  private takeAgent(agent: Agent): void {
    if (agent.id === this.session.agent.value?.id) this.session.agent.value = agent;
  }

  private offerGone(caseId: string, why: string): void {
    const gone = this.offers.drop(caseId);
    if (gone && !this.acting(caseId)) this.notices.add("info", "offer_gone", gone.row.number, why);
  }

  /** Whether something is being done to a case from here. */
  private acting(caseId: string): boolean {
    return [...this.busy.value].some((mark) => mark.endsWith(` ${caseId}`));
  }

  private caseUpdated(row: CaseRow): void {
    const known = this.rows.value.get(row.id);
    this.take(row);
    if (row.state !== "offered") this.offers.drop(row.id);
    if (this.selected.value === row.id && known?.rev !== row.rev) void this.loadCard(row.id);
  }

  private caseLost(caseId: string, why: string): void {
    this.offers.drop(caseId);
    const row = this.rows.value.get(caseId);
    // What we give away ourselves is not lost.
    if (!row || !this.holds(row) || this.acting(caseId)) return;
    this.rows.value = new Map(this.rows.value).set(caseId, { ...row, agent_id: null });
    this.notices.add("error", "case_lost", row.number, why);
  }

  private noteCame(caseId: string, note: CaseCard["notes"][number]): void {
    const card = this.cards.value.get(caseId);
    if (!card || card.notes.some((one) => one.id === note.id)) return;
    this.cards.value = new Map(this.cards.value).set(caseId, { ...card, notes: [...card.notes, note] });
  }

  private async write(send: () => Promise<unknown>, row: CaseRow): Promise<boolean> {
    try {
      const answer = await send();
      if (answer && typeof answer === "object" && "rev" in answer) this.take(answer as CaseRow);
      if (this.cards.value.has(row.id)) await this.loadCard(row.id);
      return true;
    } catch (error) {
      this.tell(error, row.number);
      return false;
    }
  }

  private async uploadDraft(caseId: string, text: string, goingAway: boolean): Promise<void> {
    try {
      await this.api.put(`/cases/${caseId}/draft`, { text }, { keepalive: goingAway });
    } catch (error) {
      // The tab keeps the draft; the next keystroke tries again.
      if (!(error instanceof Problem)) throw error;
    }
  }
}
