#!/usr/bin/env node
import { runCommand } from './cli/commands.ts'

// A reader such as `head` may close the pipe early: it has what it wants, so there is nothing to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

process.exitCode = await runCommand(process.argv.slice(2))
