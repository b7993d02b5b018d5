#!/usr/bin/env -S node --max-semi-space-size=8
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// What was stripped of its types and compiled once is taken from there: that is half of the time that a start takes. Where the
// folder cannot be written, everything is compiled as it would be without.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/tagwerk', import.meta.url)))
const { runCommand } = await import('./cli/commands.ts')

// A reader such as `head` may close the pipe early: it has what it wants, so there is nothing to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

process.exitCode = await runCommand(process.argv.slice(2))
