/** RFC 9457 body of our server. `code` is stable: the interface has its own words for it, in each language. */
interface ProblemBody {
  readonly code?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly fields?: unknown;
}

/** The server said no, or could not be reached (`code` is then `unreachable`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: string,
    readonly status: number,
    readonly title: string,
    readonly detail?: string,
    /** Path of an input to the code of what is wrong with it. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** Seconds the server asks to wait. */
    readonly retryAfterSeconds?: number,
  ) {
    super(`${code}: ${title}`);
  }

  static unreachable(): ApiError {
    return new ApiError('unreachable', 0, 'The server can not be reached.');
  }

  /** Whether the same request may succeed later, unchanged. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export async function readProblem(response: Response): Promise<ApiError> {
  const body = await response
    .json()
    .then((json: unknown) => (typeof json === 'object' && json !== null ? (json as ProblemBody) : {}))
    .catch((): ProblemBody => ({}));
  const retryAfter = Number(response.headers.get('Retry-After'));
  return new ApiError(
    typeof body.code === 'string' ? body.code : codeForStatus(response.status),
    response.status,
    typeof body.title === 'string' ? body.title : response.statusText,
    typeof body.detail === 'string' ? body.detail : undefined,
    readFields(body.fields),
    Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
  );
}

function readFields(fields: unknown): Record<string, string> {
  if (typeof fields !== 'object' || fields === null) return {};
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** A proxy on the way may answer in its own words: the status then says the most. */
function codeForStatus(status: number): string {
  switch (status) {
    case 401:
      return 'not-signed-in';
    case 403:
      return 'not-allowed';
    case 404:
      return 'not-found';
    case 413:
      return 'too-large';
    case 429:
      return 'too-many-requests';
    default:
      return status >= 500 ? 'internal-error' : 'invalid-input';
  }
}
