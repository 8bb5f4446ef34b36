/** How far a frame may arrive after a newer one of the same key. Two cameras share a key and one may be seconds late: 1,024 frames are ten seconds of three layers at 30 a second. */
export const replayWindowSize = 1024;

/** Which counters of one key have been seen. Anything older than the window counts as seen. */
export class ReplayWindow {
  // The newest counter seen, or -1; bit (counter mod size) tells of each counter in (highest - size, highest].
  private highest = -1n;
  private readonly seen = new Uint32Array(replayWindowSize / 32);

  isFresh(counter: bigint): boolean {
    if (counter > this.highest) return true;
    return this.highest - counter < BigInt(replayWindowSize) && !this.bit(counter);
  }

  /** To be called only once the frame has proved authentic, or a forged counter would shut out true ones. False where another copy was quicker. */
  tryMark(counter: bigint): boolean {
    if (!this.isFresh(counter)) return false;
    if (counter > this.highest) this.advance(counter);
    const at = Number(counter % BigInt(replayWindowSize));
    this.seen[at >> 5] = (this.seen[at >> 5] ?? 0) | (1 << (at & 31));
    return true;
  }

  private advance(counter: bigint): void {
    if (counter - this.highest >= BigInt(replayWindowSize)) this.seen.fill(0);
    else for (let passed = this.highest + 1n; passed <= counter; passed++) this.clear(passed);
    this.highest = counter;
  }

  private bit(counter: bigint): boolean {
    const at = Number(counter % BigInt(replayWindowSize));
    return ((this.seen[at >> 5] ?? 0) & (1 << (at & 31))) !== 0;
  }

  private clear(counter: bigint): void {
    const at = Number(counter % BigInt(replayWindowSize));
    this.seen[at >> 5] = (this.seen[at >> 5] ?? 0) & ~(1 << (at & 31));
  }
}
