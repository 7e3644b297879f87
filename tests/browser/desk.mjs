/** A server of a test's own, on a copy of the Fujian pack (or the one in `REFUGIA_PACK`) that the test may change. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PACK = process.env.REFUGIA_PACK ?? join(root, 'data/fujian');
const BINARY = process.env.REFUGIA_BINARY ?? join(root, 'target/debug/refugia');

export const TOKEN = 'a-token-for-the-browser-test';

/** Starts one, with a token or without; `stop` ends it and removes the copy. */
export async function startServer({ token = TOKEN } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'refugia-browser-'));
  const pack = join(folder, 'pack');
  cpSync(PACK, pack, { recursive: true });
  const { REFUGIA_OPERATOR_TOKEN: _theirs, ...env } = process.env;
  const server = spawn(BINARY, ['serve', '--region', pack, '--listen', '127.0.0.1:0', '--log', 'error', '--watch', 'off'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...env, ...(token === null ? {} : { REFUGIA_OPERATOR_TOKEN: token }) },
  });
  const base = await new Promise((resolve, reject) => {
    let printed = '';
    server.stdout.on('data', (chunk) => {
      printed += chunk;
      const found = printed.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    });
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`${BINARY} ended with ${code} before it answered`)));
  });
  const stop = async () => {
    const ended = new Promise((resolve) => server.on('exit', resolve));
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  return { base, stop };
}
