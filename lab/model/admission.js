/**
 * How a carrier behaves, set by a switch on the page.
 * - normal: takes everything at once.
 * - slow: takes everything, after 2 to 8 seconds.
 * - throttled: takes THROTTLED_PER_SECOND messages a second and asks to come back for the others.
 * - down: nobody answers; the carrier closes its doors (this file says "refuse" to what was on its way).
 * @typedef {'normal' | 'slow' | 'throttled' | 'down'} CarrierMode
 * @typedef {'accept' | 'throttle' | 'refuse'} Verdict
 */

export const CARRIER_MODES = /** @type {const} */ (['normal', 'slow', 'throttled', 'down']);

/** Low enough that an alert to a few hundred people visibly waits its turn. */
export const THROTTLED_PER_SECOND = 5;

const SLOWEST_MS = 8_000;
const QUICKEST_SLOW_MS = 2_000;

/** Decides what becomes of each message that a client hands to one carrier. */
export class Admission {
  /** @type {CarrierMode} */
  mode = 'normal';

  accepted = 0;
  turnedAway = 0;

  #second = -1;
  #takenThisSecond = 0;

  /**
   * @param {import('./random.js').Random} random
   * @param {import('./clock.js').Clock} clock
   */
  constructor(random, clock) {
    this.random = random;
    this.clock = clock;
  }

  /** @returns {Promise<Verdict>} */
  async ask() {
    const verdict = await this.#decide();
    if (verdict === 'accept') this.accepted += 1;
    else this.turnedAway += 1;
    return verdict;
  }

  /** @returns {Promise<Verdict>} */
  async #decide() {
    switch (this.mode) {
      case 'normal':
        return 'accept';
      case 'slow':
        await this.clock.delay(this.random.between(QUICKEST_SLOW_MS, SLOWEST_MS));
        return 'accept';
      case 'throttled':
        return this.#hasRoomThisSecond() ? 'accept' : 'throttle';
      case 'down':
        return 'refuse';
    }
  }

  #hasRoomThisSecond() {
    const second = Math.floor(this.clock.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#takenThisSecond = 0;
    }
    this.#takenThisSecond += 1;
    return this.#takenThisSecond <= THROTTLED_PER_SECOND;
  }
}
