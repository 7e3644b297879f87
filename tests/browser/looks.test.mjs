/**
 * Every screen in both sizes, languages and schemes: drawn, accessible, quiet in
 * the console, and with nothing asked of any other server.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, assertFingerSized, DESK, launch, mapDrawn, open, PHONE, picture } from './harness.mjs';
import { atHash, mapHash, refusal, region, threatened } from './places.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Where each is, and what is there once it is whole. */
const SCREENS = {
  start: { hash: '#/shelter', shown: '.start' },
  shelter: { hash: `#/shelter?${mapHash(refusal.at)}&${atHash(refusal.at)}&hazard=${refusal.kind}`, shown: 'article h2' },
  risk: { hash: `#/risk?${mapHash(threatened.at)}&${atHash(threatened.at)}`, shown: '.sheet .top h2' },
};

for (const screen of [PHONE, DESK]) {
  for (const lang of ['zh', 'en']) {
    for (const scheme of ['light', 'dark']) {
      const kind = `${screen.name}-${lang}-${scheme}`;
      test(kind, async () => {
        const { page, context, outside, faults } = await open(browser, { screen, lang, scheme });
        for (const [name, { hash, shown }] of Object.entries(SCREENS)) {
          const title = `${kind}-${name}`;
          // One page goes from screen to screen, as people do: a map drawn from nothing takes longer than all else.
          await page.evaluate((hash) => (location.hash = hash), hash);
          await page.locator(shown).waitFor();
          await mapDrawn(page);
          await picture(page, title);
          await assertAccessible(page, title);
          if (screen.touch) await assertFingerSized(page, title);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${title}: no sideways scrolling`);
          assert.equal(await page.getByText('演示数据 · Synthetic').count() > 0, region.synthetic, `${title}: synthetic data is marked`);
        }
        assert.equal(await page.evaluate(() => document.documentElement.lang), lang === 'zh' ? 'zh-CN' : 'en');
        assert.deepEqual(outside, [], 'requests to other servers');
        assert.deepEqual(faults, [], 'console errors');
        await context.close();
      });
    }
  }
}

test('language and appearance change in place and are remembered', async () => {
  const { page, context } = await open(browser, { hash: SCREENS.shelter.hash });
  await mapDrawn(page);
  await page.getByRole('button', { name: '中：切换到中文' }).click();
  await page.getByRole('heading', { name: refusal.answer.features[0].properties.names.zh }).waitFor();
  await page.getByRole('button', { name: '外观：跟随系统' }).click();
  await page.getByRole('button', { name: '外观：浅色' }).click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.scheme), 'dark');
  await page.reload();
  await page.getByRole('button', { name: '外观：深色' }).waitFor();
  await mapDrawn(page);
  await context.close();
});
