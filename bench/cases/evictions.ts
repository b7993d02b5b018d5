import { createWriteStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPostgresServer } from '../../test/support/postgres-server.ts'
import { type Case, type CaseContext, checkSame } from '../case.ts'
import { importLine } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { type Figure, significant } from '../report/figure.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { emptyFolder } from '../service/data-folders.ts'
import { runImport } from '../service/import-run.ts'
import { ADMIN_PASSWORD, ServiceProcess } from '../service/service-process.ts'

const PROJECTS = ['one', 'two'] as const
const SMALL = { name: 'small', size: 100_000 } as const
/** Index bytes per image, rounded up. The limit has space for one of two projects, not for both. */
const BYTES_PER_IMAGE = 260

type Node = {
  readonly name: string
  readonly service: ServiceProcess
  readonly tokens: ReadonlyMap<string, Token>
  /** Folder of index snapshots. Undefined: none. */
  readonly snapshots: string | undefined
}
type Token = { readonly token: string; readonly id: string }

/** What do evictions cost in time and memory, when two nodes can hold one of two projects and read both alternately? */
export const evictionsCase: Case = {
  name: 'evictions',
  about: 'two nodes over one PostgreSQL with memory for one of two projects: cold reads and memory',
  run: async (context) => {
    const each = Math.floor(context.size / PROJECTS.length)
    const sizes = new Map<string, number>([
      ...PROJECTS.map((name) => [name, each] as const),
      [SMALL.name, Math.min(SMALL.size, each)],
    ])
    const temporary = await emptyFolder(context)
    const postgres = await createPostgresServer({ fsync: 'on', shared_buffers: '512MB' })
    const nodes: Node[] = []
    try {
      const limitMiB = String(Math.ceil((each * BYTES_PER_IMAGE * 1.4) / 2 ** 20))
      const flags = ['--store', postgres.url, '--migrate', 'on', '--index-memory-mib', limitMiB]
      const start = (...more: string[]) =>
        ServiceProcess.start({ folder: temporary.folder, flags: [...flags, ...more], isPinned: false })
      const first = await start()
      for (const [name, size] of sizes) {
        context.say(`importing ${size} images into project ${name}`)
        await runImport(first, await projectFile(temporary.folder, name, size))
      }
      await first.stop()
      for (const snapshots of [undefined, join(temporary.folder, 'snapshots-of-2')]) {
        const service = await start(...(snapshots === undefined ? [] : ['--snapshot-folder', snapshots]))
        const name = snapshots === undefined ? 'node 1, without snapshots' : 'node 2, with snapshots'
        nodes.push({ name, snapshots, service, tokens: await tokensOf(service, [...sizes.keys()]) })
      }
      return { figures: await cycles(context, nodes, sizes, limitMiB) }
    } finally {
      for (const { service } of nodes) await service.stop()
      await postgres.dispose()
      await temporary.remove()
    }
  },
}

async function projectFile(folder: string, project: string, size: number): Promise<string> {
  const dataset = new GeneratedDataset(size)
  const file = join(folder, `${project}.ndjson`)
  const lines = function* () {
    for (let i = 0; i < size; i++)
      yield importLine(dataset.at(i)).replace('"project":"default"', `"project":"${project}"`)
  }
  await pipeline(Readable.from(lines()), createWriteStream(file))
  return file
}

async function tokensOf({ url }: ServiceProcess, projects: readonly string[]): Promise<Map<string, Token>> {
  const tokens = new Map<string, Token>()
  for (const name of projects) {
    const domain = { name: 'default' }
    const password = { user: { name: 'admin', password: ADMIN_PASSWORD, domain } }
    const body = JSON.stringify({
      auth: { identity: { methods: ['password'], password }, scope: { project: { name, domain } } },
    })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/v3/auth/tokens?nocatalog=1`, { method: 'POST', headers, body })
    const { token } = (await answer.json()) as { token: { project: { id: string } } }
    tokens.set(name, { token: answer.headers.get('x-subject-token') as string, id: token.project.id })
  }
  return tokens
}

/** Counts the images of a project. Returns the milliseconds that it took. */
async function ask({ service, tokens }: Node, project: string, expected: number): Promise<number> {
  const { token, id } = tokens.get(project) as Token
  const headers = { 'x-auth-token': token, 'content-type': 'application/json' }
  const startMs = performance.now()
  const answer = await fetch(`${service.url}/v2/${id}/images/resource_instances/action`, {
    method: 'POST',
    headers,
    body: '{"action":"count"}',
  })
  const { total_count: total } = (await answer.json()) as { total_count: number }
  const tookMs = performance.now() - startMs
  checkSame(`images of project ${project}`, expected, total)
  return tookMs
}

async function rssMiB({ service }: Node): Promise<number> {
  const status = await readFile(`/proc/${service.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}

/** Waits until the background snapshots of the large projects are written. */
async function waitForSnapshots({ snapshots }: Node): Promise<void> {
  if (snapshots === undefined) return
  for (let waits = 0; waits < 600; waits++) {
    const written = (await readdir(snapshots).catch(() => [])).filter((name) => name.endsWith('.snapshot'))
    if (written.length >= PROJECTS.length) return
    await sleep(200)
  }
  throw new Error('no snapshots of the evicted indexes were written')
}

async function cycles(
  context: CaseContext,
  nodes: readonly Node[],
  sizes: ReadonlyMap<string, number>,
  limitMiB: string,
): Promise<Figure[]> {
  const all = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const warm: number[] = []
  const figures: Figure[] = []
  for (const node of nodes) {
    const cold = new Map<string, number[]>()
    const note = (what: string, tookMs: number) => cold.set(what, [...(cold.get(what) ?? []), tookMs])
    const rss = [await rssMiB(node)]
    for (let round = 0; round < (context.isQuick ? 1 : 4); round++) {
      for (const [name, size] of sizes) {
        // A large project has evicted the previous one. The small project is loaded in the first round only.
        const tookMs = await ask(node, name, size)
        const isFirst = round === 0
        if (name !== SMALL.name) note(isFirst ? 'first read of a large project' : 'read after eviction', tookMs)
        else if (isFirst) note('first read of a small project', tookMs)
        warm.push(await ask(node, name, size))
        rss.push(await rssMiB(node))
      }
      if (round === 0 && !context.isQuick) await waitForSnapshots(node)
    }
    context.say(`${node.name}: ${rss.map(significant).join(', ')} MiB`)
    for (const [what, tookMs] of cold) {
      const size = what.includes('small') ? SMALL.size : (sizes.get(PROJECTS[0]) as number)
      figures.push({
        what: `${what}, ${node.name}`,
        size: Math.min(size, all),
        value: median(tookMs),
        spread: spreadOf(tookMs),
        measured: `${significant(median(tookMs))} ms`,
      })
    }
    figures.push({
      what: `resident memory, limit of ${limitMiB} MiB for indexes, ${node.name}`,
      size: all,
      value: Math.max(...rss),
      spread: spreadOf(rss),
      measured: `${rss.map(significant).join(', ')} MiB, at the start and after each project`,
    })
  }
  const inMemory = { what: 'read of an index in memory', size: all, value: median(warm), spread: spreadOf(warm) }
  return [...figures, { ...inMemory, measured: `${significant(median(warm))} ms` }]
}
