/** What a parser or an opening yields: bytes from others are never an exception. The code is stable and has its text in the interface. */
export type Result<Value, Code extends string> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly code: Code };

export function success<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refusal<Code extends string>(code: Code): { readonly ok: false; readonly code: Code } {
  return { ok: false, code };
}
