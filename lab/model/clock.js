/**
 * Time as a parameter, so that tests need not wait.
 * @typedef {object} Clock
 * @property {() => number} now Unix milliseconds.
 * @property {(milliseconds: number) => Promise<void>} delay
 */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  // unref: a message still on its way does not keep the lab from ending.
  delay: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref()),
};
