/** A moment as `datetime-local` wants it: the wall clock of whoever looks, to the minute. */
export function asLocalInput(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @returns In UTC as ISO 8601; undefined where nothing, or no moment, was chosen. */
export function asMoment(input: string): string | undefined {
  const at = new Date(input);
  return input === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
