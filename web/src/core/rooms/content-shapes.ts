/** What texts, ids and moments within a seal must look like, whoever wrote them. */

const entryId = /^[0-9a-f]{32}$/;
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Words, not only white space. @param longest In characters. */
export function isWords(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longest;
}

/** Of an entry, or of an account, in hexadecimal. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && entryId.test(value);
}

/** As `toISOString` writes it: nothing else sorts and shows alike in every browser. */
export function isMoment(value: unknown): value is string {
  return typeof value === 'string' && moment.test(value) && !Number.isNaN(Date.parse(value));
}

/** @returns Null where one of them is wrong, or there are too many. */
export function parseAll<Part>(value: unknown, most: number, parse: (one: unknown) => Part | null): readonly Part[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const parts = value.map(parse);
  return parts.every((part) => part !== null) ? (parts as readonly Part[]) : null;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
