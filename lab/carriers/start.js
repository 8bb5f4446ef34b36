import { createMailCarrier } from './mail.js';
import { createPushCarrier } from './push.js';
import { createSmsCarrier } from './sms.js';

/**
 * Opens every carrier of the lab and ties it to the exchange.
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {{ host: string, smppPort: number, smtpPort: number, pushPort: number, mailInbox?: string }} options
 */
export async function startCarriers(exchange, options) {
  const carriers = [createSmsCarrier(exchange, options), createMailCarrier(exchange, options), createPushCarrier(exchange, options)];
  for (const carrier of carriers) await carrier.open();
  return {
    addresses: Object.fromEntries(carriers.map((carrier) => [carrier.kind, carrier.address])),
    close: () => Promise.all(carriers.map((carrier) => carrier.close())),
  };
}
