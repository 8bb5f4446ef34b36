import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(resolve(import.meta.dirname, '../../../src/ui/styles/tokens.css'), 'utf8');

type Palette = ReadonlyMap<string, string>;

function readPalette(block: string): Palette {
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

const [lightBlock = '', darkBlock = ''] = css.split('/* dark */');
const light = readPalette(lightBlock);
const dark = new Map([...light, ...readPalette(darkBlock)]);

const tones = ['info', 'advisory', 'severe', 'extreme', 'safe', 'exercise', 'accent'];

/** Text colour on background colour, every pair that a component writes text with. */
const textPairs: readonly (readonly [string, string])[] = [
  ...['ink', 'ink-soft', 'accent', 'exercise', 'extreme', 'safe', 'advisory', 'severe', 'info'].flatMap((text) =>
    ['paper', 'surface', 'sunken'].map((ground) => [text, ground] as const),
  ),
  ...tones.flatMap((tone) => [[tone, `${tone}-tint`] as const, ['ink', `${tone}-tint`] as const, ['ink-soft', `${tone}-tint`] as const]),
  ...tones.map((tone) => ['on-fill', tone] as const),
  ['on-fill', 'exercise-stripe'],
];

/** Edges of inputs and switches: WCAG 2.2, 1.4.11, 3:1. */
const edgePairs: readonly (readonly [string, string])[] = [
  ['line-strong', 'surface'],
  ['line-strong', 'paper'],
  ['accent', 'surface'],
  ['accent', 'paper'],
];

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function tooClose(palette: Palette, pairs: typeof textPairs, least: number): string[] {
  return pairs
    .map(([text, ground]) => ({ text, ground, ratio: contrast(palette.get(text) ?? '#000000', palette.get(ground) ?? '#000000') }))
    .filter(({ ratio }) => ratio < least)
    .map(({ text, ground, ratio }) => `${text} on ${ground}: ${ratio.toFixed(2)}`);
}

describe('contrast', () => {
  it('black_on_white_is_21_to_1', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  });

  it('every_text_pair_reaches_4_5_to_1_in_light', () => {
    expect(tooClose(light, textPairs, 4.5)).toEqual([]);
  });

  it('every_text_pair_reaches_4_5_to_1_in_dark', () => {
    expect(tooClose(dark, textPairs, 4.5)).toEqual([]);
  });

  it('edges_of_inputs_reach_3_to_1_in_both', () => {
    expect([...tooClose(light, edgePairs, 3), ...tooClose(dark, edgePairs, 3)]).toEqual([]);
  });

  it('the_dark_palette_names_every_colour_of_the_light_one', () => {
    expect([...readPalette(darkBlock).keys()].sort()).toEqual([...light.keys()].sort());
  });
});
