import { parseArgs } from 'node:util';
import { startCarriers } from './carriers/start.js';
import { createPageServer } from './http/server.js';
import { systemClock } from './model/clock.js';
import { Exchange } from './model/exchange.js';
import { createRandom } from './model/random.js';

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    'http-port': { type: 'string', default: '0' },
    'smpp-port': { type: 'string', default: '0' },
    'smtp-port': { type: 'string', default: '0' },
    'push-port': { type: 'string', default: '0' },
    'mail-inbox': { type: 'string' },
    seed: { type: 'string', default: '1' },
    'end-with-input': { type: 'boolean', default: false },
  },
});

const exchange = new Exchange({ random: createRandom(Number(values.seed)), clock: systemClock });
const carriers = await startCarriers(exchange, {
  host: values.host,
  smppPort: Number(values['smpp-port']),
  smtpPort: Number(values['smtp-port']),
  pushPort: Number(values['push-port']),
  mailInbox: values['mail-inbox'],
});
const page = createPageServer(exchange);
page.server.listen(Number(values['http-port']), values.host, () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (page.server.address());
  console.log(JSON.stringify({ ready: true, page: `http://${values.host}:${port}/`, ...carriers.addresses }));
});
page.server.on('error', (error) => {
  console.error(`lab: ${error.message}`);
  process.exit(1);
});

async function end() {
  page.close();
  await carriers.close();
  process.exit(0);
}

process.once('SIGINT', end);
process.once('SIGTERM', end);
if (values['end-with-input']) process.stdin.on('end', end).resume();
