/**
 * The part of Markdown that plans and action cards are written in, read into a tree that pages show as elements of their own: there is no HTML in it, neither read nor made, and whatever is not of the part
 * stands as it was written. Links go to pages of this application, to websites, mail addresses and telephones, and nowhere else. What is read is never refused; the time for it grows with its length.
 */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  /** To be filled in when the text is used: `{{place}}`. */
  | { readonly kind: 'variable'; readonly name: string };

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly children: readonly Inline[] }
  /** Line breaks are kept: on a card, one line is one thing. */
  | { readonly kind: 'paragraph' | 'quote'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'checklist'; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'rule' };

/** Strong within emphasis within strong is as deep as anybody writes. */
const deepest = 4;
const longestName = 40;

const heading = /^(#{1,3}) +(.+)$/;
const rule = /^(?:-{3,}|\*{3,}|_{3,})$/;
const check = /^[-*] \[[ xX]\] +(.+)$/;
const bullet = /^[-*] +(.+)$/;
const numbered = /^\d{1,3}[.)] +(.+)$/;
const quoted = /^> ?(.*)$/;
const continued = /^ {2,}(\S.*)$/;

export function parseMarkdown(text: string): readonly Block[] {
  const blocks: Block[] = [];
  /** Lines of the block that is being read. */
  let open: { readonly kind: 'paragraph' | 'quote' | 'bullets' | 'numbers' | 'checklist'; readonly lines: string[] } | undefined;
  const close = (): void => {
    if (open !== undefined) blocks.push(blockOf(open.kind, open.lines));
    open = undefined;
  };
  const add = (kind: NonNullable<typeof open>['kind'], line: string): void => {
    if (open?.kind !== kind) {
      close();
      open = { kind, lines: [] };
    }
    open?.lines.push(line);
  };
  for (const written of text.replaceAll(/\r\n?/g, '\n').split('\n')) {
    const more = continued.exec(written)?.[1];
    const line = written.trim();
    const last = open?.lines.length ?? 0;
    if (line === '') close();
    else if (more !== undefined && open !== undefined && ['bullets', 'numbers', 'checklist'].includes(open.kind) && !startsItem(line))
      open.lines[last - 1] = `${open.lines[last - 1] ?? ''} ${more.trim()}`;
    else if (rule.test(line)) {
      close();
      blocks.push({ kind: 'rule' });
    } else {
      const title = heading.exec(line);
      const item = check.exec(line)?.[1];
      const point = bullet.exec(line)?.[1];
      const step = numbered.exec(line)?.[1];
      const quote = quoted.exec(line)?.[1];
      if (title !== null) {
        close();
        blocks.push({ kind: 'heading', level: levelOf(title[1] ?? ''), children: parseInline(title[2] ?? '') });
      } else if (item !== undefined) add('checklist', item);
      else if (point !== undefined) add('bullets', point);
      else if (step !== undefined) add('numbers', step);
      else if (quote !== undefined) add('quote', quote);
      else add('paragraph', line);
    }
  }
  close();
  return blocks;
}

/** What a text asks to be filled in, each once, in the order in which it is asked for. */
export function variablesIn(text: string): readonly string[] {
  const names = new Set<string>();
  const visit = (children: readonly Inline[]): void => {
    for (const child of children) {
      if (child.kind === 'variable') names.add(child.name);
      else if ('children' in child) visit(child.children);
    }
  };
  for (const block of parseMarkdown(text)) for (const line of linesOf(block)) visit(line);
  return [...names];
}

/** Lines to be ticked off, in words, in their order. @param valueOf Undefined for what is not filled in. */
export function checklistIn(text: string, valueOf: (name: string) => string | undefined): readonly string[] {
  return parseMarkdown(text).flatMap((block) => (block.kind === 'checklist' ? block.items.map((item) => wordsOf(item, valueOf)) : []));
}

/** Without its marks. @param valueOf Undefined for what is not filled in: it stands between brackets. */
export function wordsOf(children: readonly Inline[], valueOf: (name: string) => string | undefined): string {
  return children
    .map((child) => {
      if (child.kind === 'variable') return valueOf(child.name) ?? `[${child.name}]`;
      return 'children' in child ? wordsOf(child.children, valueOf) : child.text;
    })
    .join('');
}

/** The text with values in the places of their variables; a value is words, whatever signs it has. What has no value stays to be filled in. */
export function fillIn(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replaceAll(everyVariable, (whole, name: string) => {
    const value = valueOf(nameOf(name));
    return value === undefined ? whole : value.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]{}]/g, String.raw`\$&`);
  });
}

