import assert from "node:assert/strict";
import { test } from "node:test";
import { BadFrameError, readFrame } from "../protocol";
import { turn, welcome } from "./samples";

test("frames are read as they were written", () => {
  const frames = [
    welcome(7),
    turn(2, { files: [{ id: "f1", name: "żółw.jpg", kind: "image/jpeg", size: 4096 }] }),
    turn(3, { buttons: [{ title: "Tak", payload: "/affirm" }], client_id: "m1", name: "Anna" }),
    { type: "ack", client_id: "m1", seq: 4 },
    { type: "typing", author: "agent", on: true },
    { type: "queue", position: 2, waiting: { from_min: 2, to_min: 4 } },
    { type: "queue", position: 2, waiting: null },
    { type: "controller", controller: "agent", name: "Anna" },
    { type: "error", code: "too_many", message: "x", client_id: null, retryable: true },
    { type: "csat", case: "k1" },
    { type: "pong" },
  ];
  for (const frame of frames) assert.deepEqual(readFrame(JSON.stringify(frame)), frame);
});

test("a turn of an older server has no files, and a rated case is asked about no more", () => {
  const { files: _, ...older } = turn(1);
  assert.deepEqual(readFrame(JSON.stringify(older)), turn(1));
  assert.deepEqual(readFrame('{"type": "rated", "case": "k1"}'), { type: "csat", case: null });
});

test("a frame of a newer server is unknown, not an error", () => {
  assert.deepEqual(readFrame('{"type": "confetti"}'), { type: "unknown" });
});

test("malformed frames are refused", () => {
  const malformed = [
    "",
    "{",
    "null",
    "3",
    '{"type": "ack", "client_id": 3, "seq": 4}',
    '{"type": "ack", "client_id": "m1", "seq": -1}',
    '{"type": "typing", "author": "cat", "on": true}',
    '{"type": "controller", "controller": "nobody"}',
    '{"type": "welcome", "conversation": "c1"}',
    JSON.stringify({ ...turn(1), buttons: "none" }),
    JSON.stringify({ ...turn(1), files: [{ id: "f1" }] }),
    '{"type": "csat"}',
    new ArrayBuffer(3),
  ];
  for (const data of malformed) assert.throws(() => readFrame(data), BadFrameError);
});
