import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where `npm run dev` finds the API, tiles and styles. */
const server = process.env['REFUGIA_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
  resolve: {
    alias: { '@': here('./src'), '@messages': here('../src/messages') },
  },
  // The worker is an ES module of its own; MapLibre is told its address.
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    // Nothing is inlined as data: so that a strict content security policy holds.
    assetsInlineLimit: 0,
    // MapLibre alone is above the default limit; it is loaded after the answer.
    chunkSizeWarningLimit: 1200,
  },
  server: {
    host: '127.0.0.1',
    fs: { allow: [here('..')] },
    proxy: { '/api': server, '/tiles': server, '/styles': server },
  },
  test: { include: ['test/**/*.test.ts'] },
});
