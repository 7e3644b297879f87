/** Shelter mode from the question to the way there, as a person goes through it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { changed, DESK, launch, mapDrawn, onCanvas, open, PHONE, picture } from './harness.mjs';
import { atHash, mapHash, refusal, region } from './places.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const { at, kind, answer } = refusal;
const [first, second] = answer.features.map((feature) => feature.properties);
const link = `#/shelter?${mapHash(at)}&${atHash(at)}&hazard=${kind}`;

test('the answer is there before the map program is asked for', async () => {
  const order = [];
  const { page, context } = await open(browser, {
    hash: link,
    before: (page) =>
      page.on('requestfinished', (request) => {
        const { pathname } = new URL(request.url());
        if (pathname === '/api/shelters/nearest') order.push('answer');
        if (pathname.includes('/assets/controller') && pathname.endsWith('.js')) order.push('map');
      }),
  });
  await page.getByRole('heading', { name: first.names.en }).waitFor();
  await mapDrawn(page);
  assert.deepEqual(order, ['answer', 'map']);
  await context.close();
});

test('the card says name, time, status, reason and actions in that order', async () => {
  const { page, context } = await open(browser, { hash: link, map: false });
  const card = page.getByRole('article', { name: first.names.en });
  const tops = await Promise.all(
    [card.getByRole('heading'), card.locator('.time'), card.locator('.pill'), card.locator('.why'), card.getByRole('button', { name: 'Go' })].map(
      async (part) => (await part.boundingBox()).y,
    ),
  );
  assert.deepEqual(tops, [...tops].sort((a, b) => a - b));
  assert.match(await card.locator('.time').innerText(), /about .*(min|h)/);
  assert.equal(await card.getByRole('link', { name: 'Call' }).count(), first.phone ? 1 : 0);
  await page.getByRole('heading', { name: 'Why not the nearer ones' }).waitFor();
  await page.getByText(answer.refused[0].detail).first().waitFor();
  await context.close();
});

test('Go gives words and map apps, Escape puts them away', async () => {
  const { page, context } = await open(browser, { hash: link, screen: PHONE, map: false });
  await page.getByRole('button', { name: 'Go' }).click();
  await page.getByText(/in a straight line/).waitFor();
  const geo = page.getByRole('link', { name: 'Open in map app' });
  assert.match(await geo.getAttribute('href'), /^geo:-?\d+\.\d+,-?\d+\.\d+\?q=/);
  await picture(page, 'phone-en-light-go');
  await page.keyboard.press('Escape');
  await page.getByText(/in a straight line/).waitFor({ state: 'detached' });
  await context.close();
});

test('a candidate goes onto the card, back and forward follow, the address opens the same', async () => {
  const { page, context } = await open(browser, { hash: link, map: false });
  await page.getByRole('button', { name: second.names.en }).click();
  await page.getByRole('article', { name: second.names.en }).waitFor();
  const shared = page.url();
  await page.goBack();
  await page.getByRole('article', { name: first.names.en }).waitFor();
  await page.goForward();
  await page.getByRole('article', { name: second.names.en }).waitFor();
  await context.close();

  const again = await open(browser, { hash: new URL(shared).hash, map: false });
  await again.page.getByRole('article', { name: second.names.en }).waitFor();
  await again.context.close();
});

test('a refused shelter can be looked at, says why, and leads back', async () => {
  const { page, context } = await open(browser, { hash: link, map: false });
  const refused = answer.refused[0];
  const list = page.locator('section[aria-labelledby="left-out"]');
  await list.getByRole('button', { name: refused.names.en }).first().click();
  await page.getByText(`Not offered as an answer (${refused.detail})`).waitFor();
  await picture(page, 'desk-en-light-refused');
  await page.getByRole('button', { name: 'Back to the answer' }).click();
  await page.getByRole('article', { name: first.names.en }).waitFor();
  await context.close();
});

test('a tap on the map asks there, and the hazard chooser asks again', async () => {
  const { page, context } = await open(browser, { hash: `#/shelter?${mapHash(at)}` });
  await mapDrawn(page);
  await page.getByRole('button', { name: 'Layers' }).click();
  const shelters = region.layers.find((layer) => layer.role === 'shelter');
  await page.getByRole('switch', { name: shelters.names.en, exact: true }).click();
  await page.keyboard.press('Escape');
  await page.locator('.map canvas').click({ position: { x: 420, y: 380 } });
  await page.locator('article h2').waitFor();
  assert.match(page.url(), /at=-?\d+\.\d{6},-?\d+\.\d{6}/);
  await page.locator(`label.chip:has(input):nth-child(2)`).click();
  await page.waitForURL(/hazard=/);
  await page.locator('article').waitFor();
  await context.close();
});

test('my position asks at the device’s position', async () => {
  const { page, context } = await open(browser, { position: { latitude: at.lat, longitude: at.lon, accuracy: 12 }, map: false });
  await page.getByRole('button', { name: 'Use my position' }).click();
  await page.getByText(/my position \(within about 12 m\)/).waitFor();
  await page.locator('article h2').waitFor();
  await context.close();
});

test('a row lights its mark and a mark its row; a tapped mark opens its shelter', async () => {
  const [lon, lat] = answer.features[1].geometry.coordinates;
  const { page, context } = await open(browser, { hash: `#/shelter?${mapHash({ lon, lat }, 13)}&${atHash(at)}&hazard=${kind}` });
  await mapDrawn(page);
  const row = page.getByRole('button', { name: second.names.en });
  const canvas = page.locator('.map canvas');
  const mark = await onCanvas(page, { lon, lat }, 13, { lon, lat });
  const box = await canvas.boundingBox();
  const around = { x: box.x + mark.x - 32, y: box.y + mark.y - 32, width: 64, height: 64 };

  const shoot = () => page.screenshot({ clip: around });
  const plain = await shoot();
  await row.focus();
  await changed(shoot, plain, 'the mark of the focused row is lit');

  await row.blur();
  assert.doesNotMatch(await row.getAttribute('class'), /\blit\b/);
  await canvas.hover({ position: mark });
  await page.locator('button.lit', { hasText: second.names.en }).waitFor();
  await canvas.click({ position: mark });
  await page.getByRole('article', { name: second.names.en }).waitFor();
  await context.close();
});

test('the sheet has three stops by button and by dragging', async () => {
  const { page, context } = await open(browser, { hash: link, screen: PHONE, map: false });
  await page.locator('article h2').waitFor();
  const height = async () => Math.round((await page.locator('section.sheet').boundingBox()).height);
  const half = await height();
  await page.getByRole('button', { name: 'Raise the sheet' }).click();
  const full = await height();
  await page.getByRole('button', { name: 'Lower the sheet' }).click();
  const peek = await height();
  assert.ok(peek < half && half < full, `${peek} < ${half} < ${full}`);
  assert.ok(await page.locator('section.sheet .head').innerText().then((text) => text.includes(first.names.en)));
  await picture(page, 'phone-en-light-peek');

  const box = await page.locator('section.sheet .head').boundingBox();
  await page.mouse.move(box.x + 60, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y - 280, { steps: 6 });
  await page.mouse.up();
  assert.equal(await height(), half);
  await context.close();
});

test('sharing copies the address where there is no share sheet', async () => {
  const { page, context } = await open(browser, {
    hash: link,
    screen: DESK,
    map: false,
    position: { latitude: 0, longitude: 0 },
    before: (page) => page.addInitScript(() => delete Navigator.prototype.share),
  });
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByText('Link copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
  await context.close();
});

test('a link opens with the middle of its view above the sheet', async () => {
  const { page, context } = await open(browser, { hash: `#/risk?${mapHash(at)}`, screen: PHONE });
  await mapDrawn(page);
  const sheet = await page.locator('section.sheet').boundingBox();
  const middle = { x: PHONE.width / 2, y: sheet.y / 2 };
  await page.mouse.click(middle.x, middle.y);
  await page.waitForURL(/at=/);
  const [lat, lon] = /at=([-\d.]+),([-\d.]+)/.exec(decodeURIComponent(page.url())).slice(1).map(Number);
  assert.ok(Math.abs(lat - at.lat) < 0.01 && Math.abs(lon - at.lon) < 0.01, `${lat}, ${lon} is not ${at.lat}, ${at.lon}`);
  await context.close();
});
