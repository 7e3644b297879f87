/** The operator's page: a file is dropped, looked at on the map with its report, and becomes a layer. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, TOKEN } from './desk.mjs';
import { assertAccessible, assertFingerSized, DESK, launch, mapDrawn, open, PHONE, picture } from './harness.mjs';

let browser;
let server;
before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ light: true })]);
});
after(async () => {
  await browser.close();
  await server.stop();
});

const CSV = `编码,名称,经度,纬度,容纳人数,备注
n1,海边小学,119.36,26.02,120,二层
n2,山脚村部,119.28,26.08,80,
n3,文化馆,119.31,26.05,,
n4,无处,东边,26.01,9,坐标待补
`;

/** Opens the page, signed in. */
async function desk(options = {}) {
  const opened = await open(browser, { base: server.base, hash: '#/import', map: false, ...options });
  await opened.page.getByLabel(options.lang === 'zh' ? '操作员令牌' : 'Operator’s token').fill(TOKEN);
  await opened.page.keyboard.press('Enter');
  await opened.page.locator('.drop').waitFor();
  return opened;
}

/** Drops a file on the field, as a hand would. */
async function drop(page, name, text) {
  const transfer = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: transfer });
}

/** What the browser says of answers that were meant to be refusals. */
const isRefusal = (fault) => /the server responded with a status of (401|403|409|422)/.test(fault);

/** What the page says of the features drawn. */
const drawn = (page) => page.evaluate(() => document.querySelector('.legend')?.textContent ?? '');

test('without a token set the page says how to set one', async () => {
  const off = await startServer({ token: null, light: true });
  const { page, context } = await open(browser, { base: off.base, hash: '#/import', map: false });
  await page.getByRole('heading', { name: 'Importing is off here' }).waitFor();
  await page.getByText('REFUGIA_OPERATOR_TOKEN').waitFor();
  await assertAccessible(page, 'importing off');
  await picture(page, 'desk-en-light-import-off');
  await context.close();
  await off.stop();
});

test('a wrong token is told, a right one is kept for the tab only', async () => {
  const { page, context } = await open(browser, { base: server.base, hash: '#/import', map: false });
  await page.getByLabel('Operator’s token').fill('not-the-token-of-this-server');
  await page.keyboard.press('Enter');
  await page.getByText('This is not the token').waitFor();
  await assertAccessible(page, 'a wrong token');
  await picture(page, 'desk-en-light-import-wrong-token');
  await page.getByLabel('Operator’s token').fill(TOKEN);
  await page.keyboard.press('Enter');
  await page.locator('.drop').waitFor();
  assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes(TOKEN));
  await page.reload();
  await page.locator('.drop').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Operator’s token').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await context.close();
});

test('a file sent before the page was loaded again can be gone on with, or taken away', async () => {
  const { page, context, faults } = await desk();
  await drop(page, 'halls.csv', CSV);
  await page.getByRole('heading', { name: 'What is in it?' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Files already on the server' }).waitFor();
  await page.getByText('halls.csv').waitFor();
  await assertAccessible(page, 'files that wait');
  await picture(page, 'desk-en-light-import-waiting');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'What is in it?' }).waitFor();
  await page.getByText('halls.csv').first().waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Remove halls.csv' }).click();
  await page.getByText('halls.csv').waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('heading', { name: 'Files already on the server' }).count(), 0);
  assert.deepEqual(faults.filter((fault) => !isRefusal(fault)), []);
  await context.close();
});

