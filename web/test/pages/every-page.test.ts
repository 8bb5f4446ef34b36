import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContext, startBrowser, watchFaults, type Look } from './browser';
import { scriptHospital } from './fixtures/hospital';
import { ScriptedServer } from './scripted-server';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where to leave pictures for a person to judge; none are made without it. */
const pictures = process.env['SCREENSHOTS'];

const paths = ['/', '/alerts/raise', '/alerts/raise/01932b7c-0000-7000-8000-00000000c001'];

const looks: readonly Look[] = [
  { language: 'fr', theme: 'light', width: 390 },
  { language: 'en', theme: 'dark', width: 1440 },
  ...(pictures
    ? ([
        { language: 'en', theme: 'dark', width: 390 },
        { language: 'fr', theme: 'light', width: 1440 },
      ] as const)
    : []),
];

let server: ScriptedServer;
let browser: Browser;

beforeAll(async () => {
  server = await ScriptedServer.start();
  scriptHospital(server);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function settle(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(context: Document, options: object): Promise<{ violations: AxeViolation[] }> } };
    return (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations;
  });
  return violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.html} ${node.failureSummary}`));
}

/** Text under 17 px, and things to press under 48 px (links inside a sentence may be as high as their line: WCAG 2.5.8). */
function measureSmallThings(): string[] {
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

describe.each(looks)('in $language, $theme, $width px wide', (look) => {
  it.each(paths)('%s can be read and used by everyone', async (path) => {
    const context = await openContext(browser, look);
    try {
      const page = await context.newPage();
      const faults = watchFaults(page, server.url);
      await page.goto(server.url + path);
      await settle(page);
      if (pictures) {
        const name = `${path.replace(/\W+/g, '_')}-${look.width}-${look.language}-${look.theme}.png`;
        await page.screenshot({ path: join(pictures, name), fullPage: look.width === 1440 });
      }
      expect(faults).toEqual([]);
      expect(await page.evaluate(measureSmallThings)).toEqual([]);
      expect(await axeViolations(page)).toEqual([]);
    } finally {
      await context.close();
    }
  });
});
