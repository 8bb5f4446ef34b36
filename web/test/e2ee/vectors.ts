import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = resolve(import.meta.dirname, '../../../test/vectors');

/** A file of test/vectors; its README says where each comes from. */
export function readVectors<Shape>(path: string): Shape {
  const bytes = readFileSync(resolve(folder, path));
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as Shape;
}

/** Numbers named `names` become texts first: JSON.parse would round those of 64 bits. */
export function readVectorsWithBigIntegers<Shape>(path: string, ...names: readonly string[]): Shape {
  const text = readFileSync(resolve(folder, path), 'utf8');
  return JSON.parse(text.replace(new RegExp(`("(?:${names.join('|')})": )(\\d+)`, 'g'), '$1"$2"')) as Shape;
}
