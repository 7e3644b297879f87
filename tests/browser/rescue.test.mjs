/** Rescue mode: a route told and drawn, and a road that is closed, led around and opened again. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, TOKEN } from './desk.mjs';
import { assertAccessible, assertFingerSized, DESK, launch, mapDrawn, onCanvas, open, PHONE, picture } from './harness.mjs';

const server = await startServer();
const ask = async (path, init) => {
  const reply = await fetch(server.base + path, init);
  const text = await reply.text();
  return { status: reply.status, body: text === '' ? null : JSON.parse(text) };
};
const operator = { Authorization: `Bearer ${TOKEN}` };
const { roads } = (await ask('/api/region')).body;
const skip = roads === null ? 'the pack has no roads' : false;

let browser;
before(async () => (browser = await launch()));
after(async () => {
  await browser.close();
  await server.stop();
});

const WORDS = {
  en: { closed: 'Closed roads', steps: /^Steps \(/, none: 'No closures are known at present.', mode: 'Rescue', minutes: /\d+ (min|h)/ },
  zh: { closed: '封路', steps: /^逐步路线/, none: '目前没有已知的封路。', mode: '救援', minutes: /\d+ (分钟|小时)/ },
};

const routePath = ({ from, to }, mode = 'car') => `/api/route?from=${from.lon},${from.lat}&to=${to.lon},${to.lat}&mode=${mode}&lang=en`;
const close = (at, radius_m) =>
  ask('/api/closures', {
    method: 'POST',
    headers: operator,
    body: JSON.stringify({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: at },
      properties: { radius_m, reason: 'Tried by a test', source: 'Test' },
    }),
  });
const reopen = (id) => ask(`/api/closures/${id}`, { method: 'DELETE', headers: operator });

/** A position on the way where closing the road leads to another way. */
async function weakSpot(ends, route) {
  const line = route.geometry.coordinates;
  for (const share of [0.5, 0.4, 0.6, 0.3, 0.7]) {
    const i = Math.floor((line.length - 2) * share);
    const at = [(line[i][0] + line[i + 1][0]) / 2, (line[i][1] + line[i + 1][1]) / 2];
    const made = await close(at, 20);
    if (made.status !== 201) continue;
    const around = await ask(routePath(ends));
    await reopen(made.body.id);
    if (around.status === 200 && around.body.properties.avoided.some(({ what }) => what === 'closure')) return { lon: at[0], lat: at[1] };
  }
  return null;
}

/** Two points with a route between them that can be led another way; the roads may cover a part of the region only. */
async function findWay() {
  const { body: region } = await ask('/api/region');
  const boxes = [...region.layers.filter(({ role }) => role === 'shelter').map(({ bbox }) => bbox), region.bbox];
  for (const [west, south, east, north] of boxes) {
    for (let i = 0; i < 400; i += 1) {
      // Low-discrepancy points: all over the box from the beginning.
      const at = { lon: west + (east - west) * ((0.5 + i * 0.754877) % 1), lat: south + (north - south) * ((0.5 + i * 0.56984) % 1) };
      const near = await ask(`/api/shelters/nearest?lon=${at.lon}&lat=${at.lat}&k=6`);
      if (near.status !== 200) continue;
      const [from, ...others] = near.body.features.map(({ geometry: { coordinates } }) => ({ lon: coordinates[0], lat: coordinates[1] }));
      if (from === undefined) continue;
      for (const to of others.reverse()) {
        const { status, body } = await ask(routePath({ from, to }));
        if (status !== 200) {
          if (body?.parameter === 'from') break;
          continue;
        }
        const { distance_m } = body.properties;
        if (distance_m < 700 || distance_m > 20_000 || body.geometry.coordinates.length < 10) continue;
        const spot = await weakSpot({ from, to }, body);
        if (spot !== null) return { from, to, spot, route: body };
      }
    }
  }
  throw new Error('no two shelters with a route between them that can be led another way');
}
const way = skip ? null : await findWay();

const pair = ({ lat, lon }) => `${lat.toFixed(6)},${lon.toFixed(6)}`;
const link = skip ? '' : `#/rescue?from=${pair(way.from)}&to=${pair(way.to)}`;
const isRefusal = (fault) => /status of (401|404|422)/.test(fault);

test('without roads there is no such mode', { skip: skip ? false : 'the pack has roads' }, async () => {
  const { page, context, faults } = await open(browser, { base: server.base });
  await mapDrawn(page);
  assert.equal(await page.getByRole('navigation').getByRole('button', { name: 'Rescue' }).count(), 0);
  assert.deepEqual(faults, []);
  await page.goto(`${server.base}/#/rescue`);
  await page.reload();
  await page.getByRole('heading', { name: 'There are no roads here' }).waitFor();
  await context.close();
});

