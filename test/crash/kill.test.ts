import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ofProject } from '../conformance/locations.ts'
import { runLength } from '../support/effort.ts'
import { startServiceProcess } from '../support/process.ts'
import { Random } from '../support/random.ts'

// Kills the service during concurrent writes, repeatedly on one data folder. After each restart every acknowledged
// write must be stored, a write in flight may be stored completely or not at all, and the index must agree with the
// store. A killed folder without its write-ahead log is refused, and after an orderly stop no log is needed.

const KILLS = runLength(5, 12)
const WRITERS = 12
const KEYS = ['a', 'b', 'c']
const PASSWORD = 'kept over every crash'

type Tag = { readonly key: string; readonly value: string }

/** The writes of one writer to its image: those acknowledged, and the one in flight. */
class Ledger {
  readonly acknowledged = new Map<string, string>()
  inFlight: Tag | undefined
  sent = 0
}

it(`every acknowledged write survives ${KILLS} kills of the service`, { timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tagwerk-crash-'))
  const random = new Random(7)
  const ledgers = Array.from({ length: WRITERS }, () => new Ledger())
  let acknowledgedRevision = 0
  let acknowledgedWrites = 0
  let interrupted = 0
  try {
    for (let kill = 0; kill <= KILLS; kill++) {
      const service = await startServiceProcess(folder, PASSWORD)
      const client = await connect(service.url)
      if (kill === 0) await client.register(ledgers.map((_, i) => imageOf(i)))
      const revision = await verify(client, ledgers)
      expect(revision).toBeGreaterThanOrEqual(acknowledgedRevision)
      acknowledgedRevision = revision
      if (kill === KILLS) {
        expect(await service.stop()).toBe(0)
        await expectWholeStore(folder, client.project, acknowledgedRevision)
        break
      }
      const sent = () => ledgers.reduce((sum, ledger) => sum + ledger.sent, 0)
      const before = sent()
      // Before the last kill the marker, which is at most a quarter of a second old, has counted writes.
      const delayMs = (kill === KILLS - 1 ? 800 : 20) + random.below(150)
      const killed = (async () => {
        await pause(delayMs)
        // Waits for a number of writes, so that a slow machine gets as far as a fast one.
        while (sent() < before + 3 * WRITERS) await pause(5)
        await service.kill()
      })()
      const results = await Promise.all(ledgers.map((ledger, i) => writeUntilKilled(client, ledger, i)))
      await killed
      await service.kill()
      if (kill === KILLS - 1) await expectRefusedWithoutLog(folder)
      acknowledgedWrites += results.reduce((sum, { count }) => sum + count, 0)
      interrupted += ledgers.filter(({ inFlight }) => inFlight !== undefined).length
      acknowledgedRevision = Math.max(acknowledgedRevision, ...results.map((result) => result.revision))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  // The run counts only if writes were acknowledged and writes were interrupted.
  expect(acknowledgedWrites).toBeGreaterThan(KILLS * WRITERS)
  expect(interrupted).toBeGreaterThan(KILLS)
  console.log(`crash: ${KILLS} kills, ${acknowledgedWrites} acknowledged writes, ${interrupted} interrupted, none lost`)
})

/** A copy of a killed folder that lacks the write-ahead log is refused: the writes in it were acknowledged. */
async function expectRefusedWithoutLog(folder: string): Promise<void> {
  const copy = `${folder}-copy`
  await cp(folder, copy, { recursive: true })
  try {
    await rm(join(copy, 'tagwerk.sqlite-wal'))
    await expect(startServiceProcess(copy, PASSWORD)).rejects.toThrow('acknowledged writes are missing')
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

/** After an orderly stop the database file alone is the whole store. */
async function expectWholeStore(folder: string, project: string, revision: number): Promise<void> {
  const db = new DatabaseSync(`file:${join(folder, 'tagwerk.sqlite')}?immutable=1`, { readOnly: true })
  const row = db.prepare(`SELECT MAX(revision) AS revision FROM change_log WHERE ${ofProject(project)}`).get()
  db.close()
  expect(row).toEqual({ revision })
}

function imageOf(writer: number): string {
  return `image-${writer}`
}

/** Sets tags on the writer's own image one after the other until the service is killed. */
async function writeUntilKilled(
  client: Client,
  ledger: Ledger,
  writer: number,
): Promise<{ count: number; revision: number }> {
  let revision = 0
  for (let count = 0; ; count++) {
    const tag = { key: KEYS[ledger.sent % KEYS.length] as string, value: `v${ledger.sent}` }
    ledger.sent++
    ledger.inFlight = tag
    const answer = await client
      .ask('POST', `/v2/${client.project}/images/${imageOf(writer)}/tags`, { tag })
      .catch(() => undefined)
    if (answer === undefined) return { count, revision }
    expect(answer.status).toBe(204)
    ledger.acknowledged.set(tag.key, tag.value)
    ledger.inFlight = undefined
    revision = Number(answer.headers.get('x-tagwerk-revision'))
  }
}

/** Compares each image with its ledger, and the index with the store. Returns the project's revision. */
async function verify(client: Client, ledgers: readonly Ledger[]): Promise<number> {
  const path = `/v2/${client.project}/images/resource_instances/action`
  const answer = await client.ask('POST', path, { action: 'filter', limit: '1000' })
  const { total_count, resources } = (await answer.json()) as {
    total_count: number
    resources: { resource_id: string; tags: Tag[] }[]
  }
  expect(total_count).toBe(ledgers.length)
  for (const [i, ledger] of ledgers.entries()) {
    const { tags = [] } = resources.find(({ resource_id }) => resource_id === imageOf(i)) ?? {}
    const found = new Map(tags.map(({ key, value }) => [key, value]))
    const { inFlight } = ledger
    if (inFlight !== undefined && found.get(inFlight.key) === inFlight.value) {
      ledger.acknowledged.set(inFlight.key, inFlight.value)
    }
    ledger.inFlight = undefined
    expect(found, imageOf(i)).toEqual(ledger.acknowledged)
  }
  // An export reads the store, not the index.
  const lines = (await (await client.ask('GET', '/tagwerk/v1/export')).text()).trim().split('\n')
  const stored = lines.map((line) => JSON.parse(line)).map(({ resource_id, tags }) => ({ resource_id, tags }))
  expect(stored).toEqual(resources.map(({ resource_id, tags }) => ({ resource_id, tags })))
  for (const key of KEYS) {
    const count = await client.ask('POST', path, { action: 'count', tags: [{ key, values: [] }] })
    const expected = stored.filter(({ tags }) => tags.some((tag: Tag) => tag.key === key)).length
    expect(await count.json()).toEqual({ total_count: expected })
  }
  return Number(answer.headers.get('x-tagwerk-revision'))
}

type Client = {
  readonly project: string
  ask(method: string, path: string, body?: unknown): Promise<Response>
  register(ids: readonly string[]): Promise<void>
}

async function connect(url: string): Promise<Client> {
  const user = { name: 'admin', password: PASSWORD, domain: { name: 'default' } }
  const scope = { project: { name: 'default' } }
  const login = await fetch(`${url}/v3/auth/tokens?nocatalog=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
  })
  const token = login.headers.get('x-subject-token') as string
  const { token: shown } = (await login.json()) as { token: { project: { id: string } } }
  const send = (method: string, path: string, body?: string) =>
    fetch(url + path, {
      method,
      headers: { 'x-auth-token': token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body ?? null,
    })
  return {
    project: shown.project.id,
    ask: (method, path, body) => send(method, path, body === undefined ? undefined : JSON.stringify(body)),
    register: async (ids) => {
      const lines = ids.map((id) => JSON.stringify({ resource_type: 'images', resource_id: id })).join('\n')
      expect((await send('POST', '/tagwerk/v1/import', lines)).status).toBe(200)
    },
  }
}
