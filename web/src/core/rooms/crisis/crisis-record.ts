/** A report of a whole crisis for people, ready to be shown, printed or kept as a file: words only, nothing that has to be looked up. */
export type RecordBlock =
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [term: string, value: string])[] }
  /** Lines within a cell are kept. @property shares Of the width, in percent, one for each column. */
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly shares: readonly number[]; readonly rows: readonly (readonly string[])[] }
  /** Its lines are kept. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'soft'; readonly text: string };

export interface RecordSection {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly RecordBlock[];
}

export interface CrisisRecord {
  readonly language: 'fr' | 'en';
  /** What it is, and of which crisis. */
  readonly title: string;
  /** What stands on every page of an exercise's; null where it is none. */
  readonly mark: string | null;
  /** By whom and when, for the foot of every page. */
  readonly made: string;
  /** "Page", before its number. */
  readonly page: string;
  readonly sections: readonly RecordSection[];
}

/** Rules of the pages on paper: what it is above, who made it and the page's number below. Browsers without page boxes print their own header. */
export function pageRules({ title, mark, made, page }: CrisisRecord): string {
  const above = quoted(mark === null ? title : `${mark} · ${title}`);
  const weight = mark === null ? 400 : 700;
  return [
    '@page { size: A4; margin: 20mm 16mm 18mm;',
    `@top-left { content: ${above}; font: ${weight} 9pt sans-serif; vertical-align: middle; white-space: nowrap; overflow: hidden; width: 100%; text-align: left; }`,
    `@bottom-left { content: ${quoted(made)}; font: 8pt sans-serif; width: 75%; text-align: left; }`,
    `@bottom-right { content: ${quoted(`${page} `)} counter(page) " / " counter(pages); font: 8pt sans-serif; width: 25%; text-align: right; }`,
    '}',
  ].join('\n');
}

/** A text as CSS quotes it, in which nothing can end the quotation. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[^\p{L}\p{N} .,:·’()-]/gu, (sign) => `\\${sign.codePointAt(0)?.toString(16) ?? ''} `)}"`;
}

/**
 * The report as one file that any browser shows and prints without a server: no script, nothing fetched, whatever the words in it are.
 * @returns HTML.
 */
export function recordAsHtml(record: CrisisRecord): string {
  const { language, title, mark, sections } = record;
  return [
    '<!doctype html>',
    `<html lang="${language}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>\n${fileStyles}\n${pageRules(record)}\n</style>`,
    '</head>',
    '<body>',
    ...(mark === null ? [] : [`<p class="mark">${escaped(mark)}</p>`, `<div class="watermark" aria-hidden="true">${escaped(mark)}</div>`]),
    `<h1>${escaped(title)}</h1>`,
    `<ol class="contents">${sections.map(({ id, title: called }) => `<li><a href="#${escaped(id)}">${escaped(called)}</a></li>`).join('')}</ol>`,
    ...sections.map(sectionAsHtml),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function sectionAsHtml({ id, title, blocks }: RecordSection): string {
  return [`<section id="${escaped(id)}">`, `<h2>${escaped(title)}</h2>`, ...blocks.map(blockAsHtml), '</section>'].join('\n');
}

function blockAsHtml(block: RecordBlock): string {
  switch (block.kind) {
    case 'facts':
      return `<dl>${block.rows.map(([term, value]) => `<div><dt>${escaped(term)}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>`;
    case 'table': {
      const columns = block.shares.map((share) => `<col style="width:${String(share)}%">`).join('');
      const head = block.head.map((one) => `<th scope="col">${escaped(one)}</th>`).join('');
      const rows = block.rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('\n');
      return `<table><colgroup>${columns}</colgroup><thead><tr>${head}</tr></thead>\n<tbody>${rows}</tbody></table>`;
    }
    case 'text':
      return `<p class="text">${escaped(block.text)}</p>`;
    case 'heading':
      return `<h3>${escaped(block.text)}</h3>`;
    case 'soft':
      return `<p class="soft">${escaped(block.text)}</p>`;
  }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '');
}

/** For a file that stands alone: the application's own styles are not there. */
const fileStyles = `
* { box-sizing: border-box; }
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem; color: #111; background: #fff; font: 16px/1.45 "Atkinson Hyperlegible", system-ui, sans-serif; }
h1 { font-size: 1.7rem; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .6rem; padding-bottom: .2rem; border-bottom: 2px solid #111; font-size: 1.25rem; break-after: avoid; }
h3 { margin: 1.2rem 0 .4rem; font-size: 1.05rem; break-after: avoid; overflow-wrap: anywhere; }
.contents { columns: 2; }
.mark { padding: .4rem .8rem; border: 3px double #111; font-weight: 700; }
.watermark { position: fixed; inset: 40% 0 auto; z-index: -1; color: rgb(0 0 0 / 7%); font-size: 6rem; font-weight: 700; text-align: center; transform: rotate(-30deg); }
.text, td, dd { white-space: pre-wrap; overflow-wrap: anywhere; }
.soft { color: #444; }
dl div { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .2rem 1rem; padding: .15rem 0; break-inside: avoid; }
dt { font-weight: 700; }
dd { margin: 0; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: .9rem; }
th, td { padding: .3rem .4rem; border: 1px solid #999; text-align: left; vertical-align: top; }
th { background: #eee; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } .contents a { color: inherit; text-decoration: none; } }
@media (width < 40rem) { .contents { columns: 1; } dl div { grid-template-columns: 1fr; } }
`.trim();
