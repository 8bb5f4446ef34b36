/** A text with variables between braces: `Évacuez {building}.` A brace itself is written double. */
export type TemplatePart = { readonly literal: string } | { readonly variable: string };

const namePattern = /^[a-z][a-z0-9-]{0,31}$/;

/** Undefined where a brace is left open, or no name stands between two. */
export function parseTemplate(text: string): readonly TemplatePart[] | undefined {
  const parts: TemplatePart[] = [];
  let literal = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character !== '{' && character !== '}') {
      literal += character;
    } else if (text.charAt(index + 1) === character) {
      literal += character;
      index += 1;
    } else {
      const end = character === '{' ? text.indexOf('}', index) : -1;
      const name = text.slice(index + 1, end);
      if (end < 0 || !namePattern.test(name)) return undefined;
      if (literal) parts.push({ literal });
      parts.push({ variable: name });
      literal = '';
      index = end;
    }
  }
  if (literal) parts.push({ literal });
  return parts;
}

/** The text with `valueOf` each variable in its place; as it was written where it can't be read. */
export function fillTemplate(text: string, valueOf: (variable: string) => string): string {
  const parts = parseTemplate(text);
  return parts === undefined ? text : parts.map((part) => ('literal' in part ? part.literal : valueOf(part.variable))).join('');
}
