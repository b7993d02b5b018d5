import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from './support/free-port.ts'
import { pathToThisNode } from './support/process.ts'
import { bundledProgram } from './support/program.ts'
import { ADMIN_PASSWORD, startTestService } from './support/service.ts'

// Runs README's shell blocks as they stand, on an empty store.

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

/** Stand-ins for `tagwerk` and `npm run tagwerk --`, which run this program, and for curl. */
const prelude = (program: string) => `
set -euo pipefail
npm() { while [ "$1" != -- ]; do shift; done; shift; node '${program}' "$@"; }
npx() { while [ "$1" != tagwerk ]; do shift; done; shift; node '${program}' "$@"; }
curl() { node ${root}/test/support/curl.ts "$@"; }
`

let folder: string
let blocks: readonly string[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-readme-'))
  const line = (id: string) => `${JSON.stringify({ resource_type: 'images', resource_id: id })}\n`
  await writeFile(join(folder, 'catalogue.ndjson'), line('first'))
  await writeFile(join(folder, 'more.ndjson.gz'), gzipSync(line('second')))
  await writeFile(join(folder, 'inventory.json'), `[${line('third')}]`)
  const rule = { tag_value: { '@@assign': ['prod', 'test'] }, enforced_for: { '@@assign': ['ims:image'] } }
  await writeFile(join(folder, 'base.json'), JSON.stringify({ tags: { env: rule } }))
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  blocks = Array.from(readme.matchAll(/^```sh\n(.*?)^```$/gms), ([, block]) => block as string)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs a script against a service and gives its standard output. */
async function bash(script: string, port: string): Promise<string> {
  const here = script
    .replaceAll('127.0.0.1:8780', `127.0.0.1:${port}`)
    .replace('export TAGWERK_PASSWORD=...', `export TAGWERK_PASSWORD='${ADMIN_PASSWORD}'`)
  const env = { ...process.env, PATH: pathToThisNode(), TAGWERK_ENDPOINT: `http://127.0.0.1:${port}` }
  const { stdout } = await run('bash', ['-c', prelude(await bundledProgram()) + here], {
    cwd: folder,
    env,
    timeout: 240_000,
  })
  return stdout
}

it('the shell blocks of README run in order on an empty store and print the answers that they show', async () => {
  const service = await startTestService({ flags: { faults: 'on' } })
  try {
    const script = blocks.filter((block) => !block.includes('tagwerk serve')).join('\n')
    const stdout = await bash(script, new URL(service.url).port)
    const shown = Array.from(script.matchAll(/^# \d {2}.*?: (\{.*?\})(?=,? or |$)/gm), ([, answer]) => answer as string)
    expect(shown).toHaveLength(4)
    for (const answer of shown) for (const part of answer.split('...')) expect(stdout).toContain(part)
  } finally {
    await service.stop()
  }
}, 300_000)

it('the recipe for CI in README starts a service, imports and makes an access key', async () => {
  const recipe = blocks.find((block) => block.includes('tagwerk serve'))
  const port = String(await freePort())
  const serve = `tagwerk serve --listen 127.0.0.1:${port}`
  // With job control the signal reaches the service, not just the subshell of the job.
  const stdout = await bash(`set -m\n${recipe?.replace('tagwerk serve', serve)}\nkill %1\nwait`, port)
  expect(stdout).toMatch(/1 created/)
  expect(JSON.parse(await readFile(join(folder, 'key.json'), 'utf8'))).toMatchObject({
    credential: { access: expect.any(String), secret: expect.any(String) },
  })
}, 300_000)
