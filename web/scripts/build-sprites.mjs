/**
 * Draws `tiles/sprites/*.svg` into one sheet per pixel ratio for MapLibre:
 * `dist/styles/sprite.{json,png}` and `sprite@2x.{json,png}`. The name of a file
 * is the name of its image; its `width` and `height` are its size in CSS pixels.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';

const SOURCE = fileURLToPath(new URL('../../tiles/sprites/', import.meta.url));
const TARGET = fileURLToPath(new URL('../dist/styles/', import.meta.url));
/** Room between images, so that smoothing never mixes neighbours. */
const GAP = 2;
const COLUMNS = 5;

async function readImages() {
  const files = (await readdir(SOURCE)).filter((file) => file.endsWith('.svg')).sort();
  if (files.length === 0) throw new Error(`no .svg files in ${SOURCE}`);
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(SOURCE, file), 'utf8');
      const size = /<svg[^>]*\swidth="(\d+)"[^>]*\sheight="(\d+)"/.exec(text);
      const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(text);
      if (size === null || inner === null) throw new Error(`${file}: needs one <svg> with whole width and height`);
      return { name: basename(file, '.svg'), width: Number(size[1]), height: Number(size[2]), inner: inner[1] };
    }),
  );
}

/** Rows of a fixed number of images: the sheet is small, packing it tighter gains nothing. */
function place(images) {
  const placed = [];
  let [x, y, rowHeight, sheetWidth] = [0, 0, 0, 0];
  images.forEach((image, at) => {
    if (at > 0 && at % COLUMNS === 0) [x, y, rowHeight] = [0, y + rowHeight + GAP, 0];
    placed.push({ ...image, x, y });
    x += image.width + GAP;
    rowHeight = Math.max(rowHeight, image.height);
    sheetWidth = Math.max(sheetWidth, x);
  });
  return { placed, width: sheetWidth, height: y + rowHeight };
}

function draw({ placed, width, height }, ratio) {
  const bodies = placed.map(
    (image) =>
      `<svg x="${image.x}" y="${image.y}" width="${image.width}" height="${image.height}" ` +
      `viewBox="0 0 ${image.width} ${image.height}" overflow="hidden">${image.inner}</svg>`,
  );
  const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${bodies.join('')}</svg>`;
  return new Resvg(sheet, { fitTo: { mode: 'zoom', value: ratio } }).render().asPng();
}

function index({ placed }, ratio) {
  return Object.fromEntries(
    placed.map(({ name, x, y, width, height }) => [
      name,
      { x: x * ratio, y: y * ratio, width: width * ratio, height: height * ratio, pixelRatio: ratio },
    ]),
  );
}

const sheet = place(await readImages());
await mkdir(TARGET, { recursive: true });
for (const [ratio, suffix] of [
  [1, ''],
  [2, '@2x'],
]) {
  await writeFile(join(TARGET, `sprite${suffix}.png`), draw(sheet, ratio));
  await writeFile(join(TARGET, `sprite${suffix}.json`), `${JSON.stringify(index(sheet, ratio))}\n`);
}
console.log(`sprites: ${sheet.placed.length} images in ${TARGET}`);
