import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// The entry of a worker: the process that started it says what to do, and its end is the end of this one.

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/tagwerk', import.meta.url)))
const { runWorker } = await import('./worker.ts')
runWorker(Date.now, Math.random)
