import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { PushReceiver } from './receiver.js';
import { PushService } from './service.js';

// A push service with phones for tests, scripted over standard input by one JSON object a line; each is answered by one on standard output with the same "id":
//   {"id": 1, "do": "subscribe", "count": 3}                                          {"subscriptions": [{"endpoint", "keys"}]}
//   {"id": 2, "do": "script", "afterwards": "accept", "next": ["accept", "refuse"]}   verdicts for the next pushes, and for every one after them
//   {"id": 3, "do": "received"}                                                       {"pushes": [{"endpoint", "ttl", "urgency", "topic", "senderKey", "payload"}]}
//   {"id": 4, "do": "break-silence"} {"id": 5, "do": "down"} {"id": 6, "do": "up"}
// It ends when its standard input does.

const { values } = parseArgs({ options: { now: { type: 'string' } } });

/** @type {object[]} */
const received = [];
let script = { afterwards: 'accept', next: /** @type {import('./service.js').PushVerdict[]} */ ([]) };

const service = new PushService({
  decide: () => script.next.shift() ?? /** @type {import('./service.js').PushVerdict} */ (script.afterwards),
  now: values.now === undefined ? Date.now : () => Number(values.now),
});

function subscribe() {
  const phone = new PushReceiver();
  const endpoint = service.subscribe(({ body, ...push }) => {
    received.push({ ...push, payload: JSON.parse(phone.decrypt(body).toString('utf8')) });
  });
  return { endpoint, keys: phone.keys };
}

const commands = {
  subscribe: ({ count }) => ({ subscriptions: Array.from({ length: count }, subscribe) }),
  script: ({ afterwards, next }) => {
    script = { afterwards, next };
  },
  received: () => ({ pushes: received }),
  'break-silence': () => service.breakSilence(),
  down: () => service.close(),
  up: () => service.open(),
};

await service.open();
console.log(JSON.stringify({ ready: true, origin: service.origin }));
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  console.log(JSON.stringify({ id: command.id, ...(await commands[command.do](command)) }));
}
await service.close();
