/**
 * Opens every carrier of the lab and ties it to the exchange.
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {{ host: string, smppPort: number, smtpPort: number, pushPort: number }} options
 */
export async function startCarriers(exchange, options) {
  /** @type {((exchange: import('../model/exchange.js').Exchange, options: typeof options) => import('../model/exchange.js').Carrier)[]} */
  const kinds = [];
  const carriers = kinds.map((create) => create(exchange, options));
  for (const carrier of carriers) await carrier.open();
  return {
    addresses: Object.fromEntries(carriers.map((carrier) => [carrier.kind, carrier.address])),
    close: () => Promise.all(carriers.map((carrier) => carrier.close())),
  };
}
