/** Rescue mode: a route told and drawn, and a road that is closed, led around and opened again. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, TOKEN } from './desk.mjs';
import { assertAccessible, assertFingerSized, DESK, launch, mapDrawn, onCanvas, open, PHONE, picture } from './harness.mjs';
import { ask, cutOff, danger, reopen, roads, server, skip, way } from './roads.mjs';

let browser;
before(async () => (browser = await launch()));
after(async () => {
  await browser.close();
  await server.stop();
});

const WORDS = {
  en: {
    closed: 'Closed roads',
    steps: /^Steps \(/,
    minutes: /\d+ (min|h)/,
    noWay: 'No route',
    allClosed: 'There is no way that is not closed',
    whatToDo: /ask the command post/,
    reach: 'Reach',
    reachHint: 'Choose the place: press the map',
    reachTo: 'From where to here',
    reachSearch: 'Search for the place',
    reached: /^5 min\s+(\d.* of roads|no road)$/,
    noRoadHere: 'There is no road near this place',
    ownTeams: 'Only the park’s own teams',
    route: 'Show its route',
    all: (n) => `Show all ${n}`,
    hindered: 'Teams that cannot come (3)',
    noSafe: 'No safe route',
    leastBad: /this one is the least bad/,
    through: 'Still leads through',
    entered: 'should not be entered',
  },
  zh: {
    closed: '封路',
    steps: /^逐步路线/,
    minutes: /\d+ (分钟|小时)/,
    noWay: '没有可走的路',
    allClosed: '封路之后没有可走的路',
    whatToDo: /请指挥部核实/,
    reach: '可达范围',
    reachHint: '选择地点：点地图',
    reachTo: '从哪里能到这里',
    reachSearch: '搜索地点',
    reached: /^5 分钟\s+(道路共 \d.*|没有道路)$/,
    noRoadHere: '附近没有道路',
    ownTeams: '只看该园区自己的救援队',
    route: '看路线',
    all: (n) => `显示全部 ${n} 个`,
    hindered: '不能到达的救援队（3）',
    noSafe: '没有安全的路线',
    leastBad: /这是其中危险最小的一条/,
    through: '仍要穿过',
    entered: '不应进入',
  },
};

const pair = ({ lat, lon }) => `${lat.toFixed(6)},${lon.toFixed(6)}`;
const link = skip ? '' : `#/rescue?from=${pair(way.from)}&to=${pair(way.to)}`;
const isRefusal = (fault) => /status of (401|404|422)/.test(fault);

test('without roads there is no such mode', async () => {
  const { base, stop } = await startServer({ light: true });
  const { page, context, faults } = await open(browser, { base, map: false });
  await page.locator('.synthetic, .credits').first().waitFor();
  assert.equal(await page.getByRole('navigation').getByRole('button', { name: 'Rescue' }).count(), 0);
  await page.goto(`${base}/#/rescue`);
  await page.getByRole('heading', { name: 'There are no roads here' }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
  await stop();
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
      const ways = page.locator('label', { has: page.locator('input[name="travel"]') });
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
      else {
        await page.getByRole('button', { name: lang === 'zh' ? '数据来源' : 'Sources' }).click();
        await page.getByRole('complementary').getByText(roads.source).waitFor();
        await picture(page, `${title}-sources`);
      }
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
      assert.deepEqual(outside, [], 'requests to other servers');
      assert.deepEqual(faults.filter((fault) => !isRefusal(fault)), [], 'console errors');
      await context.close();
    });
  }
}

test('the ends are pressed on the map, swapped, taken away, and the address keeps them', { skip }, async () => {
  const { spot } = way;
  const hash = `#/rescue?map=15/${spot.lat}/${spot.lon}&on=minutes_to_shelter_car_none`;
  const { page, context } = await open(browser, { base: server.base, hash });
  await mapDrawn(page);
  await page.getByText('Press a street on the map').waitFor();
  await page.getByText('Choose the start: press the map').waitFor();
  const canvas = page.locator('.map canvas');
  const { width, height } = await canvas.boundingBox();
  await canvas.click({ position: { x: width / 2, y: height / 2 } });
  await page.waitForURL(/from=/);
  // The layer of minutes to a shelter says what it has on the street that was pressed.
  await page.getByText(/^From this street at most .* by car to a shelter$/).waitFor();
  await picture(page, 'desk-en-light-minutes-pressed');
  await page.getByText('Choose the destination: press the map').waitFor();
  // Coordinates typed into the search set the end that is being chosen.
  await page.getByRole('combobox', { name: 'Search for the destination' }).fill(`${way.to.lat}, ${way.to.lon}`);
  await page.keyboard.press('Enter');
  await page.locator('article.card').waitFor();
  const [, from, to] = /from=([^&]+)&to=([^&]+)/.exec(page.url());
  await page.getByRole('button', { name: 'Swap start and destination' }).click();
  await page.waitForURL((url) => url.href.includes(`from=${to}&to=${from}`));
  await page.locator('.tiles label', { hasText: 'On foot' }).click();
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

test('stops on the way are added, put in another order and taken away, by the keyboard too', { skip }, async () => {
  const line = way.route.geometry.coordinates;
  const onLine = (share) => {
    const [lon, lat] = line[Math.floor((line.length - 1) * share)];
    return { lon, lat };
  };
  const [one, two] = [onLine(0.35), onLine(0.65)];
  const asked = [];
  const { page, context, faults } = await open(browser, {
    base: server.base,
    screen: PHONE,
    hash: `${link}&map=14/${one.lat}/${one.lon}`,
    map: false,
    before: (page) => page.on('request', (request) => asked.push(decodeURIComponent(request.url()))),
  });
  const vias = (...stops) => page.waitForURL((url) => url.hash.includes(stops.length === 0 ? 'from=' : `via=${stops.map(pair).join(';')}&`) && (stops.length > 0 || !url.hash.includes('via=')));
  const isFocused = (name) => page.waitForFunction((name) => (document.activeElement?.ariaLabel ?? document.activeElement?.textContent)?.includes(name), name);
  const searchFor = async ({ lat, lon }) => {
    await page.getByRole('combobox', { name: 'Search for the stop' }).fill(`${lat}, ${lon}`);
    await page.keyboard.press('Enter');
  };
  await page.locator('article.card').waitFor();

  await page.getByRole('button', { name: 'Add a stop' }).click();
  await isFocused('Stop 1');
  await page.getByText('Choose the stop: press the map').waitFor();
  await page.keyboard.press('Escape');
  await isFocused('Add a stop');
  await page.keyboard.press('Enter');
  await searchFor(one);
  await vias(one);
  await page.getByRole('button', { name: 'Add a stop' }).click();
  await searchFor(two);
  await vias(one, two);
  await page.locator('article.card').waitFor();
  assert.ok(asked.some((url) => url.includes(`via=${one.lon.toFixed(6).replace(/0+$/, '')}`)), 'the route is asked for by the stops');
  await picture(page, 'phone-en-light-rescue-stops');
  await assertAccessible(page, 'stops on the way');
  await assertFingerSized(page, 'stops on the way');

  await page.getByRole('button', { name: 'Move stop 2 up' }).click();
  await vias(two, one);
  await isFocused('Move stop 1 up');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.hash.includes(`from=${pair(two)}&via=${pair(way.from)};${pair(one)}&`));
  await isFocused('Start');
  await page.getByRole('button', { name: 'Swap start and destination' }).click();
  await page.waitForURL((url) => url.hash.includes(`from=${pair(way.to)}&via=${pair(one)};${pair(way.from)}&to=${pair(two)}`));
  await page.getByRole('button', { name: 'Remove stop 1' }).click();
  await vias(way.from);
  await isFocused('Add a stop');
  await page.getByRole('button', { name: 'Remove stop 1' }).click();
  await vias();
  assert.deepEqual(faults.filter((fault) => !isRefusal(fault)), [], 'console errors');
  await context.close();
});

/** A phone in Chinese and a desk in English: between them both sizes, languages and schemes. */
const PAIR = [
  { screen: PHONE, lang: 'zh', scheme: 'light' },
  { screen: DESK, lang: 'en', scheme: 'dark' },
];

