import { fillIn } from '../../markdown/markdown';
import { foldForSearch } from '../../search-fold';
import { longestHeading, longestSectionText, mostSections, type SituationPart } from './situation-content';

/** What a template may ask for that the crisis knows. */
export const fillings = ['facts', 'decisions', 'open-tasks', 'overdue-tasks', 'severity', 'status', 'number', 'time', 'next'] as const;
export type Filling = (typeof fillings)[number];

/** Those that are lists, line by line; the others are words within a line. */
export const listFillings = ['facts', 'decisions', 'open-tasks', 'overdue-tasks'] as const satisfies readonly Filling[];
export type ListFilling = (typeof listFillings)[number];

/** As templates write them, in either language, whatever the reader's. */
const names: ReadonlyMap<string, Filling> = new Map([
  ['faits', 'facts'],
  ['facts', 'facts'],
  ['decisions', 'decisions'],
  ['taches ouvertes', 'open-tasks'],
  ['open tasks', 'open-tasks'],
  ['taches en retard', 'overdue-tasks'],
  ['overdue tasks', 'overdue-tasks'],
  ['gravite', 'severity'],
  ['severity', 'severity'],
  ['etat de la crise', 'status'],
  ['crisis status', 'status'],
  ['numero du point', 'number'],
  ['report number', 'number'],
  ['date et heure', 'time'],
  ['date and time', 'time'],
  ['heure suivante', 'next'],
  ['next time', 'next'],
]);

/** A section as the template has it. */
export interface TemplateSection extends SituationPart {
  /** Nothing of it comes from the crisis: what people wrote into it last time may still be true. */
  readonly isWrittenByHand: boolean;
}

/** What a variable of a template stands for; undefined for what people fill in. */
export function fillingNamed(name: string): Filling | undefined {
  return names.get(foldForSearch(name).trim().replaceAll(/\s+/g, ' '));
}

/**
 * The sections of a template: each begins with a heading of the second order, or of the first where there is none of the second. A heading of the first order above them is the report's title, which it has anyway.
 * @param valueOf Several lines for a list; undefined for what the crisis does not know: it stays to be filled in by hand.
 * @param untitled What words before the first heading stand under.
 */
export function sectionsOf(template: string, valueOf: (filling: Filling) => string | undefined, untitled: string): readonly TemplateSection[] {
  const lines = template.replaceAll(/\r\n?/g, '\n').split('\n');
  const marks = lines.some((line) => /^## +\S/.test(line.trim())) ? /^(#{1,2}) +(.+)$/ : /^(#) +(.+)$/;
  const hasTitle = marks.source.includes('1,2');
  const sections: { heading: string; lines: string[] }[] = [{ heading: untitled, lines: [] }];
  for (const line of lines) {
    const [, signs, words] = marks.exec(line.trim()) ?? [];
    if (words === undefined) sections.at(-1)?.lines.push(line);
    else if (!hasTitle || signs === '##') sections.push(begun(words));
  }
  return sections
    .filter(({ lines: written }, at) => at > 0 || written.some((line) => line.trim() !== ''))
    .slice(0, mostSections)
    .map((section) => filledIn(section, valueOf, untitled));
}

/** "Next report: {{next time}}" is a heading and what stands below it. */
function begun(words: string): { heading: string; lines: string[] } {
  const [, heading, value] = /^([^{}]+?)\s*:\s*(\{\{[^{}]+\}\})$/.exec(words) ?? [];
  return heading === undefined || value === undefined ? { heading: words, lines: [] } : { heading, lines: [value] };
}

function filledIn(
  { heading, lines }: { readonly heading: string; readonly lines: readonly string[] },
  valueOf: (filling: Filling) => string | undefined,
  untitled: string,
): TemplateSection {
  let isWrittenByHand = true;
  const value = (name: string): string | undefined => {
    const filling = fillingNamed(name);
    if (filling !== undefined) isWrittenByHand = false;
    return filling === undefined ? undefined : valueOf(filling);
  };
  const text = lines
    .map((line) => {
      // A list takes the place of its line; among other words it would be one long sentence.
      const alone = /^\s*\{\{ {0,3}([^{}]+?) {0,3}\}\}\s*$/.exec(line)?.[1];
      const list = alone !== undefined && isList(fillingNamed(alone)) ? value(alone) : undefined;
      return list ?? fillIn(line, value);
    })
    .join('\n')
    .trim()
    .slice(0, longestSectionText);
  const title = fillIn(heading, value).slice(0, longestHeading);
  return { heading: title.trim() === '' ? untitled : title, text, isWrittenByHand };
}

function isList(filling: Filling | undefined): filling is ListFilling {
  return listFillings.some((one) => one === filling);
}

/** Words of others as one item of a list, with none of their signs taken for Markdown. */
export function itemOf(words: string): string {
  return `- ${words
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]{}]/g, String.raw`\$&`)}`;
}

/** As many items as there is room for, those at the end first, in their order. @returns How many are left out as well. */
export function fittingItems(items: readonly string[], longest: number): { readonly text: string; readonly leftOut: number } {
  let room = longest;
  let first = items.length;
  while (first > 0 && (items[first - 1]?.length ?? 0) + 1 <= room) {
    first -= 1;
    room -= (items[first]?.length ?? 0) + 1;
  }
  return { text: items.slice(first).join('\n'), leftOut: first };
}

/** What people wrote last time under a heading that the template fills with nothing, and sections that they added then. @param before The sections of the report before, as they stand. */
export function carriedOver(sections: readonly TemplateSection[], before: readonly SituationPart[]): readonly SituationPart[] {
  const written = new Map(before.map((part) => [foldForSearch(part.heading), part.text]));
  const kept = sections.map(({ heading, text, isWrittenByHand }) => {
    const last = isWrittenByHand ? written.get(foldForSearch(heading)) : undefined;
    return { heading, text: last ?? text };
  });
  const known = new Set(kept.map(({ heading }) => foldForSearch(heading)));
  const added = before.filter(({ heading, text }) => !known.has(foldForSearch(heading)) && text !== '');
  return [...kept, ...added].slice(0, mostSections);
}
