/** Sound that waits to be heard, and marks in it. */

export class Player {
  private readonly waiting: (Float32Array | string)[] = [];

  /** Play this behind everything else. */
  put(samples: Float32Array): void {
    if (samples.length) this.waiting.push(samples);
  }

  /** Tell when everything put in so far has been heard. */
  mark(name: string): void {
    this.waiting.push(name);
  }

  /** Forget everything. */
  flush(): void {
    this.waiting.length = 0;
  }

  /** Fill `out` with sound, or silence where there is none; the marks that were reached. */
  fill(out: Float32Array): string[] {
    const reached: string[] = [];
    let filled = 0;
    for (let head = this.waiting[0]; head !== undefined; head = this.waiting[0]) {
      if (typeof head === "string") {
        reached.push(head);
        this.waiting.shift();
        continue;
      }
      if (filled === out.length) break;
      const piece = head.subarray(0, out.length - filled);
      out.set(piece, filled);
      filled += piece.length;
      if (piece.length === head.length) this.waiting.shift();
      else this.waiting[0] = head.subarray(piece.length);
    }
    out.fill(0, filled);
    return reached;
  }
}
