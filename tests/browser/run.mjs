/**
 * Starts the binary on a free port with the Fujian pack, runs the browser tests against it, and stops it.
 *
 *   node tests/browser/run.mjs [BINARY] [TEST FILES…]
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const [binary = join(here, '../../target/release/refugia'), ...named] = process.argv.slice(2);
const tests = named.length
  ? named
  : readdirSync(here).filter((name) => name.endsWith('.test.mjs')).map((name) => join(here, name));

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const CHROMIUM = process.env.CHROMIUM ?? BROWSERS.find(existsSync);
if (!CHROMIUM) throw new Error(`no Chromium found (looked for ${BROWSERS.join(', ')}); install it or set CHROMIUM`);

/** Files run side by side, each with a browser of its own; more of them than processors only make each other late. */
const SIDE_BY_SIDE = Math.min(availableParallelism(), 4);

process.env.REFUGIA_BINARY = binary;
const { startServer } = await import('./desk.mjs');
const server = await startServer();
const runner = spawn(process.execPath, ['--test', `--test-concurrency=${SIDE_BY_SIDE}`, ...tests], {
  stdio: 'inherit',
  // Tests that change a pack start a server of their own.
  env: { ...process.env, REFUGIA_URL: server.base, REFUGIA_MAY_CLOSE: server.base, CHROMIUM },
});
runner.on('exit', async (code) => {
  process.exitCode = code ?? 1;
  await server.stop();
});
