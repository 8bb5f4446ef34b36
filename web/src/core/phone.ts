/** Country codes whose numbers are read as one digit, then pairs. */
const readInPairs = new Set(['33']);

/** "+33639980004" as people read and dictate it: "+33 6 39 98 00 04". Numbers of other plans in threes; what is no number stays as it is. */
export function describePhone(number: string): string {
  const digits = /^\+(\d{2})(\d{5,13})$/.exec(number);
  if (!digits) return number;
  const [, country = '', rest = ''] = digits;
  const groups = readInPairs.has(country) ? [rest.slice(0, 1), ...(rest.slice(1).match(/\d{1,2}/g) ?? [])] : (rest.match(/\d{1,3}/g) ?? []);
  return `+${country} ${groups.join(' ')}`.replaceAll(' ', '\u00a0');
}