for (const { screen, lang, scheme } of PAIR) {
  const title = `${screen.name}-${lang}-${scheme}-rescue-reach`;
  test(`${title}: how far one comes in several times, drawn and told`, { skip }, async () => {
    const { spot } = way;
    const words = WORDS[lang];
    const { page, context, faults } = await open(browser, { base: server.base, screen, lang, scheme, hash: `#/rescue?map=14/${spot.lat}/${spot.lon}&by=foot&zones=off&within=10,30` });
    const search = async (at) => {
      await page.getByRole('combobox', { name: words.reachSearch }).fill(pair(at));
      await page.keyboard.press('Enter');
    };
    await mapDrawn(page);
    await page.locator('label', { hasText: words.reach }).click();
    await page.waitForURL(/task=reach/);
    await page.getByText(words.reachHint).waitFor();
    if (screen.touch) await search(spot);
    else await page.locator('.map canvas').click({ position: await onCanvas(page, spot, 14, spot) });
    const rows = page.locator('section[aria-labelledby="reach"] li');
    await rows.nth(1).waitFor();
    await page.getByRole('checkbox', { name: /^5 / }).check({ force: true });
    await page.waitForURL(/within=5,10,30/);
    await rows.nth(2).waitFor();
    assert.match(await rows.first().innerText(), words.reached);
    await page.locator('label', { hasText: words.reachTo }).click();
    await page.waitForURL(/direction=to/);
    await rows.nth(2).waitFor();
    // What is in the list is brought into view and lit on the map.
    await rows.last().getByRole('button').click();
    await mapDrawn(page);
    await picture(page, title);
    await assertAccessible(page, title);
    if (screen.touch) await assertFingerSized(page, title);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
    assert.deepEqual(faults, [], 'console errors');

    await search({ lat: 0.5, lon: -30.5 });
    await page.getByRole('heading', { name: words.noRoadHere }).waitFor();
    await page.goBack();
    await rows.nth(2).waitFor();
    await context.close();
  });
}

