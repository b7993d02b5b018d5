import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Process entry of a worker. The primary process starts it and sends its configuration as the first message.

// In the bundle this file lies one folder below the package root, in the sources two.
const up = import.meta.url.endsWith('.ts') ? '../..' : '..'
enableCompileCache(fileURLToPath(new URL(`${up}/node_modules/.cache/tagwerk`, import.meta.url)))
const { runWorker } = await import('./worker-process.ts')
runWorker(Date.now, () => performance.now(), Math.random)
