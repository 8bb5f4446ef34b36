import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:tls';
import { bytes, fixed64, integer, readVarint, strings, varint } from './protobuf.js';

const PROTOCOL_VERSION = 41;
const HEARTBEAT_PING = 0;
const HEARTBEAT_ACK = 1;
const LOGIN_REQUEST = 2;
const LOGIN_RESPONSE = 3;
const DATA_MESSAGE = 8;

const DEVICE_ID = 4_711_000_001n;
const DEVICE_SECRET = 8_150_000_001n;

/**
 * The services that a Chromium keeps its push connection with, on this machine: check-in, registration, and the connection over which pushes come down
 * (MCS). So a real browser gets what a push service took, and decrypts it itself.
 *
 * The messages are those of Chromium's own google_apis/gcm/protocol: checkin.proto and mcs.proto. On the connection each side says its version in one octet, and
 * then each message is a tag octet, its length as a varint, and the message.
 */
export class ChromiumGateway {
  /** @type {Map<string, URLSearchParams>} What the browser registered, by the token that it got for it. */
  #registrations = new Map();

  /** @type {import('node:tls').TLSSocket | undefined} Logged in. The browser reconnects as it likes. */
  #browser;

  /** @type {Map<string, Buffer>} What the browser has not said that it got, by persistent id. Sent again when it reconnects. */
  #pending = new Map();

  #lastMessage = 0;

  /** @param {{ certificate: Buffer, key: Buffer }} tls For 127.0.0.1; the browser is told to take just this one. */
  constructor({ certificate, key }) {
    this.certificate = certificate;
    this.http = createHttpServer((request, response) => this.#answer(request, response));
    this.connections = createTlsServer({ cert: certificate, key }, (socket) => this.#serve(socket));
  }

  async open() {
    for (const server of [this.http, this.connections]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
  }

  close() {
    this.#browser?.destroy();
    this.connections.close();
    this.http.close();
    this.http.closeAllConnections();
  }

  /** What the browser is started with. */
  get switches() {
    const port = (/** @type {import('node:net').Server} */ server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port;
    const publicKey = new X509Certificate(this.certificate).publicKey.export({ type: 'spki', format: 'der' });
    return [
      `--gcm-checkin-url=http://127.0.0.1:${port(this.http)}/checkin`,
      `--gcm-registration-url=http://127.0.0.1:${port(this.http)}/register`,
      `--gcm-mcs-endpoint=https://127.0.0.1:${port(this.connections)}`,
      `--ignore-certificate-errors-spki-list=${createHash('sha256').update(publicKey).digest('base64')}`,
    ];
  }

  /**
   * Sends a push down to the browser.
   * @param {string} token The end of the endpoint that the browser gave its page.
   * @param {Buffer} body As it was posted, encrypted.
   * @param {number} ttl Seconds.
   */
  deliver(token, body, ttl) {
    const registration = this.#registrations.get(token);
    if (!registration) throw new Error('no such registration');
    this.#lastMessage += 1;
    const persistentId = `persistent-${this.#lastMessage}`;
    const message = Buffer.concat([
      bytes(2, `message-${this.#lastMessage}`),
      bytes(3, registration.get('sender') ?? ''),
      bytes(5, registration.get('app') ?? ''),
      bytes(7, Buffer.concat([bytes(1, 'subtype'), bytes(2, registration.get('X-subtype') ?? '')])),
      bytes(7, Buffer.concat([bytes(1, 'content-encoding'), bytes(2, 'aes128gcm')])),
      bytes(9, persistentId),
      integer(16, 0),
      integer(17, ttl),
      integer(18, Date.now()),
      bytes(21, body),
    ]);
    this.#pending.set(persistentId, frame(DATA_MESSAGE, message));
    this.#browser?.write(frame(DATA_MESSAGE, message));
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #answer(request, response) {
    const body = (await request.setEncoding('latin1').toArray()).join('');
    if (request.url?.startsWith('/checkin')) {
      const answer = [integer(1, true), integer(3, Date.now()), integer(6, true), fixed64(7, DEVICE_ID), fixed64(8, DEVICE_SECRET)];
      response.setHeader('content-type', 'application/x-protobuf').end(Buffer.concat(answer));
      return;
    }
    const token = `token-${this.#registrations.size + 1}`;
    this.#registrations.set(token, new URLSearchParams(body));
    response.end(`token=${token}`);
  }

  /** @param {import('node:tls').TLSSocket} socket */
  #serve(socket) {
    let input = Buffer.alloc(0);
    let versionRead = false;
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#browser === socket) this.#browser = undefined;
    });
    socket.on('data', (octets) => {
      input = Buffer.concat([input, octets]);
      if (!versionRead) input = input.subarray(1);
      versionRead = true;
      for (let length = readVarint(input, 1); length && input.length >= length.next + length.value; length = readVarint(input, 1)) {
        this.#hear(socket, input[0], input.subarray(length.next, length.next + length.value));
        input = input.subarray(length.next + length.value);
      }
    });
  }

  /**
   * @param {import('node:tls').TLSSocket} socket
   * @param {number} tag
   * @param {Buffer} message
   */
  #hear(socket, tag, message) {
    if (tag === HEARTBEAT_PING) socket.write(frame(HEARTBEAT_ACK, Buffer.alloc(0)));
    if (tag !== LOGIN_REQUEST) return;
    // In one write: a browser that reads the version alone gives up on the connection.
    const login = Buffer.concat([bytes(1, 'login-1'), integer(8, Date.now())]);
    socket.write(Buffer.concat([Buffer.from([PROTOCOL_VERSION]), frame(LOGIN_RESPONSE, login)]));
    this.#browser = socket;
    const received = 10;
    for (const persistentId of strings(message, received)) this.#pending.delete(persistentId);
    for (const missed of this.#pending.values()) socket.write(missed);
  }
}

/**
 * @param {number} tag
 * @param {Buffer} message
 */
function frame(tag, message) {
  return Buffer.concat([Buffer.from([tag]), varint(message.length), message]);
}
