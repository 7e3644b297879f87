/** Servers for the tests, on a copy of the Fujian pack (or the one in `REFUGIA_PACK`) that they may change. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PACK = process.env.REFUGIA_PACK ?? join(root, 'data/fujian');
const BINARY = process.env.REFUGIA_BINARY ?? join(root, 'target/debug/refugia');

export const TOKEN = 'a-token-for-the-browser-test';

/**
 * Leaves a pack its shelters, its places and its first hazard, and no roads: what takes a debug build many seconds to
 * load, at the start and again after every import.
 */
function lighten(pack) {
  const manifest = join(pack, 'region.toml');
  const [head, ...tables] = readFileSync(manifest, 'utf8').split(/^(?=\[\[?(?:layer|roads)\]\]?$)/m);
  const role = (table) => /^role = "(.*)"$/m.exec(table)?.[1];
  const firstHazard = tables.find((table) => role(table) === 'hazard_zone');
  const kept = tables.filter((table) => table === firstHazard || ['shelter', 'reference', 'settlement'].includes(role(table)));
  writeFileSync(manifest, [head, ...kept].join(''));
}

/**
 * Starts one, with a token or without, on the whole pack or a light one without roads; `stop` ends it and removes the
 * copy.
 */
export async function startServer({ token = TOKEN, light = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'refugia-browser-'));
  const pack = join(folder, 'pack');
  cpSync(PACK, pack, { recursive: true });
  if (light) lighten(pack);
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

/** One to close roads on: the runner's, which is there for that (`REFUGIA_MAY_CLOSE`), else one of the test's own. */
export async function operatorServer() {
  const { REFUGIA_MAY_CLOSE: base } = process.env;
  return base === undefined ? startServer() : { base, stop: async () => undefined };
}
