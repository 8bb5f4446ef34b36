// Pictures of every page for a person to judge: the real server with the demonstration organisation and the carrier lab, in a real browser.
// usage: node web/test/pictures.mjs DIRECTORY [--only NAME,NAME] [--all-looks]   (after ./dev run has built once, or with TOCSIN naming the executable)
// Four looks that between them show each language, theme and width; all eight combinations with --all-looks.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');
const directory = process.argv[2];
if (!directory) throw new Error('Say where the pictures go.');
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt > 0 ? process.argv[onlyAt + 1] : undefined;
mkdirSync(directory, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'tocsin-pictures-'));

/** Lines of a process, until one is found. */
async function firstLine(child, find) {
  for await (const line of createInterface({ input: child.stdout })) {
    const found = find(line);
    if (found) return found;
  }
  throw new Error(`${child.spawnfile} ended before it was ready.`);
}

const children = [];
// Whatever goes wrong, nothing that was started here goes on.
process.on('exit', () => children.forEach((child) => child.kill()));

const lab = spawn('node', [join(root, 'lab/main.js'), '--end-with-input'], { stdio: ['pipe', 'pipe', 'inherit'] });
const carriers = await firstLine(lab, (line) => (line.startsWith('{') ? JSON.parse(line) : undefined));
children.push(lab);
const [smsHost, smsPort] = carriers.sms.split(':');
const [mailHost, mailPort] = carriers.mail.split(':');
const server = spawn(
  process.env.TOCSIN ?? join(root, 'src/Server/Tocsin.Server/bin/Release/net10.0/tocsin'),
  ['serve', '--port', '0', '--data', data, '--web-root', join(root, 'web/dist'), '--demo', '--carrier-lab', carriers.page],
  {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      TOCSIN_SMS__PROVIDERS__0__ID: 'lab',
      TOCSIN_SMS__PROVIDERS__0__HOST: smsHost,
      TOCSIN_SMS__PROVIDERS__0__PORT: smsPort,
      TOCSIN_SMS__PROVIDERS__0__SYSTEMID: 'tocsin',
      TOCSIN_SMS__PROVIDERS__0__PASSWORD: 'demo',
      TOCSIN_SMS__PROVIDERS__0__SOURCEADDRESS: '38638',
      TOCSIN_EMAIL__FROM: 'alerte@ch-valmont.example',
      TOCSIN_EMAIL__RELAYS__0__NAME: 'lab',
      TOCSIN_EMAIL__RELAYS__0__SECURITY: 'None',
      TOCSIN_EMAIL__RELAYS__0__HOST: mailHost,
      TOCSIN_EMAIL__RELAYS__0__PORT: mailPort,
    },
  },
);

children.push(server);

/** Sign-in links of the demonstration's people, by their sign-in name. */
const links = new Map();
await firstLine(server, (line) => {
  const found = /(https?:\/\/\S+\/sign-in#card=([^&]+)&code=\S+)/.exec(line);
  if (found) links.set(found[2], found[1]);
  return links.size >= 6 ? links : undefined;
});
const address = new URL(links.values().next().value).origin;
// Playwright keeps cookies and storage apart by context: one signed-in state per person, used by every look.
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--allow-loopback-in-peer-connection',
  ],
});

async function signIn(person) {
  const context = await browser.newContext({ locale: 'fr-FR' });
  const page = await context.newPage();
  await page.goto(links.get(person));
  await page.locator('form button[type=submit]').first().click();
  await page.locator('nav').first().waitFor({ state: 'attached' });
  const state = await context.storageState();
  await context.close();
  return state;
}

