/** A shelter that was mapped as an area is drawn as one where it is looked at, and its outline is never a text. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, TOKEN } from './desk.mjs';
import { changed, launch, mapDrawn, onCanvas, open, PHONE, picture } from './harness.mjs';

let browser;
let server;
const [WEST, SOUTH, EAST, NORTH] = [119.29, 26.07, 119.3, 26.078];
const RING = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]];
const PARK = {
  type: 'FeatureCollection',
  features: [{ type: 'Feature', properties: { id: 'park-1', 名称: '江滨公园' }, geometry: { type: 'Polygon', coordinates: [RING] } }],
};

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ light: true })]);
  const ask = async (path, body) => {
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const reply = await fetch(`${server.base}/api/imports${path}`, { method: 'POST', headers, body });
    assert.ok(reply.ok, `${path}: ${await reply.clone().text()}`);
    return reply.json();
  };
  const { id } = await ask('?filename=parks.geojson', JSON.stringify(PARK));
  await ask(`/${id}/accept`, JSON.stringify({ layer: 'parks', role: 'shelter', map: { id: 'id' } }));
});
after(async () => {
  await browser.close();
  await server.stop();
});

const centre = { lon: (WEST + EAST) / 2, lat: (SOUTH + NORTH) / 2 };
const view = (place) => `#/shelter?map=15/${centre.lat}/${centre.lon}&shelter=${place}`;

/** A piece of the map inside the outline, away from the shelter's mark. */
async function inside(page) {
  const { x, y } = await onCanvas(page, centre, 15, { lon: WEST + 0.001, lat: SOUTH + 0.001 });
  const box = await page.locator('.map canvas').boundingBox();
  return page.screenshot({ clip: { x: box.x + x - 8, y: box.y + y - 8, width: 16, height: 16 } });
}

test('the outline is on the map while the shelter is looked at, and a tap on it is a tap on the map', async () => {
  const { page, context, faults } = await open(browser, { base: server.base, hash: view('park-1'), lang: 'zh' });
  await page.getByRole('heading', { name: '江滨公园' }).waitFor();
  await mapDrawn(page);
  const drawn = await inside(page);
  await picture(page, 'desk-zh-light-footprint');
  assert.ok(!(await page.locator('body').innerText()).includes('"coordinates"'), 'no GeoJSON is read out');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: '江滨公园' }).waitFor({ state: 'detached' });
  await changed(() => inside(page), drawn, 'the outline goes with the shelter');
  assert.deepEqual(faults, []);
  await context.close();
});

test('the outline of a candidate is drawn once it is chosen', async () => {
  const asked = [];
  const { page, context } = await open(browser, {
    base: server.base,
    screen: PHONE,
    scheme: 'dark',
    hash: `#/shelter?map=15/${centre.lat}/${centre.lon}&at=${SOUTH - 0.002},${centre.lon}&shelter=park-1`,
    before: (page) => page.on('request', (request) => asked.push(new URL(request.url()).pathname)),
  });
  await page.getByRole('article', { name: '江滨公园' }).waitFor();
  await mapDrawn(page);
  await picture(page, 'phone-en-dark-footprint');
  assert.ok(asked.includes('/api/shelters/park-1'));
  await context.close();
});
