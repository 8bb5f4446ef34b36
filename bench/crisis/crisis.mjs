// A long crisis in a real browser: second visits of its pages until they can be used, and frames while somebody scrolls, searches, filters and types.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { loadavg } from "node:os";
import { pathToFileURL } from "node:url";
import { option } from "../measurer.mjs";
import { median, report } from "../report.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
/** @param {string} name */
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const [{ chromium }, { createServer }] = [(await load("playwright-core")).default, await load("vite")];

const lines = Number(option("--lines") ?? 5000);
const tasks = Number(option("--tasks") ?? 1000);
const visits = Number(option("--visits") ?? 5);
const profileTo = option("--profile");

// What is TypeScript is read by the client's own bundler, in this process.
const vite = await createServer({
  root: new URL("../../web", import.meta.url).pathname,
  logLevel: "error",
  appType: "custom",
  server: { middlewareMode: true, hmr: false, ws: false, fs: { strict: false } },
  optimizeDeps: { noDiscovery: true, include: [] },
});
const { serve } = await vite.ssrLoadModule(new URL("long-crisis.ts", import.meta.url).pathname);
const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const before = loadavg()[0];
try {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    serviceWorkers: "block",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(300_000);
  page.on("pageerror", (error) => console.error(error.message));
  await page.addInitScript(watch);
  await page.goto(`${server.url}/rooms`);
  await page.getByText("You are in no room").waitFor();
  if (!server.hasDevice()) throw new Error("the browser has no device");
  const crisis = await server.write(lines, tasks);
  const last = `Line ${lines}:`;
  const pages = {
    crisis: { path: `/crises/${crisis.id}`, has: ["Long crisis", last, "Update the situation"] },
    log: { path: `/rooms/${crisis.id}/log`, has: [last, "Enter a line"] },
    tasks: { path: `/rooms/${crisis.id}/tasks`, has: [`To do (${crisis.toDo})`, "Task 50:", "Add a task"] },
  };
  /** @param {keyof typeof pages} name @returns Milliseconds since the navigation began. */
  const visit = async (name) => {
    const { path, has } = pages[name];
    await page.goto(`${server.url}${path}`, { waitUntil: "commit" });
    const shown = await page.waitForFunction((wanted) => globalThis.firstShown(wanted), has, { polling: "raf" });
    return shown.jsonValue();
  };
  const first = await visit("log");
  // What came is in the browser once it says nothing more to the server.
  await page.waitForLoadState("networkidle");
  /** @type {Record<string, number>} */
  const second = {};
  for (const name of /** @type {(keyof typeof pages)[]} */ (Object.keys(pages))) {
    const times = [];
    for (let each = 0; each < visits; each++) times.push(await visit(name));
    second[name] = median(times);
    console.error(`${name}: ${times.map(Math.round).join(", ")} ms`);
  }
  if (profileTo) {
    const session = await context.newCDPSession(page);
    await session.send("Profiler.enable");
    await session.send("Profiler.start");
    await visit("log");
    writeFileSync(profileTo, JSON.stringify((await session.send("Profiler.stop")).profile));
  }

  // Nothing of it may be shown wrong because it is shown fast.
  await visit("tasks");
  const counted = await page.locator("main section h2").allTextContents();
  if (!counted[0]?.includes(`(${crisis.toDo})`)) throw new Error(`tasks to do: ${counted[0]}, and not ${crisis.toDo}`);
  await visit("log");
  const chip = await page
    .getByRole("button", { name: /^Decision/ })
    .first()
    .textContent();
  if (!chip?.replace(/\D/g, "").includes(String(crisis.decisions))) throw new Error(`decisions: ${chip}, and not ${crisis.decisions}`);
  await page
    .getByText("refused")
    .count()
    .then((n) => n > 0 && Promise.reject(new Error("an honest server is said to cheat")));

  /** @type {Record<string, { p50: number, p95: number, long: number, longest: number }>} */
  const frames = {};
  /** @param {string} name @param {() => Promise<void>} work */
  const during = async (name, work) => {
    await page.evaluate(() => globalThis.startFrames());
    await work();
    frames[name] = await page.evaluate(() => globalThis.stopFrames());
    console.error(name, frames[name]);
  };
  const scroll = async () => {
    await page.mouse.move(800, 600);
    for (let turn = 0; turn < 60; turn++) {
      await page.mouse.wheel(0, turn < 40 ? 400 : -600);
      await page.waitForTimeout(30);
    }
  };
  const search = page.getByRole("searchbox");
  await during("log_scroll", scroll);
  await during("log_search", async () => {
    await search.pressSequentially("ward 7 fuel", { delay: 80 });
    await page
      .getByText(/^[\d,]+ of [\d,]+ lines\./)
      .first()
      .waitFor();
  });
  const wanted = Array.from({ length: lines }, (_, at) => at + 1).filter((n) =>
    ["ward", "7", "fuel"].every((word) => `line ${n}: ward ${n % 40} ${n % 17} ${n % 5} fuel ${n % 48} ${n}`.includes(word)),
  );
  const found = Number(
    (
      await page
        .getByText(/^[\d,]+ of [\d,]+ lines\./)
        .first()
        .textContent()
    )
      ?.split(" ")[0]
      ?.replaceAll(",", ""),
  );
  // The number of the line counts, too, and it is one more than ours: the opening has the first. Each that has the words must be there.
  if (found < wanted.length) throw new Error(`found ${found} lines, and there are at least ${wanted.length}`);
  await search.fill("");
  await during("log_filter", async () => {
    for (let each = 0; each < 4; each++) {
      await page
        .getByRole("button", { name: /^Decision/ })
        .first()
        .click();
      await page.waitForTimeout(150);
    }
  });
  await page.getByRole("button", { name: "Enter a line" }).first().click();
  await during("log_typing", () => page.getByLabel("What to remember").pressSequentially("Twelve patients on the way to ward C", { delay: 50 }));
  await page.keyboard.press("Escape");
  await during("log_news", async () => {
    await crisis.add("Somebody else has written this");
    await page.getByText("Somebody else has written this").waitFor();
  });
  await visit("tasks");
  await during("tasks_scroll", scroll);
  await during("tasks_filter", async () => {
    for (let each = 0; each < 4; each++) {
      await page
        .getByRole("button", { name: /^Mine|^My/ })
        .first()
        .click();
      await page.waitForTimeout(150);
    }
  });
  const floor = await page.evaluate(readFloor, crisis.entries);
  report(
    "crisis",
    {
      browser: browser.version(),
      lines,
      tasks,
      entries: crisis.entries,
      megabytesOfEntries: crisis.size / 1e6,
      loadBefore: before,
      loadAfter: loadavg()[0],
      firstVisitOfLogMs: Math.round(first),
    },
    [
      ...Object.entries(second).map(([name, value]) => ({
        metric: `second_visit_${name}`,
        value,
        unit: "ms",
        goal: 1000,
        goalIs: /** @type {'most'} */ ("most"),
        beside: "as much sealed JSON read, opened, parsed",
        besideValue: floor,
      })),
      ...Object.entries(frames).flatMap(([name, { p50, p95, long, longest }]) => [
        { metric: `${name}_frame_p50`, value: p50, unit: "ms", beside: "a display of 60 Hz", besideValue: 1000 / 60 },
        { metric: `${name}_frame_p95`, value: p95, unit: "ms", goal: 50, goalIs: /** @type {'most'} */ ("most") },
        { metric: `${name}_tasks_over_50ms`, value: long, unit: "" },
        { metric: `${name}_longest_task`, value: longest, unit: "ms" },
      ]),
    ],
    process.argv,
  );
} finally {
  await browser.close();
  await server.stop();
  await vite.close();
}

