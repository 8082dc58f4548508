/** What the desk's server sends and takes: the JSON of `/api/v1` and of its socket. */

export type Language = "pl" | "en";
export type Role = "agent" | "supervisor" | "editor" | "admin";
export type Presence = "available" | "busy" | "break" | "offline";
export type CaseState =
  | "bot"
  | "queued"
  | "offered"
  | "active"
  | "on_hold"
  | "wrap_up"
  | "closed"
  | "abandoned"
  | "callback_scheduled"
  | "left_message";
export type Kind = "question" | "complaint" | "withdrawal" | "privacy_request" | "callback";
export type Priority = "urgent" | "high" | "normal" | "low";

export interface Agent {
  id: string;
  login: string;
  name: string;
  role: Role;
  languages: string[];
  skills: Record<string, number>;
  capacity: Record<string, number>;
  presence: Presence;
  presence_reason: string | null;
  presence_since: string;
  active?: boolean;
}

export interface Legal {
  regime: string;
  received_at: string;
  due: string;
  answered_at: string | null;
  durable_medium: string | null;
}

export interface CaseRow {
  id: string;
  number: string;
  rev: number;
  state: CaseState;
  kind: Kind;
  channel: string;
  language: string;
  reason: string;
  detail: string;
  skill: string;
  level: number;
  priority: Priority;
  priority_reasons: string[];
  agent_id: string | null;
  agent: string | null;
  fence: number;
  conversation_id: string;
  created_at: string;
  queued_at: string;
  due_at: string;
  answered_at: string | null;
  closed_at: string | null;
  legal: Legal | null;
  /** Without `from`: as soon as possible. */
  callback: { phone: string; from?: string; to?: string } | null;
  wake_at: string | null;
  summary_line: string;
  lease_until: string | null;
  /** The call that goes on: its caller waits in the PBX's queue, or talks with the agent. */
  call_id?: string | null;
  last_seq: number;
  unread: boolean;
}

export interface Sourced {
  turns: number[];
}

export interface Summary {
  text: string;
  sentences: (Sourced & { text: string })[];
  tried: (Sourced & { text: string; ok: boolean })[];
  facts: (Sourced & { name: string; label: string; value: string })[];
  question: string | null;
}

export interface Note {
  id: string;
  agent: string;
  text: string;
  at: string;
}

export interface FileRef {
  id: string;
  name: string;
  kind: string;
  size: number;
  at?: string;
}

export interface IdentityCheck {
  method: string;
  passed: boolean;
  at: string;
  agent: string;
}

export interface CaseCard extends CaseRow {
  context: Record<string, unknown>;
  summary: Summary;
  identity: { level: string; method: string | null; orders: string[]; checks: IdentityCheck[] };
  notes: Note[];
  files: FileRef[];
  receipts: { number: string; kind: string; file_id: string; issued_at: string }[];
  history: CaseRow[];
  linked: string[];
  instruction: string | null;
  outcome: string | null;
  disposition: string | null;
  draft: string;
  csat: number | null;
  wrap_up_note: string;
}

/** What a spoken turn has besides its text; ms since the call began. */
export interface Speech {
  from_ms: number | null;
  to_ms: number | null;
  /** As heard, numbers still in words. */
  words: { text: string; confidence: number; unsure: boolean }[];
  /** The caller broke in when so much had been played; the text ends there. */
  heard_ms: number | null;
}

export interface Turn {
  seq: number;
  id: string;
  author: "customer" | "bot" | "agent" | "system";
  text: string;
  name: string | null;
  at: string;
  language: string;
  buttons: { title: string }[];
  client_id: string | null;
  files?: FileRef[] | null;
  speech?: Speech | null;
}

export interface CaseEvent {
  n: number;
  type: string;
  at: string;
  actor: string;
  data: Record<string, unknown>;
  hash: string;
}

export interface Choice {
  code: string;
  label: string;
}

export interface DeskSettings {
  wrap_up_s: number;
  ring_s: number;
  dispositions: Choice[];
  break_reasons: Choice[];
  skills: Choice[];
}

export interface Me {
  agent: Agent;
  csrf: string;
  oidc?: boolean;
  settings?: DeskSettings;
}

export interface Line {
  route: string;
  waiting: number;
  longest_wait_s: number;
}

export interface QueueView {
  degraded: boolean;
  lines: Line[];
  offers: CaseRow[];
  mine: CaseRow[];
  waiting: CaseRow[];
}

export interface Suggestion {
  source: "article" | "canned";
  id: string;
  title: string;
  text: string;
  score: number;
}

export interface Article {
  id: string;
  title: string;
  text: string;
  language: string;
}

export interface Canned {
  id: string;
  shortcut: string;
  language: string;
  title: string;
  text: string;
  intents?: string[];
}

export interface WallLine extends Line {
  language: string;
  skill: string;
  channel: string;
  level: number;
  at_risk: number;
  breached: number;
}

export interface WallAgent extends Agent {
  load: Record<string, number>;
  cases: string[];
}

export interface Wall {
  at: string;
  degraded: boolean;
  lines: WallLine[];
  agents: WallAgent[];
  bot: { conversations_now: number; contained_today: number };
  today: {
    queued: number;
    answered: number;
    abandoned: number;
    service_level: number | null;
    asa_s: number | null;
  };
}

export interface LegalItem {
  case: CaseRow;
  days_left: number;
  due: string;
  regime: string;
}

export interface Kpi {
  id: string;
  name: string;
  definition: string;
  unit: string;
  /** What it can be split by; everything when not told. */
  groups?: string[];
}

export interface Report {
  kpi: string;
  name: string;
  definition: string;
  unit: string;
  total: { value: number | null; n: number };
  groups: { key: string; label: string; value: number | null; n: number; cases: string[] }[];
}

/** What the server says over the socket. */
export type ServerFrame =
  | { type: "hello"; data: { agent: Agent; csrf: string } }
  | { type: "offer.created"; data: { case: CaseRow; ring_s: number } }
  | { type: "offer.gone"; data: { case_id: string; why: string } }
  | { type: "case.updated"; data: { case: CaseRow } }
  | { type: "case.lost"; data: { case_id: string; why: string } }
  | { type: "turn"; data: { case_id: string; turn: Turn } }
  | { type: "typing"; data: { case_id: string; author: string; on: boolean } }
  | { type: "presence"; data: { agent: Agent } }
  | { type: "queue"; data: { degraded: boolean; lines: Line[]; waiting: CaseRow[] } }
  | { type: "note"; data: { case_id: string; note: Note } }
  | { type: "error"; data: { code: string; message: string; ref?: string | null } }
  | { type: "pong"; data: Record<string, never> };

/** What the desk says over the socket. */
export type DeskFrame =
  | { type: "hello"; data: { csrf: string; seen: Record<string, number> } }
  | { type: "heartbeat"; data: { cases: Record<string, number> } }
  | { type: "typing"; data: { case_id: string; on: boolean } }
  | { type: "watch"; data: { case_id: string } }
  | { type: "ping"; data: Record<string, never> };
