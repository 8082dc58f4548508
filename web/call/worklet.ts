/**
 * What runs on the browser's audio thread: `capture` tells 20 ms of the microphone at a time, 16 kHz
 * and 16 bit; `playback` plays such sound. Messages to `playback`: a buffer of sound, `{mark}`,
 * `{flush: true}`; from it: `{mark}` when it was reached.
 */

import { Player } from "./player";
import { FRAME, RATE_HZ } from "./protocol";
import { fromPcm, Resampler, toPcm } from "./resampler";

class Capture extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate, RATE_HZ);
  private readonly frame = new Float32Array(FRAME);
  private filled = 0;

  process(inputs: Float32Array[][]): boolean {
    const microphone = inputs[0]?.[0];
    if (!microphone) return true;
    for (const sample of this.resampler.convert(microphone)) {
      this.frame[this.filled++] = sample;
      if (this.filled < FRAME) continue;
      const { buffer } = toPcm(this.frame);
      this.port.postMessage(buffer, [buffer]);
      this.filled = 0;
    }
    return true;
  }
}

class Playback extends AudioWorkletProcessor {
  private readonly player = new Player();
  private resampler = new Resampler(RATE_HZ, sampleRate);

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ArrayBuffer | { mark: string } | { flush: true }>) => {
      if (data instanceof ArrayBuffer) {
        this.player.put(this.resampler.convert(fromPcm(new Int16Array(data))));
      } else if ("mark" in data) {
        this.player.mark(data.mark);
      } else {
        this.player.flush();
        this.resampler = new Resampler(RATE_HZ, sampleRate);
      }
    };
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const out = outputs[0]?.[0];
    if (out) for (const mark of this.player.fill(out)) this.port.postMessage({ mark });
    return true;
  }
}

registerProcessor("capture", Capture);
registerProcessor("playback", Playback);