/** In the page: when all of these words are shown first, and how long frames and tasks take. */
function watch() {
  Object.assign(globalThis, {
    firstShown: (/** @type {string[]} */ wanted) => {
      const main = document.querySelector("main")?.textContent ?? "";
      const all = main + (document.querySelector("body")?.textContent ?? "").slice(-2000);
      return wanted.every((words) => main.includes(words) || all.includes(words)) ? performance.now() : false;
    },
    startFrames: () => {
      /** @type {number[]} */
      const times = [];
      /** @type {number[]} */
      const long = [];
      const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
      observer.observe({ type: "longtask" });
      let previous = performance.now();
      let going = true;
      const frame = () => {
        const now = performance.now();
        times.push(now - previous);
        previous = now;
        if (going) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      globalThis.stopFrames = () => {
        going = false;
        long.push(...observer.takeRecords().map(({ duration }) => duration));
        observer.disconnect();
        const sorted = times.slice(1).sort((one, other) => one - other);
        const at = (/** @type {number} */ share) => sorted[Math.floor(sorted.length * share)] ?? 0;
        return { p50: at(0.5), p95: at(0.95), long: long.filter((duration) => duration > 50).length, longest: Math.max(0, ...long) };
      };
    },
  });
}

/**
 * What no page that keeps its entries sealed can be faster than: as many bytes of JSON in pages of 250, read from IndexedDB, opened and parsed.
 * @param {number} entries
 */
async function readFloor(entries) {
  const [pageLength, octets] = [250, 420];
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const name = `floor-${crypto.randomUUID()}`;
  const database = await new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("pages");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const item = {
    seq: 1,
    at: new Date().toISOString(),
    id: "a".repeat(32),
    author: "b".repeat(32),
    device: "c".repeat(32),
    what: { kind: "content", content: { text: "" } },
  };
  const fill = "x".repeat(Math.max(0, octets - JSON.stringify(item).length));
  const whole = { ...item, what: { kind: "content", content: { text: fill } } };
  const iv = new Uint8Array(12);
  const pages = Math.ceil(entries / pageLength);
  for (let page = 0; page < pages; page++) {
    const text = JSON.stringify({ items: Array.from({ length: pageLength }, () => whole) });
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text)));
    await new Promise((resolve, reject) => {
      const writing = database.transaction("pages", "readwrite");
      writing.objectStore("pages").put(sealed, page);
      writing.oncomplete = () => resolve(undefined);
      writing.onerror = () => reject(writing.error);
    });
  }
  const times = [];
  for (let each = 0; each < 5; each++) {
    const start = performance.now();
    for (let page = 0; page < pages; page++) {
      const sealed = await new Promise((resolve, reject) => {
        const reading = database.transaction("pages").objectStore("pages").get(page);
        reading.onsuccess = () => resolve(reading.result);
        reading.onerror = () => reject(reading.error);
      });
      JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed)));
    }
    times.push(performance.now() - start);
  }
  database.close();
  indexedDB.deleteDatabase(name);
  return times.sort((one, other) => one - other)[2] ?? 0;
}
