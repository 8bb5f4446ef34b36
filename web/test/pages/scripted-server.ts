import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { ScriptedHub } from './scripted-hub';

const dist = resolve(import.meta.dirname, '../../dist');

/** As the real server sends it: the pages must live under it. */
const contentSecurityPolicy =
  "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
}

/** What a scripted endpoint answers: a body (200), or a status with one. */
export type ScriptedAnswer =
  { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } | { readonly body: unknown };
export type Endpoint = (request: ReceivedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** Serves the built application and answers its requests from a script: `GET /api/v1/session`, with `*` for one part of the path. */
export class ScriptedServer {
  readonly received: ReceivedRequest[] = [];
  readonly hub = new ScriptedHub();
  /** Looks at each request before its script does: who may not is refused here. */
  guard: (request: ReceivedRequest) => ScriptedAnswer | undefined = () => undefined;
  /** Whose answer gets lost on the way back: the work was done, and a proxy says that it gave up waiting. */
  lose: (request: ReceivedRequest) => boolean = () => false;
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly served = new Map<string, string>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => {
        response.statusCode = 500;
        response.end();
      });
    });
  }

  static async start(): Promise<ScriptedServer> {
    const started = new ScriptedServer();
    await new Promise<void>((done) => started.server.listen(0, '127.0.0.1', done));
    return started;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  on(endpoint: string, answer: Endpoint | object): this {
    this.endpoints.set(endpoint, typeof answer === 'function' ? (answer as Endpoint) : () => ({ body: answer }));
    return this;
  }

  /** From now on this, in place of the file that was built. */
  serves(path: string, text: string): void {
    this.served.set(path, text);
  }

  async stop(): Promise<void> {
    this.hub.stop();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    if (url.pathname.startsWith('/hub')) return this.hub.handle(request, response, url);
    if (url.pathname.startsWith('/api/')) return this.answerApi(request, response, url);
    return serveFile(response, url.pathname, this.served.get(url.pathname));
  }

  private async answerApi(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const bytes = await readBody(request);
    const text = bytes.toString('utf8');
    const received: ReceivedRequest = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      body:
        request.headers['content-type']?.includes('json') && text
          ? (JSON.parse(text) as unknown)
          : request.headers['content-type'] === 'application/octet-stream'
            ? bytes
            : text,
      headers: request.headers,
    };
    this.received.push(received);
    const endpoint = this.find(received.method, received.path);
    const given = this.guard(received) ??
      (await endpoint?.(received)) ?? {
        status: 404,
        body: { code: 'not-found', title: `No script for ${received.method} ${received.path}`, status: 404 },
      };
    const answer = this.lose(received) ? { status: 504, body: {} } : given;
    response.statusCode = 'status' in answer ? answer.status : 200;
    response.setHeader('Content-Type', response.statusCode >= 400 ? 'application/problem+json' : 'application/json');
    if ('headers' in answer) for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    if (answer.body instanceof Uint8Array) {
      response.setHeader('Content-Type', 'application/octet-stream');
      response.end(answer.body);
      return;
    }
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  private find(method: string, path: string): Endpoint | undefined {
    const exact = this.endpoints.get(`${method} ${path}`);
    if (exact) return exact;
    for (const [pattern, endpoint] of this.endpoints) {
      const expression = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '[^/]+')}$`);
      if (expression.test(`${method} ${path}`)) return endpoint;
    }
    return undefined;
  }
}

const files = new Map<string, Promise<Buffer>>();

/** Each file once: every test begins with an empty browser, which asks for all of them. */
function read(file: string): Promise<Buffer> {
  let content = files.get(file);
  if (content === undefined) files.set(file, (content = readFile(file)));
  return content;
}

async function serveFile(response: ServerResponse, path: string, instead?: string): Promise<void> {
  const file = extname(path) ? path : '/index.html';
  response.setHeader('Content-Type', mediaTypes[extname(file)] ?? 'application/octet-stream');
  response.setHeader('Content-Security-Policy', contentSecurityPolicy);
  // As the real server says it: a file whose name carries its hash never changes.
  response.setHeader('Cache-Control', file.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
  try {
    response.end(instead ?? (await read(join(dist, file))));
  } catch {
    response.statusCode = 404;
    response.end();
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
