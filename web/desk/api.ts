/** The desk's HTTP client: CSRF token, idempotency keys, problems as errors. */

import { newId } from "../widget/ids";
import type { Me } from "./types";

/** Why a request failed: an RFC 9457 problem, or `offline` when there was no answer. */
export class Problem extends Error {
  constructor(
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    readonly code: string,
    message: string,
    /** The whole problem document, for members of its own like `missed`. */
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export interface ApiWorld {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Wait before the one repetition of a request that was not answered. */
  pause(ms: number): Promise<void>;
  /** The server's clock, from the `Date` of an answer, in ms since 1970. */
  onServerTime?(ms: number): void;
  onUnauthorised?(): void;
}

type Query = Record<string, string | number | boolean | null | undefined>;

interface Options {
  /** Same key, same request: the server answers a repetition with the first answer. */
  key?: string;
  /** `rev` of the case, for changes that carry no fence. */
  ifMatch?: number;
  /** Let the browser finish it when the page goes away. */
  keepalive?: boolean;
}

const REPEAT_AFTER_MS = 400;

export class Api {
  csrf = "";

  constructor(
    private readonly world: ApiWorld,
    private readonly base = "/api/v1",
  ) {}

  get<T>(path: string, query: Query = {}): Promise<T> {
    const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
    const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
    return this.send<T>("GET", search ? `${path}?${search}` : path, undefined, {});
  }

  post<T>(path: string, body: unknown = {}, options: Options = {}): Promise<T> {
    return this.send<T>("POST", path, body, { ...options, key: options.key ?? newId() });
  }

  put<T>(path: string, body: unknown, options: Options = {}): Promise<T> {
    return this.send<T>("PUT", path, body, options);
  }

  patch<T>(path: string, body: unknown, options: Options = {}): Promise<T> {
    return this.send<T>("PATCH", path, body, options);
  }

  delete<T>(path: string): Promise<T> {
    return this.send<T>("DELETE", path, undefined, {});
  }

  /** Who is logged in; also renews the CSRF token. */
  async me(): Promise<Me> {
    const me = await this.get<Me>("/me");
    this.csrf = me.csrf;
    return me;
  }

  private async send<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
    try {
      return await this.once<T>(method, path, body, options);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 403 && error.code.includes("csrf") && method !== "GET") {
        await this.me();
        return this.once<T>(method, path, body, options);
      }
      // Every request here may be repeated: those that could count twice carry a key.
      if (error.code !== "offline" || options.keepalive) throw error;
      await this.world.pause(REPEAT_AFTER_MS);
      return this.once<T>(method, path, body, options);
    }
  }

  private async once<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRF-Token"] = this.csrf;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (options.key) headers["Idempotency-Key"] = options.key;
    if (options.ifMatch !== undefined) headers["If-Match"] = `"${options.ifMatch}"`;
    const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (options.keepalive) init.keepalive = true;
    let response: Response;
    try {
      response = await this.world.fetch(this.base + path, init);
    } catch {
      throw new Problem(0, "offline", "no answer");
    }
    this.tellTime(response);
    if (response.ok) return (await readJson(response)) as T;
    const problem = await readProblem(response);
    if (problem.status === 401) this.world.onUnauthorised?.();
    throw problem;
  }

  private tellTime(response: Response): void {
    const at = Date.parse(response.headers.get("Date") ?? "");
    if (!Number.isNaN(at)) this.world.onServerTime?.(at);
  }
}

async function readJson(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  const text = await response.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(response.status, "unreadable", "the answer could not be read");
  }
}

async function readProblem(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = await response.json();
    if (parsed && typeof parsed === "object") body = parsed as Record<string, unknown>;
  } catch {
    // A proxy's error page: the status says enough.
  }
  const code = typeof body.code === "string" ? body.code : response.status >= 500 ? "unavailable" : "refused";
  const message = [body.detail, body.title].find((part) => typeof part === "string" && part);
  return new Problem(response.status, code, String(message ?? response.status), body);
}
