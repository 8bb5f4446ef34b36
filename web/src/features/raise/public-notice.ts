import type { components } from '../../transport/contract/generated';
import type { ContentLanguage } from '../../transport/contract/content';

/** What the Common Alerting Protocol asks beside an alert's own words, where the public is shown it. */
export type PublicNotice = components['schemas']['PublicNotice'];
export type CapCategory = NonNullable<PublicNotice['category']>;

/** CAP 1.2, section 3.2.2, those that an organisation raises first. */
export const capCategories = [
  'safety',
  'fire',
  'health',
  'security',
  'env',
  'cbrne',
  'infra',
  'transport',
  'met',
  'geo',
  'rescue',
  'other',
] as const satisfies readonly CapCategory[];

/** @param language That the area and the instruction are written in: the other one's readers get them, too. */
export function publicNotice(category: CapCategory, area: string, instruction: string, language: ContentLanguage): PublicNotice {
  return {
    category,
    ...(area.trim() === '' ? {} : { area: { [language]: area.trim() } }),
    ...(instruction.trim() === '' ? {} : { instruction: { [language]: instruction.trim() } }),
  };
}
