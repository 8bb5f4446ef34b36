export interface Patch {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly replacements: readonly (readonly [string, string])[];
}

export const patches: readonly Patch[];
export function sha256(text: string): string;
export function patched(text: string, patch: Patch): string;
