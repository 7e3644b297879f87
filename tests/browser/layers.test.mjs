/** The layers panel: groups, switches, legends, opacity, and what a layer is made from. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, assertFingerSized, DESK, launch, mapDrawn, open, PHONE, picture } from './harness.mjs';
import { region } from './places.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const hazards = region.layers.filter((layer) => layer.role === 'hazard_zone');

/** Minutes to a shelter: switched on with its choices and its legend, kept in the address. */
async function minutesChosen(page, panel, screen) {
  const toggle = panel.getByRole('switch', { name: 'Minutes to a shelter' });
  assert.equal(await toggle.getAttribute('aria-checked'), 'false');
  await toggle.click();
  await page.waitForURL(/on=minutes_to_shelter_foot(&|$)/);
  assert.equal(await panel.getByRole('list', { name: 'What the colours mean' }).getByRole('listitem').count(), 8);
  await panel.locator('label', { hasText: 'Lorry' }).click();
  await page.waitForURL(/on=minutes_to_shelter_truck(&|$)/);
  await panel.locator('label', { hasText: 'Closures only' }).click();
  await page.waitForURL(/on=minutes_to_shelter_truck_none(&|$)/);
  await page.goBack();
  assert.ok(await panel.getByRole('radio', { name: 'All hazards' }).isChecked());
  const about = panel.getByRole('button', { name: 'About Minutes to a shelter' });
  await about.click();
  await panel.getByRole('slider', { name: 'Opacity of Minutes to a shelter' }).fill('60');
  await page.waitForURL(/fade=minutes_to_shelter:60/);
  await about.click();
  await panel.getByRole('list', { name: 'What the colours mean' }).scrollIntoViewIfNeeded();
  await picture(page, `${screen.name}-en-light-minutes-legend`);
}

for (const screen of [DESK, PHONE]) {
  test(`on a ${screen.name} it opens, shows every layer of the pack, and Escape closes it`, async () => {
    const { page, context } = await open(browser, { screen, map: false });
    const button = page.getByRole('button', { name: 'Layers' });
    await button.click();
    const panel = page.getByRole('dialog', { name: 'Layers' });
    await panel.getByRole('switch').first().waitFor();
    // Beside the pack's layers there is the one of minutes to a shelter, where there are roads.
    assert.equal(await panel.getByRole('switch').count(), region.layers.length + (region.roads == null ? 0 : 1));
    if (region.roads != null) await minutesChosen(page, panel, screen);
    await panel.getByRole('button', { name: `About ${hazards[0].names.en}`, exact: true }).click();
    for (const fact of [hazards[0].source, hazards[0].licence]) await panel.getByText(fact, { exact: true }).waitFor();
    if (region.roads != null) {
      await panel.getByRole('button', { name: 'About Road network', exact: true }).click();
      await panel.getByText(region.roads.source, { exact: true }).waitFor();
    }
    await assertAccessible(page, `layers on a ${screen.name}`);
    if (screen.touch) await assertFingerSized(page, 'the layers panel');
    await picture(page, `${screen.name}-en-light-layers`);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    assert.ok(await button.evaluate((element) => element === document.activeElement), 'focus returns to the button');
    await context.close();
  });
}

test('legends come from the pack, and a switch is a step in the history', async () => {
  const { page, context } = await open(browser);
  await mapDrawn(page);
  await page.getByRole('button', { name: 'Layers' }).click();
  const last = hazards.at(-1);
  const toggle = page.getByRole('switch', { name: last.names.en, exact: true });
  const row = page.locator('li.row', { has: toggle });
  assert.equal(await toggle.getAttribute('aria-checked'), 'false');
  assert.equal(await row.locator('.legend li').count(), 0);
  await toggle.click();
  assert.deepEqual(
    (await row.locator('.legend li').allInnerTexts()).map((text) => text.trim()),
    last.levels.map((level) => level.names.en),
  );
  assert.match(page.url(), new RegExp(`on=${last.id}`));
  await page.goBack();
  assert.equal(await toggle.getAttribute('aria-checked'), 'false');
  await page.goForward();
  assert.equal(await toggle.getAttribute('aria-checked'), 'true');
  await context.close();
});

test('opacity goes into the address and comes out of it', async () => {
  const first = hazards[0];
  const { page, context } = await open(browser, { hash: `#/shelter?fade=${first.id}:40`, map: false });
  await page.getByRole('button', { name: 'Layers' }).click();
  await page.getByRole('button', { name: `About ${first.names.en}`, exact: true }).click();
  const slider = page.getByRole('slider', { name: `Opacity of ${first.names.en}`, exact: true });
  assert.equal(await slider.inputValue(), '40');
  await slider.fill('70');
  assert.match(page.url(), new RegExp(`fade=${first.id}:70`));
  await slider.fill('100');
  assert.doesNotMatch(page.url(), /fade/);
  await context.close();
});
