const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/**
 * Protocol buffers, as much as two small services need: fields of one message, written one after the other.
 * https://protobuf.dev/programming-guides/encoding/
 * @param {number | bigint} value Not negative.
 */
export function varint(value) {
  const octets = [];
  let rest = BigInt(value);
  do {
    const more = rest > 127n ? 128 : 0;
    octets.push(Number(rest & 127n) | more);
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(octets);
}

/**
 * @param {number} field
 * @param {number | bigint | boolean} value
 */
export function integer(field, value) {
  return Buffer.concat([varint((field << 3) | VARINT), varint(BigInt(value))]);
}

/**
 * @param {number} field
 * @param {bigint} value
 */
export function fixed64(field, value) {
  const octets = Buffer.alloc(8);
  octets.writeBigUInt64LE(value);
  return Buffer.concat([varint((field << 3) | FIXED64), octets]);
}

/**
 * A string, octets or a message.
 * @param {number} field
 * @param {string | Buffer} value
 */
export function bytes(field, value) {
  const octets = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | LENGTH_DELIMITED), varint(octets.length), octets]);
}

/**
 * The strings of one field of a message.
 * @param {Buffer} message
 * @param {number} field
 * @returns {string[]}
 */
export function strings(message, field) {
  const found = [];
  for (let key = readVarint(message, 0); key; ) {
    const kind = key.value & 7;
    const first = kind === FIXED64 ? { value: 0, next: key.next + 8 } : readVarint(message, key.next);
    if (!first) break;
    const end = kind === LENGTH_DELIMITED ? first.next + first.value : first.next;
    if (kind === LENGTH_DELIMITED && key.value >> 3 === field) found.push(message.toString('utf8', first.next, end));
    key = readVarint(message, end);
  }
  return found;
}

/**
 * Reads a varint; undefined where it has not come whole.
 * @param {Buffer} octets
 * @param {number} at
 * @returns {{ value: number, next: number } | undefined}
 */
export function readVarint(octets, at) {
  let value = 0;
  for (let i = at; i < octets.length && i < at + 5; i += 1) {
    value += (octets[i] & 127) * 2 ** (7 * (i - at));
    if (octets[i] < 128) return { value, next: i + 1 };
  }
  return undefined;
}