test('the page is reached from the layers', async () => {
  const { page, context } = await open(browser, { base: server.base, map: false });
  await page.getByRole('button', { name: 'Layers' }).click();
  await page.getByRole('button', { name: 'Import data (operators)' }).click();
  await page.waitForURL(/#\/import/);
  await page.getByLabel('Operator’s token').waitFor();
  await context.close();
});

test('a file is dropped, looked at, changed, accepted, and is on the map', async () => {
  const { page, context, outside, faults } = await desk({ map: true });
  await drop(page, '避灾点.csv', CSV);
  await page.getByRole('heading', { name: 'What is in it?' }).waitFor();
  assert.equal(await page.getByLabel('What the features are').inputValue(), 'shelter');
  await page.getByLabel('Layer id').fill('halls');
  await page.getByLabel('English name').fill('New halls');
  await assertAccessible(page, 'the form');
  await picture(page, 'desk-en-light-import-form');
  await page.getByRole('button', { name: 'Look at it' }).click();

  await page.getByRole('heading', { name: 'Check before you import' }).waitFor();
  const totals = await page.locator('.totals').first().innerText();
  assert.match(totals.replace(/\s+/g, ' '), /4 Read|Read 4/);
  assert.match(totals.replace(/\s+/g, ' '), /1 Refused|Refused 1/);
  assert.match(await drawn(page), /all 3 of them/);
  await page.getByText('no number').or(page.getByText('东边')).first().waitFor();
  await mapDrawn(page);
  await assertAccessible(page, 'the review');
  await picture(page, 'desk-en-light-import-review');

  await page.getByLabel('Meaning of 备注').selectOption('address');
  await page.getByText('Something was changed').waitFor();
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.getByLabel('Meaning of 备注').waitFor();
  assert.equal(await page.getByLabel('Meaning of 备注').inputValue(), 'address');

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the whole report (JSON)' }).click();
  assert.equal((await download).suggestedFilename(), '避灾点.csv.report.json');

  await page.getByRole('button', { name: 'Import 3 features' }).click();
  await page.getByText('3 features become layer “halls”').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Import 3 features' }).click();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Layer “halls” is on the map' }).waitFor();
  await mapDrawn(page);
  await picture(page, 'desk-en-light-import-done');
  await assertAccessible(page, 'the end');
  const region = await (await fetch(`${server.base}/api/region`)).json();
  assert.equal(region.layers.find((layer) => layer.id === 'halls').count, 3);
  await page.getByRole('button', { name: 'Layers' }).click();
  await page.getByRole('switch', { name: /New halls/ }).waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Import another file' }).click();
  await page.locator('.drop').waitFor();
  assert.deepEqual(outside, [], 'requests to other servers');
  assert.deepEqual(faults.filter((fault) => !isRefusal(fault)), [], 'console errors');
  await context.close();
});

test('what cannot be imported is told in the importer’s words, and the file need not be sent again', async () => {
  const { page, context } = await desk();
  await drop(page, 'table.csv', 'id,rechts,hoch\n1,119.3,26.1\n');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await page.getByRole('heading', { name: 'It cannot be imported like this' }).waitFor();
  await page.getByText(/rechts/).first().waitFor();
  await picture(page, 'desk-en-light-import-refused');
  await page.getByText('Position columns and table', { exact: true }).click();
  await page.getByLabel('Longitude').fill('rechts');
  await page.getByLabel('Latitude').fill('hoch');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await page.getByRole('heading', { name: 'Check before you import' }).waitFor();
  assert.match(await drawn(page), /all 1 of them/);
  await context.close();
});

test('a coordinate system that is not said is asked for, and an answer is a press away', async () => {
  const { page, context } = await desk({ lang: 'zh' });
  await drop(page, '平面坐标.csv', 'id,名称,X,Y\n1,甲,429500,2885000\n2,乙,430500,2886000\n');
  await page.getByText('坐标列与表', { exact: true }).click();
  await page.getByLabel('经度').fill('X');
  await page.getByLabel('纬度').fill('Y');
  await page.getByRole('button', { name: '预览' }).click();
  await page.getByText('坐标不是经纬度').waitFor();
  await picture(page, 'desk-zh-light-import-question');
  await assertAccessible(page, 'a question');
  const list = page.getByLabel('可选的答案');
  const wanted = page.getByRole('button', { name: /EPSG:4549/ });
  if ((await wanted.count()) > 0) await wanted.click();
  else {
    const option = await list.locator('option', { hasText: 'EPSG:4549' }).first().getAttribute('value');
    await list.selectOption(option);
    await page.getByRole('button', { name: '选用并预览' }).click();
  }
  await page.getByRole('heading', { name: '导入前请核对' }).waitFor();
  await page.getByRole('button', { name: '放弃此文件' }).click();
  await page.locator('.drop').waitFor();
  await context.close();
});

test('what is found and why rows are refused is told in the language of the page, also when it changes', async () => {
  const { page, context } = await desk({ lang: 'zh' });
  await drop(page, '避灾点.csv', '名称,经度,纬度\n海边小学,119.36,26.02\n文化馆,119.31,119.4\n');
  await page.getByRole('button', { name: '预览' }).click();
  await page.getByRole('heading', { name: '导入前请核对' }).waitFor();
  await page.getByText('没有编号列：要素按文件行号编号').waitFor();
  await page.getByText('纬度 119.4 超出').waitFor();
  await page.getByRole('button', { name: 'English' }).first().click();
  await page.getByText('latitude 119.4 is outside').waitFor();
  await page.getByText('features are numbered by their row').waitFor();
  await page.getByRole('button', { name: 'Discard the file' }).click();
  await page.locator('.drop').waitFor();
  await context.close();
});

