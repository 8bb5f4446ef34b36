import { PushReceiver } from '../push/receiver.js';
import { PushService } from '../push/service.js';

/** @type {Record<import('../model/admission.js').Verdict, import('../push/service.js').PushVerdict>} */
const ANSWERS = { accept: 'accept', throttle: 'throttle', refuse: 'hang-up' };

/**
 * The push service and the phones that subscribe to it: each subscription is a key pair of the phone's own, so that what arrives was really encrypted to it.
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {{ host: string, pushPort: number }} options
 * @returns {import('../model/exchange.js').Carrier}
 */
export function createPushCarrier(exchange, { host, pushPort }) {
  const admission = exchange.createAdmission();
  /** @type {Map<string, () => void>} What a push shows once it is accepted, by endpoint. */
  const undecided = new Map();
  const service = new PushService({
    host,
    port: pushPort,
    decide: async (endpoint) => {
      const show = undecided.get(endpoint);
      undecided.delete(endpoint);
      const verdict = await admission.ask();
      if (verdict === 'accept') show?.();
      return ANSWERS[verdict];
    },
  });
  const carrier = {
    kind: /** @type {const} */ ('push'),
    get address() {
      return service.origin;
    },
    open: () => service.open(),
    close: () => service.close(),
    /** @param {import('../model/people.js').Person} person */
    subscribe: (person) => {
      const phone = new PushReceiver();
      const endpoint = service.subscribe(({ body, endpoint: to }) => {
        const payload = JSON.parse(phone.decrypt(body).toString('utf8'));
        undecided.set(to, () => showNotification(exchange, person, to, payload));
      });
      return { endpoint, keys: phone.keys };
    },
  };
  exchange.register(carrier, admission);
  return carrier;
}

/**
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {import('../model/people.js').Person} person
 * @param {string} to
 * @param {{ title?: string, body?: string, link?: string | null }} payload
 */
function showNotification(exchange, person, to, { title = '', body = '', link = null }) {
  const message = exchange.arrive({ channel: 'push', person: person.id, from: 'Tocsin', to, title, text: body, link });
  void exchange.settle(message);
}