/** A chemical park that a team belongs to, as the search has it; null where the pack has none. */
async function findPark() {
  const { body } = await ask(`/api/teams/nearest?lon=${way.from.lon}&lat=${way.from.lat}&k=50&hazard=none&lang=zh`);
  for (const { properties } of body.features) {
    if (properties.serves === null) continue;
    const found = await ask(`/api/search?q=${encodeURIComponent(properties.name.slice(0, 4))}&lang=zh`);
    const park = found.body.results.find(({ role, id }) => role === 'chemical_park' && id === properties.serves);
    if (park !== undefined) return park;
  }
  return null;
}
const park = skip ? null : await findPark();
const noPark = skip || (park === null && 'no team belongs to a chemical park');

for (const { screen, lang, scheme } of PAIR) {
  const title = `${screen.name}-${lang}-${scheme}-rescue-teams`;
  test(`${title}: who comes soonest to a park, who cannot, and the way of the one chosen`, { skip: noPark }, async () => {
    const words = WORDS[lang];
    const { body: real } = await ask(`/api/teams/nearest?lon=${park.lon}&lat=${park.lat}&k=8&hazard=none&lang=${lang}`);
    const [first] = real.features;
    // From elsewhere: a team of the park may be stationed at its very spot.
    const away = real.features.findIndex(({ geometry: { coordinates } }) => pair({ lon: coordinates[0], lat: coordinates[1] }) !== pair(park));
    assert.ok(away >= 0, 'a team comes from elsewhere');
    // A phone number and teams that cannot come, which the pack need not have; then, no team at all.
    const hindered = { id: 'far', layer: 'x', name: 'Far away', names: { zh: 'Far away', en: 'Far away' }, lon: 119, lat: 26, reason: 'no_way', detail: 'No way by road' };
    const notice = { code: 'no_team', title: 'No rescue team can come', detail: 'Contact the duty office.', duty_phone: '12350' };
    let none = false;
    const before = (page) =>
      page.route('**/api/teams/nearest*', async (route) => {
        const answer = await (await route.fetch()).json();
        answer.features[0].properties.phone = '0591 110';
        const more = none ? { features: [], notice } : {};
        return route.fulfill({ json: { ...answer, unreachable: [hindered], unreachable_more: 2, ...more } });
      });
    const { page, context, faults } = await open(browser, { base: server.base, screen, lang, scheme, hash: '#/rescue?task=teams&zones=off', before });
    await page.getByRole('combobox', { name: words.reachSearch }).fill(park.names.zh.slice(0, 6));
    await page.getByRole('option').filter({ hasText: park.names[lang] }).first().click();
    await page.waitForURL((url) => url.hash.includes(`park=${park.id}`));
    const rows = page.locator('section[aria-labelledby="teams"] li');
    await rows.first().waitFor();
    const all = page.getByRole('button', { name: words.all(real.features.length) });
    if (await all.count()) await all.click();
    assert.equal(await rows.count(), real.features.length);
    await rows.first().getByRole('heading', { name: first.properties.name }).waitFor();
    assert.equal(await rows.first().getByRole('link').getAttribute('href'), 'tel:0591 110');
    assert.equal(await rows.first().locator('.badge').count(), first.properties.synthetic ? 1 : 0);
    await page.getByText(words.hindered).click();
    await page.getByText('No way by road').waitFor();
    await mapDrawn(page);
    await picture(page, title);
    await assertAccessible(page, title);
    if (screen.touch) await assertFingerSized(page, title);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');

    await page.getByLabel(words.ownTeams).check();
    await page.waitForURL(/teams=own/);
    await rows.first().waitFor();
    await page.goBack();
    await rows.first().waitFor();
    none = true;
    await page.locator('label', { has: page.locator('input[name="travel"]') }).nth(1).click();
    await page.getByRole('heading', { name: notice.title }).waitFor();
    await page.locator('a[href="tel:12350"]').waitFor();
    await picture(page, `${title}-none`);
    await assertAccessible(page, `${title}, none`);
    none = false;
    await page.locator('label', { has: page.locator('input[name="travel"]') }).first().click();
    await rows.first().waitFor();
    if (await all.count()) await all.click();
    await rows.nth(away).getByRole('button', { name: words.route }).click();
    const [lon, lat] = real.features[away].geometry.coordinates;
    await page.waitForURL((url) => url.hash.includes(`from=${pair({ lon, lat })}&to=${pair(park)}`) && !url.hash.includes('task='));
    await page.waitForFunction(() => document.activeElement?.id === 'stop-from');
    await page.locator('#stop-from').getByText(real.features[away].properties.name).waitFor();
    await page.locator('#stop-to').getByText(park.names[lang]).waitFor();
    await page.locator('article.card, article.verdict').first().waitFor();
    await picture(page, `${title}-chosen`);
    assert.deepEqual(faults.filter((fault) => !isRefusal(fault)), [], 'console errors');
    await context.close();
  });
}

