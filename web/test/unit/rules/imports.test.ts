import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../../../src');

/** Arrows point down only: each layer may import itself and those after it. `ui` and `e2ee` know nobody; only `app` and `features` use `ui`. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  app: ['app', 'features', 'core', 'transport', 'platform', 'ui'],
  features: ['features', 'core', 'transport', 'platform', 'ui'],
  core: ['core', 'e2ee', 'transport', 'platform'],
  e2ee: ['e2ee'],
  transport: ['transport', 'platform'],
  platform: ['platform'],
  ui: ['ui'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourceFiles(): string[] {
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function ownImports(): Import[] {
  return sourceFiles().flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from\s*|import\s*\(?\s*)'(\.[^']*)'/g)].map((match) => ({
      from: path(file),
      to: path(resolve(dirname(file), match[1] ?? '')),
    })),
  );
}

function path(file: string): string {
  return relative(source, file).split(sep).join('/');
}

describe('import rules', () => {
  const imports = ownImports();

  it('finds_the_imports_it_is_to_judge', () => {
    expect(imports.length).toBeGreaterThan(50);
  });

  it('every_import_points_down', () => {
    const wrong = imports.filter(({ from, to }) => !allowed[from.split('/')[0] ?? '']?.includes(to.split('/')[0] ?? ''));
    expect(wrong).toEqual([]);
  });

  it('a_feature_imports_no_other_feature_but_common', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!from.startsWith('features/') || !to.startsWith('features/')) return false;
      const other = to.split('/')[1];
      return other !== 'common' && other !== from.split('/')[1];
    });
    expect(wrong).toEqual([]);
  });

  it('what_seals_and_signs_touches_no_page_storage_or_network', () => {
    const wrong = sourceFiles().filter((file) => {
      if (!path(file).startsWith('e2ee/')) return false;
      return /(?<![.\w])(document|window|localStorage|indexedDB|Date|Math\.random)\b[.(]|\b(WebSocket|XMLHttpRequest)\b/.test(
        readFileSync(file, 'utf8'),
      );
    });
    expect(wrong).toEqual([]);
  });

  it('cryptographic_packages_are_used_in_e2ee_only', () => {
    const wrong = sourceFiles().filter((file) => !path(file).startsWith('e2ee/') && /'(ts-mls|@hpke\/|mlkem)/.test(readFileSync(file, 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('signalr_and_fetch_are_used_in_transport_only', () => {
    const wrong = sourceFiles().filter((file) => {
      const where = path(file);
      if (where.startsWith('transport/') || where.startsWith('platform/service-worker/')) return false;
      const text = readFileSync(file, 'utf8');
      return text.includes('@microsoft/signalr') || /(?<![.\w])fetch\(/.test(text);
    });
    expect(wrong).toEqual([]);
  });

  it('no_address_of_an_outside_host_is_written_anywhere', () => {
    const wrong = sourceFiles().filter((file) => /https?:\/\/(?!localhost\b|www\.w3\.org\/)/.test(readFileSync(file, 'utf8')));
    expect(wrong).toEqual([]);
  });
});
