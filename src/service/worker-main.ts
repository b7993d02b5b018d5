import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// The entry of a worker: the process that started it says what to do, and its end is the end of this one.

// A published package has this file beside the others, the sources have it two folders down.
const up = import.meta.url.endsWith('.ts') ? '../..' : '..'
enableCompileCache(fileURLToPath(new URL(`${up}/node_modules/.cache/tagwerk`, import.meta.url)))
const { runWorker } = await import('./worker-process.ts')
runWorker(Date.now, Math.random)