test('a press on a park while a place is chosen takes the park', { skip: noPark }, async () => {
  const zoom = 13;
  const hash = `#/rescue?map=${zoom}/${park.lat.toFixed(5)}/${park.lon.toFixed(5)}`;
  const { page, context } = await open(browser, { base: server.base, hash });
  await mapDrawn(page);
  const canvas = page.locator('.map canvas');
  const mark = await onCanvas(page, park, zoom, park);
  // Beside its middle: what is taken is where the park is, and no point near it.
  const beside = { x: mark.x - 3, y: mark.y + 3 };
  await canvas.hover({ position: beside });
  await page.waitForFunction(() => document.querySelector('.map canvas').style.cursor === 'pointer');
  const isPark = (url, key) => {
    const [lat, lon] = new RegExp(`${key}=([-\\d.]+),([-\\d.]+)`).exec(url.hash)?.slice(1).map(Number) ?? [];
    return Math.abs(lat - park.lat) < 5e-5 && Math.abs(lon - park.lon) < 5e-5;
  };
  await canvas.click({ position: beside });
  await page.waitForURL((url) => isPark(url, 'from'));
  await page.locator('#stop-from').getByText(park.names.en).waitFor();
  await page.locator('label', { hasText: 'Teams' }).click();
  await page.waitForURL(/task=teams/);
  await canvas.click({ position: beside });
  await page.waitForURL((url) => isPark(url, 'at') && url.hash.includes(`park=${park.id}`));
  await page.getByRole('group', { name: 'Where help is needed' }).getByText(park.names.en).waitFor();
  await page.getByLabel('Only the park’s own teams').waitFor();
  await context.close();
});

