import { CARRIER_MODES } from '../model/admission.js';
import { readJson, Refusal, sendJson } from './json.js';

const MAXIMUM_LIST = 1_000;
const STATE_MESSAGES = 500;
const MAXIMUM_REPLY_LENGTH = 1_600;
const MAXIMUM_FIELD_LENGTH = 320;

/** @param {import('../model/exchange.js').Exchange} exchange */
export function readState(exchange) {
  return {
    demonstration: true,
    people: [...exchange.people.all()],
    carriers: exchange.carriers(),
    messages: exchange.messages.latest(STATE_MESSAGES),
  };
}

/**
 * Answers a request under /api/ (but /api/changes), or refuses it.
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {URL} url
 */
export async function answerApi(exchange, request, response, url) {
  const route = `${request.method} ${url.pathname}`;
  if (route === 'GET /api/state') return sendJson(response, 200, readState(exchange));
  if (route === 'GET /api/messages') return sendJson(response, 200, listMessages(exchange, url.searchParams));
  if (route === 'POST /api/reply') return sendJson(response, 200, await reply(exchange, await readJson(request)));
  if (route === 'POST /api/push-subscriptions') return sendJson(response, 200, subscribe(exchange, await readJson(request)));
  if (route === 'PUT /api/people') return sendJson(response, 200, announce(exchange, await readJson(request)));
  const [, kind] = /^PUT \/api\/carriers\/([a-z]+)$/.exec(route) ?? [];
  if (kind) return sendJson(response, 200, await setMode(exchange, kind, await readJson(request)));
  const [, person] = /^PUT \/api\/people\/(.+)$/.exec(route) ?? [];
  if (person) return sendJson(response, 200, switchPhone(exchange, decodeURIComponent(person), await readJson(request)));
  throw new Refusal(404, 'no-such-address');
}

/** @param {import('../model/exchange.js').Exchange} exchange @param {URLSearchParams} query */
function listMessages(exchange, query) {
  return exchange.messages.list({
    after: wholeNumber(query.get('after') ?? '0'),
    channel: query.get('channel') ?? undefined,
    person: query.get('person') ?? undefined,
    to: query.get('to') ?? undefined,
    limit: Math.min(wholeNumber(query.get('limit') ?? '100'), MAXIMUM_LIST),
  });
}

/** @param {import('../model/exchange.js').Exchange} exchange @param {unknown} body */
async function reply(exchange, body) {
  const { message, text } = record(body);
  if (typeof message !== 'number' || !isText(text, MAXIMUM_REPLY_LENGTH) || text.trim() === '') throw new Refusal(400, 'bad-reply');
  const result = await exchange.reply(message, text);
  if (result === 'no-such-message') throw new Refusal(404, result);
  if (result !== 'sent') throw new Refusal(409, result);
  return { result };
}

/** @param {import('../model/exchange.js').Exchange} exchange @param {unknown} body */
function announce(exchange, body) {
  if (!Array.isArray(body)) throw new Refusal(400, 'bad-people');
  const people = body.map((item) => {
    const { id, name, detail = null, mobile = null, mail = null } = record(item);
    const right = isText(id) && id !== '' && isText(name) && [detail, mobile, mail].every((text) => text === null || isText(text));
    if (!right) throw new Refusal(400, 'bad-people');
    return /** @type {Parameters<typeof exchange.announce>[0][number]} */ ({ id, name, detail, mobile, mail });
  });
  exchange.announce(people);
  return { people: exchange.people.count };
}

/** @param {import('../model/exchange.js').Exchange} exchange @param {unknown} body */
function subscribe(exchange, body) {
  const { person } = record(body);
  const subscription = isText(person) && exchange.subscribe(person);
  if (!subscription) throw new Refusal(404, 'no-such-person');
  return subscription;
}

/** @param {import('../model/exchange.js').Exchange} exchange @param {string} kind @param {unknown} body */
async function setMode(exchange, kind, body) {
  const mode = CARRIER_MODES.find((known) => known === record(body).mode);
  if (!mode) throw new Refusal(400, 'bad-mode');
  if (!(await exchange.setMode(kind, mode))) throw new Refusal(404, 'no-such-carrier');
  return { kind, mode };
}

/** @param {import('../model/exchange.js').Exchange} exchange @param {string} person @param {unknown} body */
function switchPhone(exchange, person, body) {
  const { off } = record(body);
  if (typeof off !== 'boolean') throw new Refusal(400, 'bad-switch');
  if (!exchange.switchPhone(person, off)) throw new Refusal(404, 'no-such-person');
  return { person, off };
}

/** @param {unknown} value @returns {Record<string, unknown>} */
function record(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(400, 'not-an-object');
  return /** @type {Record<string, unknown>} */ (value);
}

/** @param {unknown} value @param {number} [longest] @returns {value is string} */
function isText(value, longest = MAXIMUM_FIELD_LENGTH) {
  return typeof value === 'string' && value.length <= longest;
}

/** @param {string} text */
function wholeNumber(text) {
  if (!/^[0-9]{1,15}$/.test(text)) throw new Refusal(400, 'bad-number');
  return Number(text);
}
