import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The service that the development server sends the calls of the API to. */
const SERVICE = process.env.TAGWERK_ENDPOINT ?? 'http://127.0.0.1:8780'

export default defineConfig({
  base: '/console/',
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    // Keeps light-dark() as written: older targets have it rewritten to variables.
    cssTarget: 'chrome123',
    // A data URL of a font would not pass the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
  },
  server: { proxy: { '/tagwerk': SERVICE, '/version': SERVICE } },
})
