import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, Problem } from "../api";
import { answer, problem } from "./bench";

/** An API whose server gives these answers, one after the other; null = no answer. */
function served(...answers: (Response | null)[]): { api: Api; asked: { url: string; init: RequestInit }[]; told: string[] } {
  const asked: { url: string; init: RequestInit }[] = [];
  const told: string[] = [];
  const api = new Api({
    fetch: async (url, init) => {
      asked.push({ url, init });
      const next = answers.shift();
      if (!next) throw new TypeError("network");
      return next;
    },
    pause: async (ms) => void told.push(`pause ${ms}`),
    onServerTime: (ms) => void told.push(`time ${ms}`),
    onUnauthorised: () => void told.push("out"),
  });
  return { api, asked, told };
}

function headers(init: RequestInit): Record<string, string> {
  return init.headers as Record<string, string>;
}

async function refused(run: Promise<unknown>): Promise<Problem> {
  try {
    await run;
  } catch (error) {
    assert.ok(error instanceof Problem);
    return error;
  }
  throw new Error("it was not refused");
}

test("a change carries the token, a key of its own and the revision", async () => {
  const { api, asked } = served(answer(200, {}), answer(200, {}));
  api.csrf = "t";
  await api.post("/cases/1/reopen", {}, { ifMatch: 7 });
  await api.post("/cases/1/reopen", {}, { ifMatch: 7 });
  const [first, second] = asked.map(({ init }) => headers(init));
  assert.equal(first?.["X-CSRF-Token"], "t");
  assert.equal(first?.["If-Match"], '"7"');
  assert.match(first?.["Idempotency-Key"] ?? "", /^[0-9a-f-]{36}$/);
  assert.notEqual(first?.["Idempotency-Key"], second?.["Idempotency-Key"]);
});

test("reading carries no token, and empty filters are left out", async () => {
  const { api, asked } = served(answer(200, { items: [] }));
  await api.get("/cases", { state: "", kind: "complaint", after: null, limit: 30 });
  assert.equal(asked[0]?.url, "/api/v1/cases?kind=complaint&limit=30");
  assert.equal(headers(asked[0]!.init)["X-CSRF-Token"], undefined);
});

test("a request without an answer is repeated once, under the same key", async () => {
  const { api, asked, told } = served(null, answer(200, { ok: true }));
  assert.deepEqual(await api.post("/cases/1/hold", { fence: 1 }), { ok: true });
  const keys = asked.map(({ init }) => headers(init)["Idempotency-Key"]);
  assert.equal(keys[0], keys[1]);
  assert.deepEqual(told, ["pause 400"]);
});

test("no answer twice is a problem of its own", async () => {
  const { api } = served(null, null);
  const error = await refused(api.get("/queue"));
  assert.deepEqual([error.status, error.code], [0, "offline"]);
});

test("a problem keeps its code and its members", async () => {
  const { api } = served(problem(409, "missed", { missed: [{ seq: 5 }] }));
  const error = await refused(api.post("/cases/1/messages"));
  assert.equal(error.code, "missed");
  assert.deepEqual(error.body.missed, [{ seq: 5 }]);
});

test("an error page of a proxy is told as unavailable", async () => {
  const { api } = served(new Response("<html>", { status: 502 }));
  assert.equal((await refused(api.get("/queue"))).code, "unavailable");
});

test("a token that is out of date is renewed and the change sent again", async () => {
  const { api, asked } = served(
    problem(403, "bad_csrf"),
    answer(200, { agent: {}, csrf: "new" }),
    answer(200, { done: 1 }),
  );
  assert.deepEqual(await api.post("/logout"), { done: 1 });
  assert.equal(headers(asked[2]!.init)["X-CSRF-Token"], "new");
});

test("being logged out is told, and so is the server's time", async () => {
  const out = problem(401, "logged_out");
  out.headers.set("Date", "Tue, 24 Nov 2026 10:00:00 GMT");
  const { api, told } = served(out);
  await refused(api.get("/queue"));
  assert.deepEqual(told, [`time ${Date.parse("2026-11-24T10:00:00Z")}`, "out"]);
});