for (const screen of [PHONE, DESK]) {
  for (const [lang, scheme] of [
    ['zh', 'light'],
    ['en', 'dark'],
  ]) {
    const title = `${screen.name}-${lang}-${scheme}-rescue`;
    test(`${title}: the route is drawn and told`, { skip }, async () => {
      const { page, context, faults, outside } = await open(browser, { base: server.base, screen, lang, scheme, hash: link });
      await mapDrawn(page);
      const words = WORDS[lang];
      const { duration_s, safe, synthetic } = way.route.properties;
      const card = page.locator('article.card');
      const told = await card.locator('h2').innerText();
      if (duration_s < 90 * 60) assert.ok(told.startsWith(String(Math.max(1, Math.ceil(duration_s / 60)))), `${told} for ${duration_s} s`);
      assert.equal(await page.getByText(lang === 'zh' ? '没有安全的路线' : 'No safe route').count() > 0, !safe);
      assert.equal(await card.locator('.badge').count() > 0, synthetic || way.route.properties.crossed.concat(way.route.properties.avoided).some((met) => met.synthetic));
      // The three ways of going, each with what it takes.
      const ways = page.locator('.ways label');
      assert.equal(await ways.count(), 3);
      assert.match(await ways.first().innerText(), words.minutes);
      assert.equal(await page.locator('summary', { hasText: words.steps }).count(), 1);
      assert.equal(await page.locator('ol li').count(), way.route.properties.steps.length);
      await page.getByRole('heading', { name: words.closed, exact: true }).waitFor();
      await picture(page, title);
      await assertAccessible(page, title);
      if (screen.touch) {
        await assertFingerSized(page, title);
        await page.getByRole('button', { name: lang === 'zh' ? '展开面板' : 'Raise the sheet' }).click();
        await picture(page, `${title}-full`);
      }
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
      assert.deepEqual(outside, [], 'requests to other servers');
      assert.deepEqual(faults.filter((fault) => !isRefusal(fault)), [], 'console errors');
      await context.close();
    });
  }
}

test('the ends are pressed on the map, swapped, taken away, and the address keeps them', { skip }, async () => {
  const { page, context } = await open(browser, { base: server.base, hash: `#/rescue?map=14/${way.from.lat}/${way.from.lon}` });
  await mapDrawn(page);
  await page.getByText('Choose the start: press the map').waitFor();
  const canvas = page.locator('.map canvas');
  const { width, height } = await canvas.boundingBox();
  await canvas.click({ position: { x: width / 2, y: height / 2 } });
  await page.waitForURL(/from=/);
  await page.getByText('Choose the destination: press the map').waitFor();
  // Coordinates typed into the search set the end that is being chosen.
  await page.getByRole('combobox', { name: 'Search for the destination' }).fill(`${way.to.lat}, ${way.to.lon}`);
  await page.keyboard.press('Enter');
  await page.locator('article.card').waitFor();
  const [, from, to] = /from=([^&]+)&to=([^&]+)/.exec(page.url());
  await page.getByRole('button', { name: 'Swap start and destination' }).click();
  await page.waitForURL((url) => url.href.includes(`from=${to}&to=${from}`));
  await page.locator('.ways label', { hasText: 'On foot' }).click();
  await page.waitForURL(/by=foot/);
  await page.locator('label.chip', { hasText: 'Closures only' }).click();
  await page.waitForURL(/zones=off/);
  await page.goBack();
  await page.waitForURL((url) => !url.href.includes('zones=off'));
  await page.goBack();
  await page.waitForURL((url) => !url.href.includes('by=foot'));
  await page.getByRole('button', { name: 'Forget the destination' }).click();
  await page.locator('article.card').waitFor({ state: 'detached' });
  await context.close();
});

test('a place far from any road is told as that', { skip }, async () => {
  const sea = { lat: 0.5, lon: -30.5 };
  const { page, context } = await open(browser, { base: server.base, hash: `#/rescue?from=${pair(way.from)}&to=${pair(sea)}` });
  await page.getByRole('heading', { name: 'There is no road near the destination' }).waitFor();
  await page.getByRole('button', { name: 'Choose another destination' }).click();
  await page.getByText('Choose the destination: press the map').waitFor();
  await picture(page, 'desk-en-light-rescue-no-road');
  await assertAccessible(page, 'no road near');
  await context.close();
});

