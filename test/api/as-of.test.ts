import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StoreLocation } from '../../src/store/location.ts'
import { openStore } from '../../src/store/open.ts'
import { run } from '../cli/run.ts'
import { runLength } from '../support/effort.ts'
import { createDatabase, postgresOptions, type TestDatabase } from '../support/postgres.ts'
import { Random } from '../support/random.ts'
import { callSample, SAMPLES } from '../support/samples/all.ts'
import { OPERATIONS } from '../support/samples/operations.ts'
import { makeWorld, type World } from '../support/samples/sample.ts'
import { type Answer, startTestService, type TestService } from '../support/service.ts'
import { image, instance, newImageId, newInstanceId, startWithUsers } from './fixtures.ts'

// Reads of all APIs as of an earlier moment: the header X-Tagwerk-As-Of, and `as_of` in calls of our own.

/** So many resources have snapshots, and so checkpoints. */
const SIZE = 5000
const ROUNDS = runLength(4, 8)
const SEED = 20_261_129

type Call = { readonly method: string; readonly path: string; readonly body?: unknown; readonly isOfDomain?: true }

/** The answer of a call, and what it was as of. */
type Recorded = { readonly call: Call; readonly revision: string; readonly time: string; readonly text: string }

const idOf = (i: number) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`
const instanceOf = (i: number) => `${String(i).padStart(32, '0')}in07`
const VALUES = ['a', 'b', 'c', 'd']

/** A call that a busy machine delays is late and not refused, because a refusal would be taken for the answer. */
const PATIENT = { 'handler-timeout-seconds': '120' }

/** Calls of every API on a project. */
function callsOn(project: string, random: Random): readonly Call[] {
  const tags = [{ key: 'env', values: random.some(VALUES, 0.5) }]
  const not_tags = [{ key: 'rest', values: [random.pick(VALUES)] }]
  const id = idOf(random.below(40))
  const query = { tags, not_tags_any: not_tags, limit: 20, offset: random.below(10) }
  const domain = { isOfDomain: true } as const
  const action = `/v2/${project}/images/resource_instances/action`
  return [
    { method: 'POST', path: action, body: { action: 'filter', tags, limit: '30', offset: '2' } },
    { method: 'POST', path: action, body: { action: 'count', not_tags } },
    { method: 'POST', path: action, body: { action: 'filter', matches: [{ key: 'resource_name', value: '7' }] } },
    { method: 'GET', path: `/v2/${project}/images/tags` },
    { method: 'GET', path: `/v2/${project}/images/${id}/tags` },
    { method: 'GET', path: `/v3/${project}/instances?limit=5` },
    { method: 'GET', path: `/v3/${project}/instances?limit=5&name=1` },
    { method: 'GET', path: `/v3/${project}/instances/${instanceOf(random.below(10))}/tags` },
    { method: 'GET', path: `/v3/${project}/tags` },
    {
      ...{ method: 'POST', path: '/v1.0/resource-instances/filter', ...domain },
      body: { project_id: project, resource_types: ['images', 'instances', 'ecs'], tags, limit: 20 },
    },
    { method: 'GET', path: `/v1.0/tags?project_id=${project}&resource_types=ecs,images&tag_types=resource`, ...domain },
    { method: 'GET', path: `/v2.0/resources/${id}/tags?project_id=${project}&resource_type=images`, ...domain },
    { method: 'POST', path: `/v1/${project}/cloudservers/resource_instances/action`, body: { action: 'count', tags } },
    {
      ...{ method: 'POST', path: `/v1/${project}/cloudservers/resource_instances/action` },
      body: { action: 'filter', limit: '10', offset: '0', tags },
    },
    { method: 'GET', path: `/v1/${project}/cloudservers/tags` },
    { method: 'POST', path: `/tagwerk/v1/${project}/resources/query`, body: query },
    { method: 'POST', path: `/tagwerk/v1/${project}/resources/query`, body: { resource_types: ['ecs'], limit: 50 } },
    { method: 'GET', path: `/tagwerk/v1/${project}/resources/images/${id}` },
    {
      ...{ method: 'POST', path: `/tagwerk/v1/${project}/resources/search` },
      body: { filter: 'tags.env != "a"', limit: 20, facets: [{ key: 'rest' }, { keys: true }], explain: true },
    },
    { method: 'GET', path: `/tagwerk/v1/${project}/resources?limit=30&type=ecs` },
    { method: 'GET', path: `/tagwerk/v1/${project}/resources/ecs/${id}/explain?filter=tags.env%3D%3D%22b%22` },
    { method: 'GET', path: `/tagwerk/v1/${project}/near-duplicates` },
    { method: 'GET', path: `/tagwerk/v1/${project}/tag-keys?limit=50` },
    { method: 'GET', path: `/tagwerk/v1/${project}/tag-values?key=env` },
    { method: 'GET', path: '/tagwerk/v1/export?resource_type=instances&project=default' },
    { method: 'POST', path: '/tagwerk/v1/export', body: { resource_types: ['ecs', 'images'], tags } },
  ]
}

/** Calls that read all projects of the domain. */
const DOMAIN_CALLS: readonly Call[] = [
  { method: 'GET', path: '/v1.0/tag-keys', isOfDomain: true },
  { method: 'GET', path: '/v1.0/tag-values?key=env', isOfDomain: true },
  { method: 'POST', path: '/tagwerk/v1/domain/resources/query', body: { limit: 30 }, isOfDomain: true },
  {
    ...{ method: 'POST', path: '/tagwerk/v1/domain/resources/search', isOfDomain: true },
    body: { filter: 'tags.env != "a"', limit: 20, facets: [{ key: 'rest' }, { keys: true }], explain: true },
  },
  { method: 'GET', path: '/tagwerk/v1/domain/tag-keys', isOfDomain: true },
  { method: 'GET', path: '/tagwerk/v1/domain/tag-values?key=env', isOfDomain: true },
  { method: 'GET', path: '/tagwerk/v1/export?resource_type=instances', isOfDomain: true },
]

describe.each(['SQLite', 'PostgreSQL'])('answers that were recorded during a history, with %s', (engine) => {
  let folder: string
  let database: TestDatabase | undefined
  let service: TestService
  let domainToken: string
  const random = new Random(SEED)
  const other = engine === 'SQLite' ? 'PostgreSQL' : 'SQLite'

  const flagsOf = (url: string | undefined, snapshots: string) =>
    url === undefined ? PATIENT : { ...PATIENT, store: url, migrate: 'on', 'snapshot-folder': join(folder, snapshots) }
  const start = async (data: string, url: string | undefined) => {
    const flags = { ...flagsOf(url, `${data}-snapshots`), 'index-memory-mib': '16' }
    service = await startTestService({ folder: join(folder, data), flags })
    domainToken = await service.tokenFor(undefined)
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagwerk-as-of-'))
    database = await createDatabase()
  })
  afterEach(() => service.stop())
  afterAll(async () => {
    await database?.drop()
    await rm(folder, { recursive: true, force: true })
  })

  const ask = ({ method, path, body, isOfDomain }: Call, headers: Record<string, string> = {}) =>
    service.call(method, path, {
      ...(body !== undefined && { body }),
      headers,
      ...(isOfDomain && { token: domainToken }),
    })

  const present = async () => (await service.call('GET', `/tagwerk/v1/${service.project}/tag-keys?limit=1`)).headers

  async function record(calls: readonly Call[]): Promise<readonly Recorded[]> {
    const revision = (await present()).get('x-tagwerk-revision') as string
    await sleep(2)
    const time = new Date().toISOString()
    const recorded: Recorded[] = []
    for (const call of calls) recorded.push({ call, revision, time, text: textOf(await ask(call)) })
    await sleep(2)
    return recorded
  }

  async function change(): Promise<void> {
    const { project } = service
    const lines = random.some(
      Array.from({ length: 40 }, (_, i) => i),
      0.3,
    )
    const tags = () => [`env=${random.pick(VALUES)}`, `rest=${random.pick(VALUES)}`].slice(random.below(3))
    await service.register(
      ...lines.map((i) => image(idOf(i), ...tags())),
      ...lines.slice(0, 10).map((i) => ({ ...image(idOf(i), ...tags()), resource_type: 'ecs' })),
      ...lines.filter((i) => i < 10).map((i) => instance(instanceOf(i), ...tags())),
      { ...image(idOf(0), ...tags()), project: 'second' },
    )
    for (const i of lines.slice(0, 4)) {
      const type = random.pick(['images', 'ecs'])
      await service.call('DELETE', `/tagwerk/v1/${project}/resources/${type}/${idOf(random.below(40))}`)
      const body = { action: 'create', tags: [{ key: `k${i}`, value: random.pick(VALUES) }] }
      await service.call('POST', `/tagwerk/v1/${project}/resources/images/${idOf(i)}/tags`, { body })
    }
  }

  const pastOf = (every: readonly Recorded[]) => random.some(every, 1)

  async function expectSame(every: readonly Recorded[]): Promise<void> {
    for (const { call, revision, time, text } of pastOf(every)) {
      const isOfAll = DOMAIN_CALLS.includes(call)
      const asOf = isOfAll || random.chance(0.3) ? time : revision
      const answer = await ask(call, { 'X-Tagwerk-As-Of': asOf })
      expect(textOf(answer), `${call.method} ${call.path} as of ${asOf}`).toBe(text)
      const shown = answer.headers.get('x-tagwerk-revision')
      if (shown !== null) expect(shown).toBe(revision)
    }
  }

  /** Forgets the history before a time, as the retention of a service does. The service must not run. */
  async function forgetBefore(location: StoreLocation, time: string): Promise<number> {
    const nothing = () => undefined
    const events = { onFailure: nothing, onWarning: nothing, onUnreachable: nothing, onReachable: nothing }
    const store = await openStore(location, events)
    try {
      while ((await store.forgetHistory(service.project, Date.parse(time), 500)).changes > 0);
      return (await store.getHistoryState(service.project)).horizon
    } finally {
      await store.close()
    }
  }

  async function expectGone(every: readonly Recorded[], horizon: number): Promise<void> {
    for (const { call, revision } of every) {
      const answer = await ask(call, { 'X-Tagwerk-As-Of': revision })
      expect(answer.status, `${call.method} ${call.path} as of ${revision}`).toBe(410)
      if (call.path.startsWith('/tagwerk/')) expect(answer.body).toMatchObject({ error_code: 'revision-gone', horizon })
    }
  }

  it('are the same again later, after restarts, with less history, and on the other engine after a copy', {
    timeout: 300_000,
  }, async () => {
    const url = engine === 'PostgreSQL' ? database?.url : undefined
    await start('first', url)
    await service.register(...Array.from({ length: SIZE }, (_, i) => image(idOf(i + 1000), `env=${VALUES[i % 4]}`)))
    const recorded: Recorded[] = []
    for (let round = 0; round < ROUNDS; round++) {
      await change()
      recorded.push(...(await record([...random.some(callsOn(service.project, random), 0.7), ...DOMAIN_CALLS])))
      if (round % 3 === 0) {
        await service.stop()
        await start('first', url)
      }
    }
    await change()
    await expectSame(recorded)
    await service.stop()
    const kept = await readdir(join(folder, url === undefined ? 'first/snapshots' : 'first-snapshots'))
    expect(kept.some((name) => name.endsWith('.kept'))).toBe(true)
    const { time } = recorded[Math.floor(recorded.length / 3)] as Recorded
    const postgresAt = (at: string) =>
      ({ engine: 'postgres', shownUrl: '', migrates: false, ...postgresOptions(at) }) as const
    const location: StoreLocation =
      url === undefined ? ({ engine: 'sqlite', folder: join(folder, 'first') } as const) : postgresAt(url)
    const horizon = await forgetBefore(location, time)
    expect(horizon).toBeGreaterThan(SIZE)
    const [gone, left] = [
      recorded.filter(({ revision }) => Number(revision) < horizon),
      recorded.filter(({ revision }) => Number(revision) >= horizon),
    ]
    await start('first', url)
    await expectSame(left)
    await expectGone(
      gone.filter(({ call }) => !DOMAIN_CALLS.includes(call)),
      horizon,
    )
    await service.stop()
    const second = other === 'PostgreSQL' ? database?.url : undefined
    const from = url ?? join(folder, 'first')
    const copied = await run(['copy', '--from', from, '--to', second ?? join(folder, 'second')])
    expect([copied.code, copied.stderr]).toEqual([0, expect.any(String)])
    await start('second', second)
    await expectSame(left)
  })
})

function textOf({ status, text }: Answer): string {
  // Not an answer about the tags of any moment.
  if (status === 429 || status >= 500) throw new Error(`refused with ${status}: ${text}`)
  // Other errors name their request.
  return status === 200 ? text : String(status)
}

describe('a moment', () => {
  let service: TestService
  const id = newImageId()
  let project: string

  beforeAll(async () => {
    service = await startWithUsers()
    project = service.project
    for (const value of ['1', '2', '3']) {
      await service.register(image(id, `n=${value}`))
      await sleep(5)
    }
  })
  afterAll(() => service.stop())

  const query = (asOf: unknown) =>
    service.call('POST', `/tagwerk/v1/${project}/resources/query`, { body: { as_of: asOf } })
  const valueIn = ({ body }: Answer) => body.resources[0].tags[0].value

  it('is a revision, as a number or in digits, or a time', async () => {
    const third = await query(3)
    expect([valueIn(third), third.headers.get('x-tagwerk-revision')]).toEqual(['3', '3'])
    expect(valueIn(await query('2'))).toBe('2')
    const { body } = await service.call('GET', `/tagwerk/v1/${project}/resources/images/${id}?as_of=1`)
    expect(body.tags).toEqual([{ key: 'n', value: '1' }])
    expect(valueIn(await query(body.updated_at))).toBe('1')
    expect(valueIn(await query(new Date(Date.parse(body.updated_at) + 1).toISOString()))).toBe('1')
  })

  it('revision 0 is before the first write, and so is a time before it', async () => {
    for (const asOf of [0, '1999-12-31T23:59:59Z']) {
      const answer = await query(asOf)
      expect([answer.body.total_count, answer.headers.get('x-tagwerk-revision')]).toEqual([0, '0'])
    }
  })

  it('a time to come is the present', async () => {
    expect((await query('2999-01-01T00:00:00Z')).headers.get('x-tagwerk-revision')).toBe('3')
  })

  it('a revision above the present is refused in the format of each API', async () => {
    const header = { 'X-Tagwerk-As-Of': '4' }
    const own = await query(4)
    expect([own.status, own.body.error_code]).toEqual([400, 'revision-unknown'])
    expect(own.body.error_msg).toContain('as_of: must not be above 3 (got 4).')
    const images = await service.call('GET', `/v2/${project}/images/tags`, { headers: header })
    expect([images.status, images.body.error.message]).toEqual([400, expect.stringContaining('X-Tagwerk-As-Of')])
    const databases = await service.call('GET', `/v3/${project}/tags`, { headers: header })
    expect([databases.status, databases.text]).toEqual([400, expect.stringContaining('X-Tagwerk-As-Of')])
    const servers = await service.call('GET', `/v1/${project}/cloudservers/tags`, { headers: header })
    expect([servers.status, servers.text]).toEqual([400, expect.stringContaining('X-Tagwerk-As-Of')])
  })

  it.each(['', 'yesterday', '-1', '1.5', '2026-02-30T00:00:00Z', '99999999999999999999', '1, 2'])(
    'a value that is none is refused by name: %j',
    async (value) => {
      const { status, body } = await service.call('GET', `/tagwerk/v1/${project}/tag-keys`, {
        headers: { 'X-Tagwerk-As-Of': value },
      })
      expect([status, body.error_code]).toEqual([400, 'request-invalid'])
      expect(body.error_msg).toContain('X-Tagwerk-As-Of: must be a revision, or a time such as')
    },
  )

  it('the header and the parameter exclude each other', async () => {
    const headers = { 'X-Tagwerk-As-Of': '1' }
    const answer = await service.call('GET', `/tagwerk/v1/${project}/tag-keys?as_of=1`, { headers })
    expect([answer.status, answer.body.error_msg]).toEqual([
      400,
      expect.stringContaining('X-Tagwerk-As-Of: must be left out where as_of is given'),
    ])
  })

  it('a call over several projects takes a time and no revision', async () => {
    const token = await service.tokenFor(undefined)
    const path = '/tagwerk/v1/domain/tag-keys?as_of='
    expect((await service.call('GET', `${path}2999-01-01T00:00:00Z`, { token })).status).toBe(200)
    const refused = await service.call('GET', `${path}1`, { token })
    expect([refused.status, refused.body.error_msg]).toEqual([
      400,
      expect.stringContaining('a revision is of one project'),
    ])
    const exported = await service.call('GET', '/tagwerk/v1/export?as_of=1', { token })
    expect([exported.status, exported.body.error_msg]).toEqual([400, expect.stringContaining('reads several projects')])
  })

  it('a resource that was not there then is not found, with the revision of then', async () => {
    const later = newInstanceId()
    await service.register(instance(later))
    const path = `/v3/${project}/instances/${later}/tags`
    const then = await service.call('GET', path, { headers: { 'X-Tagwerk-As-Of': '3' } })
    expect([then.status, then.headers.get('x-tagwerk-revision')]).toEqual([404, '3'])
    expect((await service.call('GET', path)).status).toBe(200)
  })

  it('an image that another project shares has no tags of an earlier moment', async () => {
    const path = `/v2/images/${id}?owner=${'0'.repeat(32)}`
    const { status, text } = await service.call('GET', path, { headers: { 'X-Tagwerk-As-Of': '1' } })
    expect([status, text]).toEqual([400, expect.stringContaining('shares of images have no history')])
  })
})

describe('every call', () => {
  let service: TestService
  let world: World
  beforeAll(async () => {
    service = await startWithUsers()
    world = await makeWorld(service)
  })
  afterAll(() => service.stop())

  async function callAsOf(name: string, asOf: string): Promise<Answer> {
    const { route } = OPERATIONS.get(name)!
    const filled = await SAMPLES[name]!.fill(world)
    const isOfProject = route.access === 'project' || route.access === 'scoped'
    const token = filled.token ?? (isOfProject ? service.token : world.domainToken)
    const headers = { ...filled.headers, 'X-Tagwerk-As-Of': asOf }
    return callSample(name, world, { ...filled, headers }, token)
  }

  const FUTURE = '2999-01-01T00:00:00Z'
  const names = [...OPERATIONS.keys()]
  const past = names.filter((name) => OPERATIONS.get(name)?.route.asOf !== undefined)
  const others = names.filter((name) => !past.includes(name))

  it.each(past)('answers as of a moment if it reads tags: %s', async (name) => {
    expect((await callAsOf(name, FUTURE)).status).toBe(200)
    expect((await callAsOf(name, 'yesterday')).status).toBe(400)
  })

  it.each(others)('refuses the header if it is about the present only: %s', async (name) => {
    const { status, text } = await callAsOf(name, FUTURE)
    const isHead = name.startsWith('HEAD ')
    expect([status, text]).toEqual([400, isHead ? '' : expect.stringContaining('X-Tagwerk-As-Of')])
  })
})
