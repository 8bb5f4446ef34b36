import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { answerApi } from './api.js';
import { ChangeFeed } from './changes.js';
import { Refusal, sendJson } from './json.js';

const PAGE_DIRECTORY = new URL('../page/', import.meta.url);

/** Everything the page is made of. Nothing else is served from the disk. */
const FILES = new Map([
  ['/', ['index.html', 'text/html; charset=utf-8']],
  ['/style.css', ['style.css', 'text/css; charset=utf-8']],
  ...['app.js', 'dom.js', 'phone.js', 'message.js', 'answers.js', 'board.js', 'carriers.js', 'state.js', 'words.js'].map(
    (name) => /** @type {[string, [string, string]]} */ ([`/${name}`, [name, 'text/javascript; charset=utf-8']]),
  ),
]);

/**
 * What a message shows may come from anywhere: nothing of it can run, nor fetch anything. Styles in line are for formatted mails, which show in a frame
 * without scripts.
 */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Serves the page of phones and its API.
 * @param {import('../model/exchange.js').Exchange} exchange
 */
export function createPageServer(exchange) {
  const changes = new ChangeFeed(exchange);
  const server = createServer((request, response) => {
    answer(exchange, changes, request, response).catch((error) => {
      if (response.headersSent) return response.destroy();
      if (error instanceof Refusal) return sendJson(response, error.status, { error: error.message });
      console.error(error);
      return sendJson(response, 500, { error: 'internal' });
    });
  });
  return {
    server,
    close: () => {
      changes.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * @param {import('../model/exchange.js').Exchange} exchange
 * @param {ChangeFeed} changes
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(exchange, changes, request, response) {
  const url = new URL(request.url ?? '/', 'http://lab');
  if (url.pathname === '/api/changes') return changes.add(response);
  if (url.pathname.startsWith('/api/')) return answerApi(exchange, request, response, url);
  const file = FILES.get(url.pathname);
  if (!file || request.method !== 'GET') throw new Refusal(404, 'no-such-address');
  const [name, type] = file;
  const content = await readFile(new URL(name, PAGE_DIRECTORY));
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
}