test('a finding that stops the import stands first and wants a tick', async () => {
  const stop = { severity: 'stop', code: 'shift_suspected', message: 'The positions lie 505 m east of what the pack has; try --datum gcj02.' };
  let sent = null;
  const { page, context } = await desk({
    before: async (page) => {
      await page.route('**/preview', async (route) => {
        const reply = await route.fetch();
        const body = await reply.json();
        body.report.stopped = true;
        body.report.findings.push(stop);
        body.report.shift = { verdict: 'shifted', hypothesis: 'gcj02' };
        body.report.novelty = { of: ['a later version'] };
        await route.fulfill({ response: reply, json: body });
      });
      await page.route('**/accept', (route) => {
        sent = route.request().postDataJSON();
        return route.abort('connectionfailed');
      });
    },
  });
  await drop(page, '避灾点.csv', CSV);
  await page.getByLabel('Layer id').fill('shifted');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await page.getByRole('alert').getByText(stop.message).waitFor();
  await page.getByText('The positions look shifted').waitFor();
  const accept = page.getByRole('button', { name: 'Import 3 features' });
  assert.equal(await accept.isDisabled(), true);
  await picture(page, 'desk-en-light-import-stop');
  await assertAccessible(page, 'a stop');
  const asked = page.waitForRequest('**/preview');
  await page.getByRole('button', { name: 'Look again as GCJ-02' }).click();
  assert.equal((await asked).postDataJSON().datum, 'gcj02');
  await page.getByLabel('I have checked this').check();
  await accept.click();
  await page.getByRole('button', { name: 'Import now' }).click();
  await page.getByRole('heading', { name: 'Nothing was imported' }).waitFor();
  await page.getByText('The server cannot be reached').waitFor();
  assert.equal(sent.accept, true);
  assert.equal(sent.layer, 'shifted');
  await context.close();
});

test('an upload shows how far it is and can be called off', async () => {
  let release;
  const gate = new Promise((resolve) => (release = resolve));
  const { page, context } = await desk({
    before: (page) =>
      page.route('**/api/imports?filename=*', async (route) => {
        await gate;
        await route.abort('connectionfailed').catch(() => undefined);
      }),
  });
  await drop(page, 'a.csv', CSV);
  await page.getByRole('progressbar', { name: 'Uploading a.csv' }).waitFor();
  await picture(page, 'desk-en-light-import-sending');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.drop').waitFor();
  release();
  await context.close();
});

for (const screen of [PHONE, DESK]) {
  for (const lang of ['zh', 'en']) {
    for (const scheme of ['light', 'dark']) {
      const title = `${screen.name}-${lang}-${scheme}-import`;
      // The map in half of them: beside each screen, in each language and in each scheme.
      const map = (lang === 'zh') === (scheme === 'dark');
      test(title, async () => {
        const { page, context, outside, faults } = await desk({ screen, lang, scheme, map });
        const look = async (step) => {
          await picture(page, `${title}-${step}`);
          await assertAccessible(page, `${title}-${step}`);
          if (screen.touch) await assertFingerSized(page, `${title}-${step}`);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
        };
        if (map) await mapDrawn(page);
        await look('choose');
        await page.locator('.drop input').setInputFiles({ name: '避灾点.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
        await page.locator('form.fields').waitFor();
        await look('form');
        await page.locator('form .button.main').click();
        await page.locator('.totals').waitFor();
        if (map) await mapDrawn(page);
        await look('review');
        if (screen.touch) {
          await page.getByRole('button', { name: lang === 'zh' ? '展开面板' : 'Raise the sheet' }).click();
          await look('review-full');
        }
        assert.deepEqual(outside, [], 'requests to other servers');
        assert.deepEqual(faults.filter((fault) => !isRefusal(fault)), [], 'console errors');
        await page.getByRole('button', { name: lang === 'zh' ? '放弃此文件' : 'Discard the file' }).click();
        await page.locator('.drop').waitFor();
        await context.close();
      });
    }
  }
}
