/** Changes the rate of a stream of samples: a windowed sinc, eight zero crossings to each side. */

const CROSSINGS = 8;

export class Resampler {
  private readonly step: number;
  private readonly cutoff: number;
  private readonly reach: number;
  private past: Float32Array;
  /** Of the next sample to come out, among those of `past`. */
  private position: number;

  constructor(fromHz: number, toHz: number) {
    this.step = fromHz / toHz;
    this.cutoff = Math.min(1, toHz / fromHz);
    this.reach = Math.ceil(CROSSINGS / this.cutoff);
    this.past = new Float32Array(this.reach);
    this.position = this.reach;
  }

  convert(input: Float32Array): Float32Array {
    const samples = new Float32Array(this.past.length + input.length);
    samples.set(this.past);
    samples.set(input, this.past.length);
    const out: number[] = [];
    while (this.position + this.reach < samples.length) {
      out.push(this.at(samples, this.position));
      this.position += this.step;
    }
    const kept = Math.max(Math.floor(this.position) - this.reach, 0);
    this.past = samples.slice(kept);
    this.position -= kept;
    return Float32Array.from(out);
  }

  private at(samples: Float32Array, position: number): number {
    const from = Math.max(Math.ceil(position - this.reach), 0);
    const to = Math.min(Math.floor(position + this.reach), samples.length - 1);
    let sum = 0;
    for (let i = from; i <= to; i++) sum += samples[i]! * this.weight(i - position);
    return sum;
  }

  private weight(distance: number): number {
    if (distance === 0) return this.cutoff;
    const x = Math.PI * distance;
    const window = 0.5 + 0.5 * Math.cos(x / this.reach);
    return (Math.sin(this.cutoff * x) / x) * window;
  }
}

/** 16-bit samples of -1 … 1. */
export function toPcm(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (x) => Math.max(-32_768, Math.min(32_767, Math.round(x * 32_768))));
}

/** -1 … 1 of 16-bit samples. */
export function fromPcm(pcm: Int16Array): Float32Array {
  return Float32Array.from(pcm, (x) => x / 32_768);
}