/** Where a link may lead; undefined for anywhere else. */
export function safeHref(written: string): string | undefined {
  if (/^\/(?![/\\])[^\s\\]*$/.test(written)) return written;
  if (/^tel:\+?[0-9().-]+$/i.test(written) || /^mailto:[^\s@?]+@[^\s@?]+$/i.test(written)) return written;
  if (!/^https?:\/\/[^\s\\]+$/i.test(written)) return undefined;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  // A name before the host is there to be taken for the host.
  return url === undefined || url.username !== '' || url.password !== '' ? undefined : url.href;
}

const variable = new RegExp(String.raw`\{\{ {0,3}([\p{L}\p{N}][\p{L}\p{N} ’',/_-]{0,${longestName - 1}}) {0,3}\}\}`, 'uy');
const everyVariable = new RegExp(variable.source, 'gu');
const link = /\[([^[\]\n]{1,300})\]\(([^()\s]{1,500})\)/y;
const escaped = /^[\\`*_[\]{}#>.()-]$/;

/** @param depth How many marks stand around it. */
export function parseInline(text: string, depth = 0): readonly Inline[] {
  const children: Inline[] = [];
  let words = '';
  let at = 0;
  /** Marks that are closed nowhere behind: not looked for again. */
  const unclosed = new Set<string>();
  const push = (child: Inline): void => {
    if (words !== '') children.push({ kind: 'text', text: words });
    words = '';
    children.push(child);
  };
  const matches = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  /** What stands between this mark and the next of its kind; undefined where it marks nothing. */
  const between = (mark: string): string | undefined => {
    if (unclosed.has(mark)) return undefined;
    const end = text.indexOf(mark, at + mark.length);
    if (end < 0) unclosed.add(mark);
    const inside = text.slice(at + mark.length, end);
    return end < 0 || inside === '' || inside !== inside.trim() ? undefined : inside;
  };
  while (at < text.length) {
    const sign = text.charAt(at);
    if (sign === '\\' && escaped.test(text.charAt(at + 1))) {
      words += text.charAt(at + 1);
      at += 2;
      continue;
    }
    if (sign === '`') {
      const code = between('`');
      if (code !== undefined) {
        push({ kind: 'code', text: code });
        at += code.length + 2;
        continue;
      }
    }
    if (sign === '*' && depth < deepest) {
      const mark = text.startsWith('**', at) ? '**' : '*';
      const inside = between(mark);
      if (inside !== undefined) {
        push({ kind: mark === '**' ? 'strong' : 'emphasis', children: parseInline(inside, depth + 1) });
        at += inside.length + 2 * mark.length;
        continue;
      }
      words += mark;
      at += mark.length;
      continue;
    }
    if (sign === '{') {
      const found = matches(variable);
      if (found !== null) {
        push({ kind: 'variable', name: nameOf(found[1] ?? '') });
        at += found[0].length;
        continue;
      }
    }
    if (sign === '[' && depth < deepest) {
      const found = matches(link);
      const href = safeHref(found?.[2] ?? '');
      if (found !== null && href !== undefined) {
        // Within a link there is no other: its words hold no bracket.
        push({ kind: 'link', href, children: parseInline(found[1] ?? '', depth + 1) });
        at += found[0].length;
        continue;
      }
    }
    words += sign;
    at += 1;
  }
  if (words !== '') children.push({ kind: 'text', text: words });
  return children;
}

function nameOf(written: string): string {
  return written.trim().replaceAll(/ +/g, ' ');
}

function linesOf(block: Block): readonly (readonly Inline[])[] {
  switch (block.kind) {
    case 'heading':
      return [block.children];
    case 'paragraph':
    case 'quote':
      return block.lines;
    case 'list':
    case 'checklist':
      return block.items;
    case 'rule':
      return [];
  }
}

function blockOf(kind: 'paragraph' | 'quote' | 'bullets' | 'numbers' | 'checklist', lines: readonly string[]): Block {
  const parsed = lines.map((line) => parseInline(line));
  if (kind === 'paragraph' || kind === 'quote') return { kind, lines: parsed };
  if (kind === 'checklist') return { kind, items: parsed };
  return { kind: 'list', ordered: kind === 'numbers', items: parsed };
}

function startsItem(line: string): boolean {
  return bullet.test(line) || numbered.test(line);
}

function levelOf(signs: string): 1 | 2 | 3 {
  return signs.length === 1 ? 1 : signs.length === 2 ? 2 : 3;
}
