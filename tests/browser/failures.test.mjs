/** What people see when something fails: what happened, what to do, and a button that does it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, assertAccessible, launch, mapDrawn, open, PHONE, picture } from './harness.mjs';
import { atHash, mapHash, refusal, region } from './places.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const link = (mode) => `#/${mode}${mode.includes('?') ? '&' : '?'}${mapHash(refusal.at)}&${atHash(refusal.at)}`;

/** Fails a route until `heal` is called. */
async function broken(page, pattern, answer) {
  let ill = true;
  await page.route(pattern, (route) => (ill ? answer(route) : route.fallback()));
  return () => (ill = false);
}
const cut = (route) => route.abort('connectionfailed');

const roads = region.roads == null ? 'the pack has no roads' : false;

/** What is asked, by which request, what is said where that fails, and what is there once it is answered. */
for (const [mode, pattern, heading, answer, skip] of [
  ['shelter', '**/api/shelters/nearest*', 'The nearest shelter could not be found', 'article h2', false],
  ['risk', '**/api/risk*', 'The risk here could not be read', '.top h2', false],
  // There may be no road near the point: that is an answer too.
  ['rescue?task=reach', '**/api/isochrone*', 'The reach could not be worked out', '[aria-labelledby="reach"], .verdict', roads],
  ['rescue?task=teams', '**/api/teams/nearest*', 'The teams could not be found', '[aria-labelledby="teams"], .verdict', roads],
]) {
  test(`${mode}: no connection is said, Try again asks again`, { skip }, async () => {
    let heal;
    const { page, context } = await open(browser, {
      screen: PHONE,
      hash: link(mode),
      map: false,
      before: async (page) => (heal = await broken(page, pattern, cut)),
    });
    await page.getByRole('heading', { name: heading }).waitFor();
    await page.getByText('The server cannot be reached').waitFor();
    await assertAccessible(page, `${mode} without connection`);
    await picture(page, `phone-en-light-${mode.replace('?task=', '-')}-error`);
    heal();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: heading }).waitFor({ state: 'detached' });
    await page.locator(answer).first().waitFor();
    await context.close();
  });
}

test('the server’s own sentence is shown where it sent one', async () => {
  const { page, context } = await open(browser, {
    hash: link('shelter'),
    map: false,
    before: (page) =>
      page.route('**/api/shelters/nearest*', (route) =>
        route.fulfill({
          status: 400,
          contentType: 'application/problem+json',
          body: JSON.stringify({ type: 'about:blank', title: 'Bad', status: 400, code: 'bad_parameter', detail: 'lat must be a number.' }),
        }),
      ),
  });
  await page.getByText('lat must be a number.').waitFor();
  await context.close();
});

test('without the region nothing else works, and it can be asked again', async () => {
  let heal;
  const { page, context } = await open(browser, { before: async (page) => (heal = await broken(page, '**/api/region', cut)) });
  await page.getByRole('heading', { name: 'The region’s data could not be read' }).waitFor();
  heal();
  await page.getByRole('button', { name: 'Try again' }).click();
  await mapDrawn(page);
  await context.close();
});

test('a map that cannot load leaves the answer standing, and so does a layer', async () => {
  let heal;
  let healTiles;
  const { page, context } = await open(browser, {
    hash: `${link('shelter')}&on=minutes_to_shelter_foot`,
    before: async (page) => {
      heal = await broken(page, '**/styles/light.json*', cut);
      healTiles = await broken(page, '**/tiles/minutes_to_shelter*', cut);
    },
  });
  await page.getByText('The map could not be loaded. Answers still work.').waitFor();
  await page.locator('article h2').waitFor();
  await picture(page, 'desk-en-light-map-error');
  heal();
  await page.getByRole('button', { name: 'Try again' }).click();
  await mapDrawn(page);
  if (region.roads != null) {
    await page.getByRole('button', { name: 'Layers' }).click();
    const panel = page.getByRole('dialog', { name: 'Layers' });
    await panel.getByText('Not all of it could be loaded.').waitFor();
    await picture(page, 'desk-en-light-minutes-error');
    healTiles();
    await panel.getByRole('button', { name: 'Try again' }).click();
    await panel.getByText('Not all of it could be loaded.').waitFor({ state: 'detached' });
    await panel.getByText('Being worked out…').waitFor({ state: 'detached' });
  }
  await context.close();
});

test('a slow answer shows its shape meanwhile', async () => {
  let release;
  const gate = new Promise((resolve) => (release = resolve));
  const { page, context } = await open(browser, {
    screen: PHONE,
    hash: link('shelter'),
    map: false,
    before: (page) =>
      page.route('**/api/shelters/nearest*', async (route) => {
        await gate;
        await route.fallback();
      }),
  });
  await page.locator('.card[role="status"]').waitFor();
  await picture(page, 'phone-en-light-shelter-loading');
  release();
  await page.locator('article h2').waitFor();
  await context.close();
});

test('no open shelter is an answer, with the duty phone', async () => {
  const real = await api(`/api/shelters/nearest?lon=${refusal.at.lon}&lat=${refusal.at.lat}`);
  const notice = { code: 'no_open_shelter', title: 'No open shelter for flood within 5 km', detail: 'Go up, away from the river.', duty_phone: '12350' };
  const { page, context } = await open(browser, {
    screen: PHONE,
    hash: `${link('shelter')}&hazard=flood`,
    map: false,
    before: (page) => page.route('**/api/shelters/nearest*', (route) => route.fulfill({ json: { ...real, features: [], notice } })),
  });
  await page.getByRole('heading', { name: notice.title }).waitFor();
  await page.getByText(notice.detail).waitFor();
  assert.equal(await page.getByRole('link', { name: /12350/ }).getAttribute('href'), 'tel:12350');
  await assertAccessible(page, 'no answer');
  await picture(page, 'phone-en-light-shelter-none');
  await context.close();
});

test('a refused position says what to do', async () => {
  const { page, context } = await open(browser, {
    map: false,
    before: (page) =>
      page.addInitScript(() => {
        navigator.geolocation.getCurrentPosition = (_, fail) => fail({ code: 1 });
      }),
  });
  await page.getByRole('button', { name: 'My position', exact: true }).click();
  await page.getByText(/Your position is not allowed here/).waitFor();
  await context.close();
});
