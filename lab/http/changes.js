/** Changes are told in batches this far apart: an alert to thousands must not become thousands of events a second. */
const BATCH_MS = 100;

/** A page that reads too slowly is cut off; it reconnects and reads the whole state. */
const MAXIMUM_UNREAD_BYTES = 1024 * 1024;

const MAXIMUM_PAGES = 50;

/** Keeps a connection through proxies, and finds out that a page has gone. */
const HEARTBEAT_MS = 15_000;

/** Tells every open page what has changed, as server-sent events. Nothing is kept for a page that was away: it reads the state again when it returns. */
export class ChangeFeed {
  /** @type {Set<import('node:http').ServerResponse>} */
  #pages = new Set();

  /** @type {Map<number, import('../model/messages.js').Message>} */
  #messages = new Map();

  #carriersChanged = false;
  #peopleChanged = false;

  /** @type {NodeJS.Timeout | null} */
  #batch = null;

  /** @param {import('../model/exchange.js').Exchange} exchange */
  constructor(exchange) {
    this.exchange = exchange;
    exchange.on('message', (message) => {
      this.#messages.set(message.id, message);
      // The counters of the carriers move with each message.
      this.#carriersChanged = true;
      this.#tellSoon();
    });
    exchange.on('carrier', () => {
      this.#carriersChanged = true;
      this.#tellSoon();
    });
    exchange.on('people', () => {
      this.#peopleChanged = true;
      this.#tellSoon();
    });
    this.heartbeat = setInterval(() => this.#write(': still here\n\n'), HEARTBEAT_MS).unref();
  }

  /** @param {import('node:http').ServerResponse} response */
  add(response) {
    if (this.#pages.size >= MAXIMUM_PAGES) {
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 1000\n\n');
    this.#pages.add(response);
    response.on('close', () => this.#pages.delete(response));
  }

  close() {
    clearInterval(this.heartbeat);
    if (this.#batch) clearTimeout(this.#batch);
    for (const page of this.#pages) page.end();
  }

  #tellSoon() {
    this.#batch ??= setTimeout(() => this.#tell(), BATCH_MS).unref();
  }

  #tell() {
    this.#batch = null;
    const changes = {
      messages: [...this.#messages.values()],
      carriers: this.#carriersChanged ? this.exchange.carriers() : undefined,
      people: this.#peopleChanged ? [...this.exchange.people.all()] : undefined,
    };
    this.#messages.clear();
    this.#carriersChanged = false;
    this.#peopleChanged = false;
    if (this.#pages.size > 0) this.#write(`event: changes\ndata: ${JSON.stringify(changes)}\n\n`);
  }

  /** @param {string} text */
  #write(text) {
    for (const page of this.#pages) {
      page.write(text);
      if (page.writableLength > MAXIMUM_UNREAD_BYTES) page.destroy();
    }
  }
}
