import { ApiError, readProblem } from './api-error';
import { addressOf, type Answer, type CommandInput, type Given, type OperationOf, type PathWith, type ReadInput } from './operations';

export type QueryValue = string | number | boolean | undefined | null | readonly string[];
export type Query = Readonly<Record<string, QueryValue>>;
export type CommandMethod = 'POST' | 'PUT' | 'DELETE';

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds, for what honestly takes longer than other requests. */
  readonly timeLimit?: number;
}

export interface CommandOptions extends RequestOptions {
  /** Makes a repeated command count once; a fresh one is made where none is given. */
  readonly idempotencyKey?: string;
  /** Which version of the thing the person saw; the server refuses if there is a newer one. */
  readonly seenVersion?: number;
}

type CommandOf<Path extends PathWith<Lowercase<Method>>, Method extends CommandMethod> = OperationOf<Path, Lowercase<Method>>;

/** What an operation takes, whichever it is: the types of `get` and `send` have checked it against the contract. */
interface AnyInput {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Query;
  readonly body?: unknown;
}

/** Told of every answer and failure: the connection line lives from it. */
export interface ReachabilityObserver {
  answered(milliseconds: number): void;
  failed(): void;
  signedOut(): void;
}

/** Longer than any honest answer on a bad link; shorter than a person's patience with a dead one. */
const usualTimeLimit = 30_000;

/** Speaks HTTP with the server of these pages, and with no other. */
export class Api {
  constructor(
    private readonly observer: ReachabilityObserver,
    /** What the person reads: names that the server has in two languages come in this one. */
    private readonly language: () => string = () => navigator.language,
    private readonly request: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  get<Path extends PathWith<'get'>>(
    path: Path,
    ...given: Given<ReadInput<OperationOf<Path, 'get'>> & RequestOptions>
  ): Promise<Answer<OperationOf<Path, 'get'>>> {
    const input: AnyInput & RequestOptions = given[0] ?? {};
    return this.exchange(addressOf(path, input.path), { method: 'GET' }, input);
  }

  /** A command: state changes on the server, once. */
  send<Method extends CommandMethod, Path extends PathWith<Lowercase<Method>>>(
    method: Method,
    path: Path,
    ...given: Given<CommandInput<CommandOf<Path, Method>> & CommandOptions>
  ): Promise<Answer<CommandOf<Path, Method>>> {
    const input: AnyInput & CommandOptions = given[0] ?? {};
    return this.sendKept(method, addressOf(path, input.path), input.body, input);
  }

  /** A command as the outbox kept it: it was checked when it was written. */
  sendKept<Result>(
    method: CommandMethod,
    address: string,
    body: unknown,
    options: CommandOptions & { readonly query?: Query } = {},
  ): Promise<Result> {
    const headers: Record<string, string> = {};
    if (method === 'POST') headers['Idempotency-Key'] = options.idempotencyKey ?? crypto.randomUUID();
    if (options.seenVersion !== undefined) headers['If-Match'] = `"${options.seenVersion}"`;
    if (body instanceof Blob || body instanceof Uint8Array) {
      headers['Content-Type'] = (body instanceof Blob && body.type) || 'application/octet-stream';
      return this.exchange<Result>(address, { method, body: body as Blob | Uint8Array<ArrayBuffer>, headers }, options);
    }
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return this.exchange<Result>(address, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }, options);
  }

  /** An answer that is bytes, whatever they are. */
  getBytes<Path extends PathWith<'get'>>(path: Path, input: ReadInput<OperationOf<Path, 'get'>> & RequestOptions): Promise<Uint8Array<ArrayBuffer>> {
    const given: AnyInput & RequestOptions = input;
    return this.exchange<Uint8Array<ArrayBuffer>>(addressOf(path, given.path), { method: 'GET' }, given, 'bytes');
  }

  /** A command whose answer is a text to keep as it is, whatever its media type says. */
  sendForText(method: 'POST', path: PathWith<'post'>): Promise<string> {
    return this.exchange<string>(path, { method, headers: { 'Idempotency-Key': crypto.randomUUID() } }, {}, 'text');
  }

  private async exchange<Result>(
    path: string,
    init: RequestInit,
    options: RequestOptions & { readonly query?: Query },
    as: 'json' | 'text' | 'bytes' = 'json',
  ): Promise<Result> {
    const startedAt = performance.now();
    const deadline = AbortSignal.timeout(options.timeLimit ?? usualTimeLimit);
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
    let response: Response;
    try {
      response = await this.request(path + queryString(options.query), {
        ...init,
        headers: {
          Accept: as === 'bytes' ? 'application/octet-stream' : 'application/json',
          'Accept-Language': this.language(),
          ...(init.headers as Record<string, string> | undefined),
        },
        credentials: 'same-origin',
        redirect: 'error',
        signal,
      });
    } catch (cause) {
      throw this.broken(cause, options.signal);
    }
    if (isGatewayFailure(response)) {
      this.observer.failed();
      throw await readProblem(response);
    }
    this.observer.answered(performance.now() - startedAt);
    if (!response.ok) {
      const problem = await readProblem(response);
      if (problem.code === 'not-signed-in') this.observer.signedOut();
      throw problem;
    }
    if (response.status === 204 || response.headers.get('Content-Length') === '0') return undefined as Result;
    const isJson = as === 'json' && (response.headers.get('Content-Type')?.includes('json') ?? false);
    try {
      if (as === 'bytes') return new Uint8Array(await response.arrayBuffer()) as Result;
      return (isJson ? await response.json() : await response.text()) as Result;
    } catch (cause) {
      // The line may break, or the time be over, in the middle of an answer as well.
      throw this.broken(cause, options.signal);
    }
  }

  /** What whoever asked is told of a line that broke; who no longer wants the answer is told what the browser says. */
  private broken(cause: unknown, given: AbortSignal | undefined): unknown {
    if (given?.aborted) return cause;
    this.observer.failed();
    return ApiError.unreachable();
  }
}

/** A proxy answers for a server that is away. */
function isGatewayFailure(response: Response): boolean {
  return response.status === 502 || response.status === 504;
}

export function queryString(query: Query | undefined): string {
  if (!query) return '';
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    if (typeof value === 'object') for (const one of value) parameters.append(name, one);
    else parameters.append(name, String(value));
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}
