/**
 * Starts the binary on a free port with the Fujian pack, runs the browser tests against it, and stops it.
 *
 *   node tests/browser/run.mjs [BINARY] [TEST FILES…]
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const [binary = join(root, 'target/release/refugia'), ...named] = process.argv.slice(2);
const tests = named.length
  ? named
  : readdirSync(here).filter((name) => name.endsWith('.test.mjs')).map((name) => join(here, name));

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const CHROMIUM = process.env.CHROMIUM ?? BROWSERS.find(existsSync);
if (!CHROMIUM) throw new Error(`no Chromium found (looked for ${BROWSERS.join(', ')}); install it or set CHROMIUM`);

/** The address the server prints once it answers. */
function address(server) {
  return new Promise((resolve, reject) => {
    let printed = '';
    server.stdout.on('data', (chunk) => {
      printed += chunk;
      const found = printed.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    });
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`${binary} ended with ${code} before it answered`)));
  });
}

const SERVE = ['serve', '--region', join(root, 'data/fujian'), '--listen', '127.0.0.1:0', '--log', 'warn'];
const server = spawn(binary, SERVE, { stdio: ['ignore', 'pipe', 'inherit'] });
const url = await address(server);
const runner = spawn(process.execPath, ['--test', '--test-concurrency=1', ...tests], {
  stdio: 'inherit',
  // Tests that change a pack start a server of their own.
  env: { ...process.env, REFUGIA_URL: url, REFUGIA_BINARY: binary, CHROMIUM },
});
runner.on('exit', (code) => {
  server.removeAllListeners('exit');
  server.kill('SIGTERM');
  process.exitCode = code ?? 1;
});