test('the way to a shelter begins on its card', { skip }, async () => {
  const { page, context } = await open(browser, { base: server.base, hash: `#/shelter?at=${pair(way.from)}` });
  await page.getByRole('button', { name: 'Way there' }).first().click();
  await page.waitForURL(new RegExp(`#/rescue\\?.*from=${pair(way.from)}.*by=foot`));
  await page.locator('article.card, article.none').waitFor();
  assert.ok(await page.getByRole('radio', { name: /On foot/ }).isChecked());
  await context.close();
});

for (const screen of [DESK, PHONE]) {
  test(`${screen.name}: a road is closed with a look first, the route leads around, it is opened again`, { skip }, async () => {
    const { spot } = way;
    const zoom = 16;
    const hash = `${link}&map=${zoom}/${spot.lat.toFixed(5)}/${spot.lon.toFixed(5)}`;
    const { page, context, faults } = await open(browser, { base: server.base, screen, hash });
    await mapDrawn(page);
    await page.locator('article.card').waitFor();
    await page.getByRole('button', { name: 'Close or open roads (operators)' }).click();
    await page.getByLabel('Operator’s token').fill('no-token-of-this-server');
    await page.keyboard.press('Enter');
    await page.getByText('This is not the token').waitFor();
    await page.getByLabel('Operator’s token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Close a road' }).waitFor();
    const submit = page.getByRole('button', { name: 'Close these roads' });
    assert.ok(await submit.isDisabled());

    // The place, by a press on the map where it stands.
    await page.locator('.aim').waitFor();
    if (screen.touch) await page.getByRole('button', { name: 'Mark the middle' }).click();
    else await page.locator('.map canvas').click({ position: await onCanvas(page, spot, zoom, spot) });
    await page.getByText(/\d+ road stretch(es)?, [\d.]+ (m|km)/).waitFor();
    await picture(page, `${screen.name}-en-light-closing`);
    await assertAccessible(page, 'closing a road');
    if (screen.touch) await assertFingerSized(page, 'closing a road');
    assert.equal((await ask('/api/closures')).body.features.length, 0, 'a look closes nothing');

    await page.getByLabel('Reason').fill('Bridge under water');
    await page.getByRole('textbox', { name: 'Source' }).fill('Traffic police');
    await submit.click();
    await page.getByText('Closed: Bridge under water').waitFor();
    const row = page.locator('li', { has: page.getByRole('button', { name: 'End the closure: Bridge under water' }) });
    await row.getByText('Source: Traffic police').waitFor();
    await page.locator('article.card').getByText('Bridge under water').waitFor();
    await picture(page, `${screen.name}-en-light-closed`);
    await assertAccessible(page, 'a closed road');
    if (screen.touch) await assertFingerSized(page, 'a closed road');

    await page.getByRole('button', { name: 'End the closure: Bridge under water' }).click();
    await page.getByRole('button', { name: 'Open the road' }).click();
    await page.getByText('Open again: Bridge under water').waitFor();
    await page.getByText('No closures are known at present.').waitFor();
    await page.locator('article.card').getByText('Bridge under water').waitFor({ state: 'detached' });
    assert.equal((await ask('/api/closures')).body.features.length, 0);
    assert.deepEqual(faults.filter((fault) => !isRefusal(fault)), [], 'console errors');
    await context.close();
  });
}

test('a line and an area are drawn by presses, the last is taken back, Escape leaves', { skip }, async () => {
  const { spot } = way;
  const zoom = 16;
  const hash = `#/rescue?map=${zoom}/${spot.lat.toFixed(5)}/${spot.lon.toFixed(5)}`;
  const before = (page) => page.addInitScript((token) => sessionStorage.setItem('refugia.operator', token), TOKEN);
  const { page, context } = await open(browser, { base: server.base, hash, before });
  await mapDrawn(page);
  await page.getByRole('button', { name: 'Close a road' }).click();
  await page.locator('label', { hasText: 'Area' }).click();
  const canvas = page.locator('.map canvas');
  const middle = await onCanvas(page, spot, zoom, spot);
  const press = (x, y) => canvas.click({ position: { x: middle.x + x, y: middle.y + y } });
  await press(-90, -90);
  await press(90, -90);
  await page.getByText('1 more to go.').waitFor();
  await press(0, 110);
  await page.getByText(/\d+ road stretch/).waitFor();
  await picture(page, 'desk-en-light-closing-area');
  await page.getByRole('button', { name: 'Undo the last' }).click();
  await page.getByText('1 more to go.').waitFor();
  await page.locator('label', { hasText: 'Line' }).click();
  await page.locator('.caught').getByText(/\d+ road stretch|No road lies there/).waitFor();
  // By the keyboard: Enter on the map marks its middle.
  await canvas.focus();
  await page.keyboard.press('Enter');
  await page.getByText(/\d+ road stretch/).waitFor();
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Closed roads' }).waitFor();
  await context.close();
});
