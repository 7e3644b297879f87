/** The search field, by keyboard and by finger. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, launch, open, PHONE, picture } from './harness.mjs';
import { refusal } from './places.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const shelter = refusal.answer.features[0].properties;

test('a shelter is found by name and opened with the keyboard alone', async () => {
  const { page, context } = await open(browser, { map: false });
  const field = page.getByRole('combobox');
  await field.focus();
  await field.pressSequentially(shelter.names.en);
  await page.getByRole('option').first().waitFor();
  assert.equal(await field.getAttribute('aria-expanded'), 'true');
  await assertAccessible(page, 'the open search');
  await picture(page, 'desk-en-light-search');
  const wanted = page.getByRole('option', { name: shelter.names.en }).first();
  const place = Number((await wanted.getAttribute('id')).replace('hit-', ''));
  for (let step = 0; step <= place; step += 1) await page.keyboard.press('ArrowDown');
  assert.equal(await field.getAttribute('aria-activedescendant'), `hit-${place}`);
  await page.keyboard.press('Enter');
  await page.waitForURL(/shelter=/);
  await page.getByRole('heading', { level: 2, name: shelter.names.en }).waitFor();
  await context.close();
});

test('Chinese names are found too', async () => {
  const { page, context } = await open(browser, { lang: 'zh', screen: PHONE, map: false });
  await page.getByRole('combobox').fill(shelter.names.zh);
  const option = page.getByRole('option', { name: shelter.names.zh }).first();
  await option.waitFor();
  await picture(page, 'phone-zh-light-search');
  await option.tap();
  await page.getByRole('heading', { level: 2, name: shelter.names.zh }).waitFor();
  await context.close();
});

test('coordinates are a place', async () => {
  const { page, context } = await open(browser, { map: false });
  const { lat, lon } = refusal.at;
  await page.getByRole('combobox').fill(`${lat.toFixed(5)}, ${lon.toFixed(5)}`);
  await page.getByRole('option').click();
  await page.locator('article h2').waitFor();
  await context.close();
});

test('nothing found says so, Escape closes the list and nothing else', async () => {
  const { page, context } = await open(browser, { map: false });
  await page.getByRole('button', { name: 'Layers' }).click();
  await page.getByRole('combobox').fill('zzqqxxvv');
  await page.getByText(/Nothing found for “zzqqxxvv”/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText(/Nothing found/).waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('dialog', { name: 'Layers' }).count(), 1);
  await context.close();
});