test('a route that could not be asked for is not told as none', { skip }, async () => {
  const before = (page) => page.route('**/api/route?*', (route) => route.abort());
  const { page, context } = await open(browser, { base: server.base, screen: PHONE, hash: link, before, map: false });
  await page.getByRole('heading', { name: 'The route could not be worked out' }).waitFor();
  const ways = page.locator('label', { has: page.locator('input[name="travel"]') });
  for (const way of await ways.all()) assert.match(await way.innerText(), /not known/);
  await assertAccessible(page, 'a route that could not be asked for');
  await context.close();
});

test('a team that cannot come is found in its folded list by a press on its mark', { skip: noPark }, async () => {
  const zoom = 12;
  const off = { lon: park.lon + 0.03, lat: park.lat + 0.02 };
  const hindered = { id: 'far', layer: 'x', name: 'Far away', names: { zh: 'Far away', en: 'Far away' }, ...off, reason: 'no_way', detail: 'No way by road' };
  const before = (page) =>
    page.route('**/api/teams/nearest*', async (route) => route.fulfill({ json: { ...(await (await route.fetch()).json()), unreachable: [hindered], unreachable_more: 0 } }));
  const hash = `#/rescue?map=${zoom}/${park.lat.toFixed(5)}/${park.lon.toFixed(5)}&task=teams&zones=off&at=${pair(park)}`;
  const { page, context } = await open(browser, { base: server.base, hash, before });
  await page.getByText('Teams that cannot come (1)').waitFor();
  await mapDrawn(page);
  assert.equal(await page.getByText('No way by road').isVisible(), false);
  await page.locator('.map canvas').click({ position: await onCanvas(page, park, zoom, off) });
  await page.getByText('No way by road').waitFor();
  await context.close();
});

test('where closures leave no way, that is the answer', { skip }, async () => {
  const { id, from, to } = await cutOff();
  for (const { screen, lang, scheme } of PAIR) {
    const title = `${screen.name}-${lang}-${scheme}-rescue-no-route`;
    const hash = `#/rescue?from=${pair(from)}&to=${pair(to)}`;
    const { page, context, faults } = await open(browser, { base: server.base, screen, lang, scheme, hash, map: false });
    const words = WORDS[lang];
    await page.getByRole('heading', { name: words.noWay, exact: true }).waitFor();
    const told = page.locator('article.verdict');
    await told.getByText(words.allClosed).waitFor();
    await told.getByText(words.whatToDo).waitFor();
    assert.equal(await page.locator('article.card').count(), 0);
    // What closes it stands below.
    await page.locator(`#closure-${id}`).getByText('Tried by a test').waitFor();
    await picture(page, title);
    await assertAccessible(page, title);
    if (screen.touch) await assertFingerSized(page, title);
    assert.deepEqual(faults.filter((fault) => !isRefusal(fault)), [], 'console errors');
    await context.close();
  }

  // Behind the closures one does not come far; as soon as they are ended one does again.
  const { page, context } = await open(browser, { base: server.base, hash: `#/rescue?at=${pair(to)}&task=reach&within=15&zones=off`, map: false });
  const row = page.locator('section[aria-labelledby="reach"] li');
  const shut = await row.innerText();
  await reopen(id);
  await page.waitForFunction((shut) => document.querySelector('section[aria-labelledby="reach"] li')?.innerText !== shut, shut);
  await context.close();
});

