import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // The server puts a new nonce in this place with every load; see control's page-files.ts.
  html: { cspNonce: '__STYLE_NONCE__' },
  build: {
    target: 'es2022',
    // Small images as data: URLs would need a wider policy than the page has.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    chunkSizeWarningLimit: 700,
  },
});
