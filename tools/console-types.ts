import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// Writes the types of the service's own API for the console, from its OpenAPI document.

const root = join(import.meta.dirname, '..')
const DOCUMENT = 'openapi/tagwerk-v1.json'
const TYPES = 'console/src/api/schema.d.ts'

// The generator is installed beside the console, with the version of TypeScript that it needs.
const manifest = createRequire(join(root, 'console/package.json')).resolve('openapi-typescript/package.json')
const generator = join(dirname(manifest), 'bin/cli.js')
const { status } = spawnSync(process.execPath, [generator, DOCUMENT, '--output', TYPES], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
