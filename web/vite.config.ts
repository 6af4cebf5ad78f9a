import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

/** Files of `public/` that pages show, which are not part of the bundle. */
const PUBLIC = ['/icon.svg', '/icon-192.png', '/manifest.webmanifest'];

/** Tells the service worker which files to keep: everything that the build wrote, by their hashed names. */
function precache(): Plugin {
  return {
    name: 'precache',
    apply: 'build',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => /\.(js|css|woff2)$/.test(name) && name !== 'sw.js');
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') throw new Error('the service worker is not in the bundle');
      const assets = ['/', ...PUBLIC, ...files.map((name) => `/${name}`)].sort();
      const name = assets
        .join()
        .split('')
        .reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
      const written = worker.code.replace('__ASSETS__', JSON.stringify(assets));
      if (written === worker.code) throw new Error('the service worker names no files');
      worker.code = written.replace('__SHELL__', JSON.stringify(name.toString(36)));
    },
  };
}

export default defineConfig({
  plugins: [preact(), precache()],
  resolve: { alias: { '~': '/src' } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: 'index.html', sw: 'src/sw.ts' },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
        // What many pages share comes in one file: a file for each icon would cost a phone a request for each.
        advancedChunks: {
          groups: [{ name: 'parts', test: /lucide-preact|src\/(?:parts|lib|layout|ui)\//, minShareCount: 2 }],
        },
      },
    },
  },
  server: { proxy: { '/v1': process.env.API_URL ?? 'http://127.0.0.1:8000' } },
  test: { environment: 'happy-dom' },
} as Parameters<typeof defineConfig>[0]);
