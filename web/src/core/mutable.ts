/** What was fetched is never changed; what a person edits is a copy that may be. */
export type Mutable<T> = T extends readonly (infer Item)[] ? Mutable<Item>[] : T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;

export function editableCopy<T>(value: T): Mutable<T> {
  return structuredClone(value) as Mutable<T>;
}
