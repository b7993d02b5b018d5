#!/usr/bin/env -S node --max-semi-space-size=2 --no-parallel-scavenge
// Older versions of Node cannot load the program: it fails with a stack trace. So nothing is imported before this check,
// and later on only dynamically.
const NODE_MAJOR_MIN = 24
const nodeVersion = process.versions.node

if (Number(nodeVersion.split('.')[0]) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `error: Tagwerk needs Node.js ${NODE_MAJOR_MIN} or newer, and this is ${nodeVersion}. ` +
      `This runs it with the right one: npx -p node@${NODE_MAJOR_MIN} -p tagwerk tagwerk\n`,
  )
  process.exitCode = 2
} else {
  const { enableCompileCache } = await import('node:module')
  const { fileURLToPath } = await import('node:url')
  // Node's compile cache halves the start time. If the folder is not writable, Node compiles without it.
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/tagwerk', import.meta.url)))
  const { runCommand } = await import('./cli/commands.ts')

  // A reader such as `head` may close the pipe early, which is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })

  // A service goes on without the reader of its messages.
  process.stderr.on('error', () => undefined)

  process.exitCode = await runCommand(process.argv.slice(2))
}

export {}
