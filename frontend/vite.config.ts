import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const backend = process.env.SECATEUR_BACKEND ?? 'http://localhost:3000';

export default defineConfig({
  plugins: [react()],
  // The contract is read from its TypeScript source, so that a change shows here without a build between.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  server: { port: 5173, proxy: { '/v1': backend, '/u/': backend, '/docs': backend } },
  build: {
    target: 'es2022',
    // The page's policy allows scripts, fonts and images from files of this origin only: nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
});
