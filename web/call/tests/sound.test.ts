import assert from "node:assert/strict";
import { test } from "node:test";
import { Player } from "../player";
import { read } from "../protocol";
import { fromPcm, Resampler, toPcm } from "../resampler";

function tone(hz: number, rateHz: number, seconds = 0.5): Float32Array {
  return Float32Array.from({ length: rateHz * seconds }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz) / 2);
}

/** Loudness of the middle of the sound. */
function loudness(samples: Float32Array): number {
  const middle = samples.subarray(samples.length / 4, (samples.length * 3) / 4);
  return Math.sqrt(middle.reduce((sum, x) => sum + x * x, 0) / middle.length);
}

/** The tone's frequency, by its zero crossings. */
function pitch(samples: Float32Array, rateHz: number): number {
  let crossings = 0;
  for (let i = 1; i < samples.length; i++) if (samples[i - 1]! < 0 !== samples[i]! < 0) crossings++;
  return (crossings / 2 / samples.length) * rateHz;
}

for (const [from, to] of [[48_000, 16_000], [44_100, 16_000], [16_000, 48_000], [16_000, 44_100], [16_000, 16_000]] as const) {
  test(`a tone stays itself from ${from} to ${to} Hz`, () => {
    const resampler = new Resampler(from, to);
    const sound = tone(1000, from);
    const out: number[] = [];
    for (let at = 0; at < sound.length; at += 128) out.push(...resampler.convert(sound.subarray(at, at + 128)));
    assert.ok(Math.abs(out.length - to / 2) < 30, `${out.length} samples`);
    assert.ok(Math.abs(loudness(Float32Array.from(out)) - loudness(sound)) < 0.005);
    assert.ok(Math.abs(pitch(Float32Array.from(out), to) - 1000) < 10);
  });
}

test("what 16 kHz cannot carry is stopped", () => {
  const out = new Resampler(48_000, 16_000).convert(tone(11_000, 48_000));
  assert.ok(loudness(out) < 0.02, String(loudness(out)));
});

test("samples of 16 bit both ways, and what is too loud is cut off", () => {
  assert.deepEqual([...toPcm(Float32Array.of(0, 0.5, -1, 2, -2))], [0, 16_384, -32_768, 32_767, -32_768]);
  assert.deepEqual([...fromPcm(Int16Array.of(0, 16_384, -32_768))], [0, 0.5, -1]);
});

test("sound is played in order, with silence after it, and marks are told when they are reached", () => {
  const player = new Player();
  player.put(Float32Array.of(1, 2, 3));
  player.mark("a");
  player.put(Float32Array.of(4));
  player.mark("b");
  const out = new Float32Array(2);
  assert.deepEqual([player.fill(out), [...out]], [[], [1, 2]]);
  assert.deepEqual([player.fill(out), [...out]], [["a", "b"], [3, 4]]);
  assert.deepEqual([player.fill(out), [...out]], [[], [0, 0]]);
  player.mark("c");
  assert.deepEqual(player.fill(out), ["c"]);
});

test("what is flushed is neither played nor told", () => {
  const player = new Player();
  player.put(Float32Array.of(1, 2, 3));
  player.mark("never");
  player.flush();
  player.put(Float32Array.of(9));
  const out = new Float32Array(2);
  assert.deepEqual([player.fill(out), [...out]], [[], [9, 0]]);
});

test("messages are read, unknown ones passed over", () => {
  assert.deepEqual(read('{"type":"caption","who":"bot","text":"x"}'), { type: "caption", who: "bot", text: "x" });
  for (const text of ["null", "7", "{}", '{"type":"new"}', '{"type":"mark"}', '{"type":"constructor"}']) {
    assert.equal(read(text), null, text);
  }
});
