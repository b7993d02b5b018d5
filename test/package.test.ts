import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { writeAuditedManifest } from '../tools/audit.ts'
import { build } from '../tools/build.ts'
import { pathToThisNode, startServiceProcess } from './support/process.ts'

// The published package: packed, installed and run by its name.

const run = promisify(execFile)

// Programs start many times, which takes long on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

type Tree = { readonly version?: string; readonly dependencies?: Readonly<Record<string, Tree>> }

type Bom = {
  readonly bomFormat: string
  readonly specVersion: string
  readonly metadata: { readonly component: { readonly purl: string } }
  readonly components: readonly {
    readonly 'bom-ref': string
    readonly name: string
    readonly group?: string
    readonly version: string
    readonly purl: string
    readonly hashes: readonly { readonly content: string }[]
    readonly licenses: readonly unknown[]
  }[]
}
const root = join(import.meta.dirname, '..')
const PASSWORD = 'only for this test'

let folder: string
let modules: string
let tagwerk: string
const env = { ...process.env, PATH: pathToThisNode() }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-package-'))
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, env })
  // npm prints the output of the build before the JSON.
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }]
  const installed = join(folder, 'installed')
  const quiet = ['--offline', '--no-audit', '--no-fund', '--no-save']
  await run('npm', ['install', '--prefix', installed, ...quiet, join(folder, packed.filename)], { cwd: folder, env })
  modules = join(installed, 'node_modules')
  tagwerk = join(modules, '.bin', 'tagwerk')
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the package', () => {
  it('the package has no dependencies and lists the licenses of the bundled packages', async () => {
    expect((await readdir(modules)).filter((name) => !name.startsWith('.'))).toEqual(['tagwerk'])
    const licenses = await readFile(join(modules, 'tagwerk', 'dist', 'third-party-licenses.txt'), 'utf8')
    for (const name of ['fastify', 'jose', 'pg', 'pino', 'react-dom', 'tailwindcss', 'typebox'])
      expect(licenses).toMatch(`\n${name} `)
  })

  it('the package has a software bill of materials that lists the same packages with their checksums', async () => {
    const dist = join(modules, 'tagwerk', 'dist')
    const bom = JSON.parse(await readFile(join(dist, 'sbom.cdx.json'), 'utf8')) as Bom
    expect([bom.bomFormat, bom.specVersion, bom.metadata.component.purl]).toEqual([
      'CycloneDX',
      '1.6',
      expect.stringMatching(/^pkg:npm\/tagwerk@/),
    ])
    const licenses = await readFile(join(dist, 'third-party-licenses.txt'), 'utf8')
    const licensed = Array.from(
      licenses.matchAll(/^-{80}\n\n(\S+) (\S+): /gm),
      ([, name, version]) => `${name}@${version}`,
    )
    const listed = bom.components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`)
    expect(listed.toSorted()).toEqual(licensed.toSorted())
    expect(new Set(bom.components.map((each) => each['bom-ref'])).size).toBe(bom.components.length)
    for (const { purl, hashes, licenses: own } of bom.components) {
      expect([purl, hashes[0]?.content, own.length]).toEqual([
        expect.stringMatching(/^pkg:npm\//),
        expect.stringMatching(/^[0-9a-f]{128}$/),
        1,
      ])
    }
  })

  it('npm sees the bundled packages, and no others, as those to audit', async () => {
    const audited = await mkdtemp(join(tmpdir(), 'tagwerk-audited-'))
    onTestFinished(() => rm(audited, { recursive: true, force: true }))
    const packages = await build(join(audited, 'dist'))
    writeAuditedManifest(audited, packages)
    // It exits with 1 because optional peer dependencies are missing.
    const { stdout } = await run('npm', ['ls', '--package-lock-only', '--all', '--json'], { cwd: audited, env }).catch(
      (error: { stdout: string }) => error,
    )
    const seen = new Set<string>()
    const collect = ({ dependencies = {} }: Tree): void => {
      for (const [name, tree] of Object.entries(dependencies)) {
        if (tree.version !== undefined) seen.add(`${name}@${tree.version}`)
        collect(tree)
      }
    }
    collect(JSON.parse(stdout) as Tree)
    expect([...seen].toSorted()).toEqual(packages.map(({ name, version }) => `${name}@${version}`).toSorted())
  })

  it('the installed program prints its version', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    expect((await run(tagwerk, ['--version'], { env })).stdout.trim()).toBe(version)
  })

  it('on an older Node the installed program says in one sentence what it needs, and exits with 2', async () => {
    const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { engines: { node: string } }
    const needed = engines.node.replace('>=', '')
    const main = join(modules, 'tagwerk', 'dist', 'main.js')
    // A static import of what an older Node lacks fails before any line runs.
    expect(await readFile(main, 'utf8')).not.toMatch(/^import /m)
    const older = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.20.2"}})'
    const running = run(process.execPath, ['--import', older, main, '--version'], { env })
    await expect(running).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        `error: Tagwerk needs Node.js ${needed} or newer, and this is 20.20.2. ` +
        `This runs it with the right one: npx -p node@${needed} -p tagwerk tagwerk\n`,
    })
  })

  it('the README of the package says how to run it without a checkout', async () => {
    const readme = await readFile(join(modules, 'tagwerk', 'README.md'), 'utf8')
    expect(readme).toContain('npx -p node@24 -p tagwerk tagwerk demo')
  })

  it('the installed program starts Node with the flags of npm start', async () => {
    const [first] = (await readFile(join(modules, 'tagwerk', 'dist', 'main.js'), 'utf8')).split('\n')
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const flags = / node (--.*)$/.exec(first as string)?.[1]
    expect(flags).toBeDefined()
    expect(scripts.start).toBe(`exec node ${flags} src/main.ts serve`)
    expect(scripts.demo).toBe(`exec node ${flags} src/main.ts demo`)
  })

  it('the installed service serves its console', async () => {
    const service = await startServiceProcess(join(folder, 'data-console'), PASSWORD, [], [tagwerk])
    onTestFinished(() => void service.child.kill('SIGKILL'))
    const page = await fetch(service.url, { headers: { accept: 'text/html' } })
    expect([page.status, page.url]).toEqual([200, `${service.url}/console/`])
    const [script] = /(?<=src=")[^"]+\.js/.exec(await page.text()) as RegExpExecArray
    const got = await fetch(`${service.url}${script}`)
    expect([got.status, got.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
    expect(await service.stop()).toBe(0)
  })

  it.each([1, 2])(
    'the installed service with %i workers keeps an import over a restart',
    { timeout: 120_000 },
    async (workers) => {
      const data = join(folder, `data-${workers}`)
      // Enough for a snapshot, so that the bundled snapshot thread runs.
      const lines = Array.from({ length: 6000 }, (_, i) =>
        JSON.stringify({ resource_type: 'images', resource_id: `id-${i}`, tags: [{ key: 'k', value: `v${i % 3}` }] }),
      )
      await writeFile(join(folder, 'images.ndjson'), `${lines.join('\n')}\n`)
      const serve = async () => {
        const service = await startServiceProcess(data, PASSWORD, ['--workers', String(workers)], [tagwerk])
        onTestFinished(() => void service.child.kill('SIGKILL'))
        return service
      }
      const call = async (url: string, ...args: string[]) =>
        (await run(tagwerk, args, { env: { ...env, TAGWERK_ENDPOINT: url, TAGWERK_PASSWORD: PASSWORD } })).stdout
      const first = await serve()
      await call(first.url, 'import', join(folder, 'images.ndjson'), '--project', 'default')
      const total = async (url: string) =>
        (JSON.parse(await call(url, 'query', '--tag', 'k=v1', '--limit', '1', '--json')) as { total_count: number })
          .total_count
      expect(await total(first.url)).toBe(2000)
      expect(await first.stop()).toBe(0)
      const second = await serve()
      expect(await total(second.url)).toBe(2000)
      expect(await second.stop()).toBe(0)
    },
  )
})
