#!/usr/bin/env -S node --max-semi-space-size=8
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Node's compile cache halves the start time. If the folder is not writable, Node compiles without it.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/tagwerk', import.meta.url)))
const { runCommand } = await import('./cli/commands.ts')

// A reader such as `head` may close the pipe early, which is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

process.exitCode = await runCommand(process.argv.slice(2))
