import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { verifyVapid } from './vapid.js';

/** RFC 8030 section 7.2: a push service need take no more. */
const MAXIMUM_BODY_BYTES = 4096;

const RETRY_AFTER_S = 7;

/**
 * What the service does with a push. 'hang-up' cuts every connection; 'silent' answers only once `breakSilence` is called.
 * @typedef {'accept' | 'refuse' | 'throttle' | 'silent' | 'hang-up'} PushVerdict
 */

/**
 * A push as the service sees it: it can't read the body.
 * @typedef {object} Push
 * @property {string} id
 * @property {string} endpoint
 * @property {Buffer} body
 * @property {number} ttl Seconds.
 * @property {string} urgency
 * @property {string | undefined} topic
 * @property {string} senderKey The sender's VAPID public key.
 */

/** A push service (RFC 8030) on this machine: gives out endpoints, checks what is posted to them as the big ones do, and hands it on. */
export class PushService {
  /** @type {import('node:http').Server | undefined} */
  #server;

  /** @type {Map<string, (push: Push) => void | Promise<void>>} Per path. */
  #subscribers = new Map();

  /** @type {(() => void)[]} Answers that are being withheld. */
  #silent = [];

  #port;

  /**
   * @param {object} options
   * @param {string} [options.host]
   * @param {number} [options.port] 0 takes a free one, which is kept from then on.
   * @param {(endpoint: string) => PushVerdict | Promise<PushVerdict>} [options.decide]
   * @param {() => number} [options.now] Unix milliseconds.
   */
  constructor({ host = '127.0.0.1', port = 0, decide = () => 'accept', now = Date.now } = {}) {
    this.host = host;
    this.decide = decide;
    this.now = now;
    this.#port = port;
  }

  get origin() {
    return `http://${this.host}:${this.#port}`;
  }

  async open() {
    const server = createServer((request, response) => {
      this.#take(request, response).catch(() => response.destroy());
    });
    await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.host, () => resolve(undefined));
    });
    this.#port = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
    this.#server = server;
  }

  async close() {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(() => resolve(undefined)));
    server.closeAllConnections();
    await closed;
  }

  /**
   * A new endpoint.
   * @param {(push: Push) => void | Promise<void>} onPush Called before the sender is answered.
   * @returns {string}
   */
  subscribe(onPush) {
    const path = `/push/${randomUUID()}`;
    this.#subscribers.set(path, onPush);
    return `${this.origin}${path}`;
  }

  /** @param {string} endpoint From now on 410. */
  unsubscribe(endpoint) {
    this.#subscribers.delete(new URL(endpoint).pathname);
  }

  /** Accepts everything that it was silent on. */
  breakSilence() {
    for (const accept of this.#silent.splice(0)) accept();
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #take(request, response) {
    const subscriber = this.#subscribers.get(request.url ?? '');
    const body = await readBody(request);
    if (request.method !== 'POST') return answer(response, 405);
    if (!subscriber) return answer(response, 410);
    if (body === undefined) return answer(response, 413);
    if (request.headers['content-encoding'] !== 'aes128gcm') return answer(response, 400, 'content-encoding');
    const ttl = Number(request.headers.ttl ?? 'none');
    if (!Number.isInteger(ttl) || ttl < 0) return answer(response, 400, 'ttl');
    const topic = /** @type {string | undefined} */ (request.headers.topic);
    if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic)) return answer(response, 400, 'topic');
    const vapid = verifyVapid(request.headers.authorization, { audience: this.origin, nowMs: this.now() });
    if (!vapid.ok) return answer(response, 403, vapid.why);

    const endpoint = `${this.origin}${request.url}`;
    const push = { id: randomUUID(), endpoint, body, ttl, urgency: String(request.headers.urgency ?? 'normal'), topic, senderKey: vapid.key };
    await subscriber(push);
    await this.#answer(push, response);
  }

  /**
   * @param {Push} push
   * @param {import('node:http').ServerResponse} response
   */
  async #answer(push, response) {
    const accept = () => response.writeHead(201, { location: `${this.origin}/message/${push.id}`, ttl: push.ttl }).end();
    switch (await this.decide(push.endpoint)) {
      case 'accept':
        return accept();
      case 'refuse':
        return answer(response, 410);
      case 'throttle':
        return response.writeHead(429, { 'retry-after': `${RETRY_AFTER_S}` }).end();
      case 'silent':
        return this.#silent.push(accept);
      case 'hang-up':
        return this.#server?.closeAllConnections();
    }
  }
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {string} [why]
 */
function answer(response, status, why = '') {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(why);
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Buffer | undefined>} Undefined where it is too long.
 */
async function readBody(request) {
  /** @type {Buffer[]} */
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length <= MAXIMUM_BODY_BYTES) pieces.push(piece);
  }
  return length <= MAXIMUM_BODY_BYTES ? Buffer.concat(pieces) : undefined;
}