for (const { screen, lang, scheme } of PAIR) {
  const words = WORDS[lang];
  const none = skip || (danger === null && 'every route found is safe');
  test(`${screen.name}-${lang}-${scheme}: a route through danger says so first of all`, { skip: none }, async () => {
    const hash = `#/rescue?from=${pair(danger.from)}&to=${pair(danger.to)}`;
    const { page, context } = await open(browser, { base: server.base, screen, lang, scheme, hash, map: false });
    const notice = page.locator('article.verdict');
    await notice.getByRole('heading', { name: words.noSafe }).waitFor();
    await notice.getByText(words.leastBad).waitFor();
    const card = page.locator('article.card');
    assert.ok((await notice.boundingBox()).y < (await page.locator('#stop-from').boundingBox()).y, 'before all else');
    await card.getByRole('heading', { name: words.through }).waitFor();
    await card.getByText(words.entered).first().waitFor();
    await picture(page, `${screen.name}-${lang}-${scheme}-rescue-unsafe`);
    await assertAccessible(page, 'a route through danger');
    await context.close();
  });
}

test('a place far from any road is told as that', { skip }, async () => {
  const sea = { lat: 0.5, lon: -30.5 };
  const { page, context } = await open(browser, { base: server.base, hash: `#/rescue?from=${pair(way.from)}&to=${pair(sea)}`, map: false });
  await page.getByRole('heading', { name: 'There is no road near the destination' }).waitFor();
  await page.getByRole('button', { name: 'Choose another destination' }).click();
  await page.getByText('Choose the destination: press the map').waitFor();
  await picture(page, 'desk-en-light-rescue-no-road');
  await assertAccessible(page, 'no road near');
  await context.close();
});

test('the way to a shelter begins on its card', { skip }, async () => {
  const { page, context } = await open(browser, { base: server.base, hash: `#/shelter?at=${pair(way.from)}`, map: false });
  await page.getByRole('button', { name: 'Way there' }).first().click();
  await page.waitForURL(new RegExp(`#/rescue\\?.*from=${pair(way.from)}.*by=foot`));
  await page.locator('article.card, article.verdict').waitFor();
  assert.ok(await page.getByRole('radio', { name: /On foot/ }).isChecked());
  await context.close();
});

/** The versions that tiles of minutes to a shelter are asked for in. */
function minutesVersions() {
  const seen = new Set();
  const listen = (page) =>
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.startsWith('/tiles/minutes_to_shelter') && searchParams.has('v')) seen.add(searchParams.get('v'));
    });
  const reach = async (many) => {
    const late = Date.now() + 60_000;
    while (seen.size < many) {
      assert.ok(Date.now() < late, `tiles of ${many} versions are asked for`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return [...seen];
  };
  return { listen, reach };
}

for (const screen of [DESK, PHONE]) {
  test(`${screen.name}: a road is closed with a look first, the route leads around, it is opened again`, { skip }, async () => {
    const { spot } = way;
    const zoom = 16;
    const hash = `${link}&map=${zoom}/${spot.lat.toFixed(5)}/${spot.lon.toFixed(5)}${screen.touch ? '' : '&on=minutes_to_shelter_car_none'}`;
    const versions = minutesVersions();
    const { page, context, faults } = await open(browser, { base: server.base, screen, hash, before: versions.listen });
    await mapDrawn(page);
    if (!screen.touch) await versions.reach(1);
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
    // Minutes to a shelter are those over the roads that are left.
    if (!screen.touch) await versions.reach(2);
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
