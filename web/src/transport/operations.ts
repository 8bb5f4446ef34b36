import type { paths } from './contract/generated';

/** What the server's contract (docs/protocol/openapi.json) says of each address, as types: which methods it has, what it takes and what it answers. */
type Method = 'get' | 'post' | 'put' | 'delete';

interface Operation {
  readonly responses: object;
}

export type PathWith<M extends Method> = { [Path in keyof paths]: paths[Path][M] extends Operation ? Path : never }[keyof paths];

export type OperationOf<Path extends keyof paths, M extends Method> = paths[Path][M];

type Success<Responses> = Responses[keyof Responses & (200 | 201 | 202)];

/** What comes back: the JSON of the answer, or nothing. */
export type Answer<Op> = Op extends { readonly responses: infer Responses }
  ? [Success<Responses>] extends [{ readonly content: { readonly 'application/json': infer Body } }]
    ? unknown extends Body
      ? undefined
      : Body
    : undefined
  : never;

/** Members that may be null or left out. */
type Spare<Body, Key extends keyof Body> = null extends Body[Key] ? Key : object extends Pick<Body, Key> ? Key : never;

/** What may be null may as well be left out: the server reads both alike. */
export type Sent<Body> = Body extends readonly unknown[]
  ? { readonly [Index in keyof Body]: Sent<Body[Index]> }
  : Body extends object
    ? { readonly [Key in keyof Body as Key extends Spare<Body, Key> ? never : Key]: Sent<Body[Key]> } & {
        readonly [Key in keyof Body as Spare<Body, Key>]?: Sent<Body[Key]> | undefined;
      }
    : Body;

type PathInput<Op> = Op extends { readonly parameters: { readonly path: infer Places } } ? { readonly path: Places } : object;

type QueryInput<Op> = Op extends { readonly parameters: { readonly query: infer Asked } }
  ? { readonly query: QueryOf<Asked> }
  : Op extends { readonly parameters: { readonly query?: infer Asked } }
    ? [NonNullable<Asked>] extends [never]
      ? object
      : { readonly query?: QueryOf<NonNullable<Asked>> }
    : object;

type QueryOf<Asked> = { readonly [Name in keyof Asked]: Asked[Name] | undefined };

/** An operation without a JSON body may take a file. */
type BodyInput<Op> = Op extends { readonly requestBody: { readonly content: { readonly 'application/json': infer Body } } }
  ? { readonly body: Sent<Body> }
  : { readonly body?: Blob | Uint8Array<ArrayBuffer> };

export type ReadInput<Op> = PathInput<Op> & QueryInput<Op>;
export type CommandInput<Op> = ReadInput<Op> & BodyInput<Op>;

/** `[input]`, or nothing at all where nothing must be said. */
export type Given<Input> = object extends Input ? [input?: Input] : [input: Input];

type Places = Readonly<Record<string, string | number>>;

/** The address, with its places filled. */
export function addressOf<Path extends keyof paths>(template: Path, places: Places = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = places[name];
    return value === undefined ? whole : encodeURIComponent(value);
  });
}
