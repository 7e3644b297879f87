/**
 * Drives a running Refugia in Chromium. Reads from the environment:
 *   REFUGIA_URL         the server, required
 *   CHROMIUM            the browser, /usr/bin/chromium unless told
 *   REFUGIA_SCREENSHOTS a folder for pictures; none are taken without it
 *
 * The tests know no data: what they ask for they first learn from the API.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const URL_BASE = process.env.REFUGIA_URL?.replace(/\/$/, '');
if (!URL_BASE) throw new Error('set REFUGIA_URL to the address of a running server');
const PICTURES = process.env.REFUGIA_SCREENSHOTS;
if (PICTURES) mkdirSync(PICTURES, { recursive: true });

export const PHONE = { name: 'phone', width: 390, height: 844, touch: true };
export const DESK = { name: 'desk', width: 1440, height: 900, touch: false };

/** Software rendering on a shared machine is slow; a person's browser is not. */
const PATIENCE_MS = 60_000;

/**
 * The window around a page is a page itself in newer browsers, drawn twice for an address bar that nobody sees: half of
 * what a page costs. A browser heeds the last such list only, so that it also has what Playwright puts there.
 */
const SWITCHED_OFF = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${SWITCHED_OFF}`,
      // Words are painted quicker without a graphics processor that is only imitated. Layers are still put together by
      // it: done without, panels that open over the map leave a hole in it.
      '--disable-gpu-rasterization',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
    ],
  });
}

/** As on a line so slow that the map's program has not come yet: all else is there without it. */
const withoutMap = (page) => page.route('**/assets/controller*.js', () => undefined);

/**
 * A page in a fresh profile, without the map where it is no part of what is tested: drawing it in software takes most
 * of a page's time. `outside` collects every request that leaves the
 * server's origin, `faults` every uncaught error and console error.
 */
export async function open(browser, { screen = DESK, lang = 'en', scheme = 'light', hash = '', position, before, base = URL_BASE, map = true } = {}) {
  const context = await browser.newContext({
    viewport: { width: screen.width, height: screen.height },
    hasTouch: screen.touch,
    isMobile: screen.touch,
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: scheme,
    reducedMotion: 'reduce',
    ...(position ? { geolocation: position, permissions: ['geolocation', 'clipboard-read', 'clipboard-write'] } : {}),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const outside = [];
  const faults = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== new URL(base).origin) outside.push(request.url());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  // Pictures are to show what people see.
  const held = !map && !PICTURES;
  if (held) await withoutMap(page);
  await before?.(page);
  await page.goto(`${base}/${hash}`, { waitUntil: held ? 'domcontentloaded' : 'load' });
  return { page, context, outside, faults };
}

/** Waits until the map has drawn its style and every tile in view. */
export async function mapDrawn(page) {
  await page.waitForSelector('.map[data-drawn="true"]');
  // What was done last reaches the map within a frame.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.waitForSelector('[role="progressbar"]', { state: 'detached' });
}

/** Where a point stands on the map canvas, for a map that looks at `centre` at `zoom` (512 px tiles, Web Mercator). */
export async function onCanvas(page, centre, zoom, point) {
  const { width, height } = await page.locator('.map canvas').boundingBox();
  const world = 512 * 2 ** zoom;
  const x = (lon) => ((lon + 180) / 360) * world;
  const y = (lat) => ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * world;
  return { x: width / 2 + x(point.lon) - x(centre.lon), y: height / 2 + y(point.lat) - y(centre.lat) };
}

/** Waits until a piece of the page looks otherwise than it did; `shoot` takes its picture. */
export async function changed(shoot, before, what) {
  const late = Date.now() + PATIENCE_MS;
  while (before.equals(await shoot())) assert.ok(Date.now() < late, what);
}

export async function api(path) {
  const reply = await fetch(`${URL_BASE}${path}`);
  assert.equal(reply.status, 200, `${path}: ${await reply.clone().text()}`);
  return reply.json();
}

/** No serious or critical finding of axe on the page as it stands. */
export async function assertAccessible(page, what) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const findings = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map((node) => node.html.slice(0, 160)).join('\n    ')}`);
  });
  assert.deepEqual(findings, [], `axe on ${what}:\n${findings.join('\n')}`);
}

/** Nothing that can be pressed on a phone is smaller than a finger. */
export async function assertFingerSized(page, what) {
  const small = await page.evaluate(() => {
    const pressable = 'button, a[href], summary, label:has(input), [role="option"]';
    return [...document.querySelectorAll(pressable)]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && box.height > 0 && (box.width < 43.5 || box.height < 43.5))
      .map(({ element, box }) => `${element.outerHTML.slice(0, 120)} is ${Math.round(box.width)}×${Math.round(box.height)}`);
  });
  assert.deepEqual(small, [], `targets below 44 px on ${what}`);
}

export async function picture(page, name) {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
