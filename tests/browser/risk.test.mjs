/** Risk mode: the worst in words first, every kind once, and nothing mapped is not called safe. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, mapDrawn, open, picture } from './harness.mjs';
import { atHash, calm, mapHash, threatened } from './places.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const { at, answer } = threatened;

test('the sheet names the highest threat and has one row per kind', async () => {
  const { page, context } = await open(browser, { hash: `#/risk?${mapHash(at)}&${atHash(at)}`, map: false });
  await page.getByRole('heading', { level: 2, name: /risk here/ }).waitFor();
  const kinds = [...new Set(answer.hazards.map((hazard) => hazard.kind_name))];
  const rows = await page.locator('section.sheet h3').allInnerTexts();
  assert.deepEqual(rows, kinds);
  await page.getByText(answer.highest.advice).first().waitFor();
  const bar = page.locator('[role="img"]').first();
  assert.equal(
    await bar.getAttribute('aria-label'),
    `${answer.highest.level_names.en}, level ${answer.highest.rank} of ${answer.highest.levels}`,
  );
  await context.close();
});

test('the worst hazard is on the map, another one on demand, and the way back works', async () => {
  const { page, context } = await open(browser, { hash: `#/risk?${mapHash(at)}&${atHash(at)}` });
  await mapDrawn(page);
  const eyes = page.getByRole('button', { name: /^Show .* on the map$/ });
  assert.equal(await eyes.first().getAttribute('aria-pressed'), 'true');
  if ((await eyes.count()) > 1) {
    await eyes.nth(1).click();
    assert.equal(await eyes.nth(1).getAttribute('aria-pressed'), 'true');
    assert.equal(await eyes.first().getAttribute('aria-pressed'), 'false');
    await page.goBack();
    assert.equal(await eyes.first().getAttribute('aria-pressed'), 'true');
  }
  await context.close();
});

test('one step leads from the threat to a shelter for it', async () => {
  const { page, context } = await open(browser, { hash: `#/risk?${mapHash(at)}&${atHash(at)}`, map: false });
  await page.getByRole('button', { name: /^Find a shelter for/ }).click();
  await page.waitForURL(new RegExp(`#/shelter\\?.*hazard=${answer.highest.kind}`));
  await page.locator('article h2').waitFor();
  await page.goBack();
  await page.getByRole('heading', { level: 2, name: /risk here/ }).waitFor();
  await context.close();
});

test('nothing mapped is worded as that', async () => {
  const { page, context } = await open(browser, { hash: `#/risk?${mapHash(calm.at)}&${atHash(calm.at)}`, map: false });
  await page.getByRole('heading', { level: 2, name: 'Nothing mapped here' }).waitFor();
  await page.getByText(/not the same as safe/).waitFor();
  await picture(page, 'desk-en-light-risk-nothing');
  await context.close();
});