async function call(state, method, path, body) {
  const context = await browser.newContext({ storageState: state, baseURL: address });
  const page = await context.newPage();
  await page.goto('/health/live');
  const answer = await page.evaluate(
    async ([method, path, body]) => {
      const response = await fetch(path, {
        method,
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await response.text();
      return text ? JSON.parse(text) : undefined;
    },
    [method, path, body],
  );
  await context.close();
  return answer;
}

/** The personal link of an SMS of the lab's phones, in the look's language. */
async function answerLink(isExercise) {
  for (let tries = 0; tries < 60; tries++) {
    const messages = await (await fetch(new URL('/api/messages?channel=sms&limit=2000', carriers.page))).json();
    const link = messages
      .filter((one) => /^EXERCI[CS]E/.test(one.text) === isExercise)
      .map((one) => /https?:\/\/\S+/.exec(one.text)?.[0])
      .find((found) => found);
    if (link) return (look) => `${link}?lang=${look.language}`;
    await new Promise((settled) => setTimeout(settled, 250)); // The carrier takes its time.
  }
  throw new Error('No SMS with a link has arrived.');
}

const director = await signIn('claire.morel');
const administrator = await signIn('karim.benali');
const nurse = await signIn('thomas.girard');
const scenarios = (await call(director, 'GET', '/api/v1/scenarios?limit=50')).items;
const fire = scenarios.find((one) => one.definition.category === 'fire') ?? scenarios[0];
const person = (await call(director, 'GET', '/api/v1/people?limit=1&search=petit')).items[0];
const group = (await call(director, 'GET', '/api/v1/groups?limit=5')).items[0];
const rota = (await call(director, 'GET', '/api/v1/rotas')).items[0];
const nurseId = (await call(director, 'GET', '/api/v1/people?limit=1&search=thomas%20girard')).items[0].id;
const bulletin = await call(director, 'POST', '/api/v1/bulletins', {
  draft: {
    title: { fr: 'Réseau informatique coupé : travaillez sur papier', en: 'Network down: work on paper' },
    body: { fr: 'Utilisez les fiches papier et les téléphones rouges.', en: 'Use the paper forms and the red telephones.' },
    toStaff: true,
    byMail: true,
    toPublic: true,
  },
});
const accounts = (await call(administrator, 'GET', '/api/v1/accounts')).items;
await call(administrator, 'POST', '/api/v1/accounts', {
  givenName: 'Élodie',
  familyName: 'Le Goff',
  language: 'fr',
  signInName: 'elodie.le.goff',
  roles: [],
});

/** Pages before anything has happened, then with a real alert, then with an exercise. */
const calm = [
  ['now-calm', director, '/'],
  ['alerts-none', director, '/alerts'],
  ['raise-choose', director, '/alerts/raise'],
  ['raise-check', director, `/alerts/raise/${fire.id}`],
  ['meetings-none', director, '/meetings'],
  ['meetings-check', director, '/meetings/check'],
  ['crises-none', director, '/crises'],
  ['crisis-new', director, '/crises/new'],
  ['rooms-none', director, '/rooms'],
  ['bulletins', director, '/bulletins'],
  ['bulletin-desk', director, `/bulletins/${bulletin.id}/desk`],
  ['bulletin-edit', director, `/bulletins/${bulletin.id}/edit`],
  ['bulletin-new', director, '/bulletins/new'],
  ['bulletin-partners', director, '/bulletins/partners'],
  ['public-page', director, '/bulletins/public-page'],
  ['guest-dead', undefined, '/meet#unknown'],
  ['scenarios', director, '/scenarios'],
  ['scenario', director, `/scenarios/${fire.id}`],
  ['directory', administrator, '/directory'],
  ['directory-groups', administrator, '/directory?tab=groups'],
  ['directory-sites', administrator, '/directory?tab=sites'],
  ['directory-functions', administrator, '/directory?tab=functions'],
  ['person', administrator, `/directory/people/${person.id}`],
  ['person-edit', administrator, `/directory/people/${person.id}/edit`],
  ['group', administrator, `/directory/groups/${group.id}`],
  ['import', administrator, '/directory/import'],
  ['import-running', administrator, '/directory/import'],
  ['rotas', administrator, '/rotas'],
  ['rota', administrator, `/rotas/${rota.id}`],
  ['rota-edit', administrator, `/rotas/${rota.id}/edit`],
  ['settings', administrator, '/settings'],
  ['settings-channels', administrator, '/settings?tab=channels'],
  ['settings-accounts', administrator, '/settings?tab=accounts'],
  ['settings-tokens', administrator, '/settings?tab=tokens'],
  ['invite', administrator, '/settings/accounts/new'],
  ['account', administrator, `/settings/accounts/${accounts.find((one) => one.signInName === 'claire.morel').id}`],
  ['audit', administrator, '/audit'],
  ['me', administrator, '/me'],
  ['me-devices', administrator, '/me/devices'],
  ['sign-in', undefined, '/sign-in'],
  ['set-up', undefined, '/setup#unknown'],
];

const looks = [
  { language: 'fr', theme: 'light', width: 390 },
  { language: 'en', theme: 'dark', width: 390 },
  { language: 'en', theme: 'light', width: 1440 },
  { language: 'fr', theme: 'dark', width: 1440 },
  { language: 'en', theme: 'light', width: 390 },
  { language: 'fr', theme: 'dark', width: 390 },
  { language: 'fr', theme: 'light', width: 1440 },
  { language: 'en', theme: 'dark', width: 1440 },
].slice(0, process.argv.includes('--all-looks') ? 8 : 4);

const doings = {
  invite: async (page) =>
    page
      .locator('input[type=radio]')
      .nth(1)
      .check({ force: true })
      .catch(() => undefined),
  'import-running': importHalfWay,
  takeover: (page) => takeScreen(page, 'real'),
  'takeover-exercise': (page) => takeScreen(page, 'exercise'),
  account: openAll,
  me: openAll,
  'settings-accounts': openAll,
  'meeting-before': (page) => page.locator('main input[role=switch]').first().check(),
  'meeting-call': goIn,
  'meeting-messages': async (page) => openPanel(page, 0),
  'meeting-people': async (page) => openPanel(page, 1),
  'meeting-options': async (page) => openPanel(page, 2),
  'meeting-network': async (page) => openPanel(page, 3),
  palette: async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('petit');
    await page
      .getByRole('option')
      .nth(1)
      .waitFor({ timeout: 5_000 })
      .catch(() => undefined);
  },
};

async function goIn(page) {
  await page.locator('main input[role=switch]').first().check();
  await page.locator('main button.large').click();
  await page.locator('.call video').first().waitFor({ timeout: 15_000 });
}

async function openPanel(page, tab) {
  await goIn(page);
  await page.locator('.call .bar button').nth(4).click();
  await page.locator('.call [role=tab]').nth(tab).click();
}

/** A file on its way in, held at a third of it. */
async function importHalfWay(page) {
  await page.route(/\/api\/v1\/imports\?/, () => undefined);
  await page.route(/\/imports\/[^/]+\/progress/, (route) => route.fulfill({ json: { step: 'comparing', done: 31_417, total: 100_000 } }));
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'annuaire.csv', mimeType: 'text/csv', buffer: Buffer.from('nom;prenom\nDurand;Amélie\n') });
  await page.locator('main button.primary').click();
  await page.locator('progress, [role=progressbar]').first().waitFor();
  await page.waitForTimeout(1_500); // The count is asked for once a second.
}

