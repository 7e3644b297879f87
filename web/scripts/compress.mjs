/**
 * Packs the files of the build with Brotli, each beside itself as `….br`: at the hardest level, which takes too long
 * for a server to do when it starts. What does not get smaller is left alone.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const TEXT = /\.(css|html|js|json|map|svg|txt|webmanifest)$/;
/** What fits one network packet gains nothing. */
const LEAST_BYTES = 1400;

let [files, plainBytes, packedBytes] = [0, 0, 0];
for (const entry of await readdir(DIST, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.name.endsWith('.br')) await rm(path);
  if (!entry.isFile() || !TEXT.test(entry.name)) continue;
  const plain = await readFile(path);
  if (plain.length <= LEAST_BYTES) continue;
  const packed = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } });
  if (packed.length >= plain.length) continue;
  await writeFile(`${path}.br`, packed);
  files += 1;
  plainBytes += plain.length;
  packedBytes += packed.length;
}
console.log(`brotli: ${files} files, ${plainBytes} bytes to ${packedBytes}`);
