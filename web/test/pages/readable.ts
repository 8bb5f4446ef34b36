import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string; readonly target: readonly string[] }[];
}

interface Axe {
  run(context: Document | string, options: object): Promise<{ violations: AxeViolation[] }>;
}

export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: Axe };
    const found = (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations;
    // What is half under a bar that stands still is as large as it is once somebody has scrolled to it.
    const { scrollY } = window;
    const judged: AxeViolation[] = [];
    for (const violation of found) {
      if (violation.id !== 'target-size') {
        judged.push(violation);
        continue;
      }
      for (const node of violation.nodes) {
        const selector = node.target.join(' ');
        document.querySelector(selector)?.scrollIntoView({ block: 'center', behavior: 'instant' });
        judged.push(...(await axe.run(selector, { runOnly: { type: 'rule', values: ['target-size'] } })).violations);
      }
    }
    window.scrollTo({ top: scrollY, behavior: 'instant' });
    return judged;
  });
  return violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.html} ${node.failureSummary}`));
}

/** Text under 17 px, and things to press under 48 px (links inside a sentence may be as high as their line: WCAG 2.5.8). */
export function measureSmallThings(): string[] {
  const shown = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest('.visually-hidden, .skip');
  const small: string[] = [];
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    if (hasText && shown(element) && parseFloat(getComputedStyle(element).fontSize) < 16.9)
      small.push(`small text: ${element.textContent?.trim().slice(0, 40)}`);
  }
  for (const element of document.querySelectorAll('button, a[href], select, input:not([type=checkbox]):not([type=radio]), textarea')) {
    if (!shown(element) || (element.tagName === 'A' && getComputedStyle(element).display === 'inline')) continue;
    const box = element.getBoundingClientRect();
    if (box.height < 47.5 || box.width < 47.5)
      small.push(`small target ${Math.round(box.width)}x${Math.round(box.height)}: ${element.outerHTML.slice(0, 120)}`);
  }
  if (document.documentElement.scrollWidth > window.innerWidth) small.push(`scrolls sideways: ${document.documentElement.scrollWidth} px`);
  return small;
}