/** An alert that reaches whoever has the page open, and nobody else. Returns how to end it. */
async function takeScreen(page, mode) {
  const raised = await call(director, 'POST', '/api/v1/alerts', {
    mode,
    severity: 'extreme',
    title: { fr: 'Intrusion armée au bâtiment C', en: 'Armed intrusion in building C' },
    body: {
      fr: 'Enfermez-vous, éteignez les lumières, mettez vos téléphones en silencieux et attendez.',
      en: 'Lock yourself in, switch off the lights, silence your phones and wait.',
    },
    audience: { include: { people: [nurseId] } },
  });
  await page.locator('dialog[open]').waitFor({ timeout: 15_000 });
  return () => call(director, 'POST', `/api/v1/alerts/${raised.id}/cancellation`, {});
}

async function openAll(page) {
  for (const summary of await page.locator('main details > summary').all()) await summary.click();
  await page
    .locator('main .skeleton')
    .first()
    .waitFor({ state: 'detached', timeout: 5_000 })
    .catch(() => undefined);
}

const faults = [];

/** One page per person and look: what it has once is not fetched and parsed again for every picture. */
async function openPage(look, state) {
  const context = await browser.newContext({
    ...(state ? { storageState: state } : {}),
    baseURL: address,
    viewport: { width: look.width, height: look.width === 390 ? 844 : 900 },
    locale: look.language === 'fr' ? 'fr-FR' : 'en-GB',
    colorScheme: look.theme,
    reducedMotion: 'reduce',
  });
  return context.newPage();
}

async function take(shots) {
  for (const look of looks) {
    const pages = new Map();
    for (const [name, state, path] of shots) {
      if (only && !only.split(',').includes(name)) continue;
      const page = pages.get(state) ?? (await openPage(look, state));
      pages.set(state, page);
      // A page of its own each time: an address that differs after its # only would not be loaded anew.
      await page.goto('about:blank');
      await page.goto(typeof path === 'function' ? path(look) : path);
      await page
        .locator('h1')
        .first()
        .waitFor({ timeout: 15_000 })
        .catch(() => faults.push(`${name}: no heading`));
      await page
        .waitForFunction(() => !document.querySelector('main .skeleton'), undefined, { timeout: 15_000 })
        .catch(() => faults.push(`${name}: does not come to rest`));
      const end = await doings[name]?.(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) faults.push(`${name} ${look.language} ${look.width}: ${wide} px too wide`);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('main button, main a.button, main summary, main input:not([type=hidden]), main select')]
          .filter((one) => one.checkVisibility() && !one.closest('p, label, .visually-hidden'))
          .map((one) => [one, one.getBoundingClientRect()])
          .filter(([, box]) => box.height > 0 && box.height < 44)
          .map(
            ([one, box]) =>
              `${one.tagName} "${(one.textContent || one.getAttribute('aria-label') || one.type || '').trim().slice(0, 30)}" ${Math.round(box.height)} px`,
          ),
      );
      for (const one of new Set(small)) if (look.width === 390) faults.push(`${name} ${look.language}: small target ${one}`);
      // What sticks to the window belongs at its top.
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({
        path: join(directory, `${name}-${look.width}-${look.language}-${look.theme}.png`),
        fullPage: name !== 'palette' && name !== 'lab' && !/^(meeting|takeover)/.test(name),
      });
      if (typeof end === 'function') await end();
    }
    for (const page of pages.values()) await page.context().close();
  }
}

try {
  await take([...calm, ['palette', director, '/']]);
  const raise = (mode) =>
    call(director, 'POST', '/api/v1/alerts', {
      scenarioId: fire.id,
      mode,
      variables: Object.fromEntries(fire.definition.content.variables?.map((one) => [one.name, one.choices?.[0]?.key ?? 'bâtiment C']) ?? []),
    });
  const exercise = await raise('exercise');
  await take([
    ['exercise-now', director, '/'],
    ['exercise-board', director, `/alerts/${exercise.id}`],
    ['exercise-directory', administrator, '/directory'],
    ['exercise-settings', administrator, '/settings'],
    ['answer-exercise', undefined, await answerLink(true)],
    ['takeover-exercise', nurse, '/'],
  ]);
  const meeting = await call(director, 'POST', '/api/v1/meetings', { title: 'Point logistique', openTo: 'organisation', hasWaitingRoom: false });
  await take([
    ['meetings', director, '/meetings'],
    ['meeting-before', director, `/meetings/${meeting.id}`],
    ['meeting-call', director, `/meetings/${meeting.id}`],
    ['meeting-messages', director, `/meetings/${meeting.id}`],
    ['meeting-people', director, `/meetings/${meeting.id}`],
    ['meeting-options', director, `/meetings/${meeting.id}`],
    ['meeting-network', director, `/meetings/${meeting.id}`],
  ]);
  const real = await raise('real');
  await new Promise((settled) => setTimeout(settled, 8_000)); // The carriers need a while to deliver to everybody: the board is judged with people on it.
  await take([
    ['now', director, '/'],
    ['board', director, `/alerts/${real.id}`],
    ['alerts', director, '/alerts'],
    ['answer', undefined, await answerLink(false)],
    ['answer-dead', undefined, '/a/unknown'],
    ['lab', undefined, carriers.page],
    ['takeover', nurse, '/'],
  ]);
} finally {
  await browser.close();
  server.kill('SIGTERM');
  lab.stdin.end();
  await new Promise((ended) => server.once('exit', ended));
  rmSync(data, { recursive: true, force: true });
}
for (const fault of faults) process.stdout.write(`${fault}\n`);
