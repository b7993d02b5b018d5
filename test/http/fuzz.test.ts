import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'

// Thousands of random requests from a fixed seed. For any input: no 5xx, a JSON answer with a request id, and a service that
// stays alive.

const SEED = 20_261_121
const RUNS = 2000
const CONCURRENT = 25

const IMAGE = newImageId()
let service: TestService
beforeAll(async () => {
  service = await startTestService()
  await service.register(image(IMAGE, 'a=1'), instance(newInstanceId(), 'a=1'))
})
afterAll(() => service.stop())

const WORDS = [
  'tag',
  'tags',
  'tags_any',
  'not_tags',
  'not_tags_any',
  'without_any_tag',
  'matches',
  'action',
  'filter',
  'count',
  'limit',
  'offset',
  'key',
  'value',
  'values',
  'resource_name',
  'resource_id',
  'auth',
  'identity',
  'methods',
  'password',
  'user',
  'name',
  'domain',
  'id',
  'scope',
  'project',
  'default',
  'admin',
  'resource_type',
  'images',
  'instances',
  'resource_detail',
  'status',
  '__proto__',
  'constructor',
  'toString',
  'length',
  '',
  ' ',
  'a',
  '1',
  '0',
  '-1',
  '\u0000',
  '\ud800',
  '😀',
  '键',
  'null',
  '*',
  '%',
] as const

const word = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.string({ unit: 'binary', maxLength: 5 }),
)
const leaf = fc.oneof(
  word,
  fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 10, 1001, 1.5, 1e300, Number.MAX_SAFE_INTEGER),
  fc.double(),
)

/** Arbitrary JSON of the words that occur in requests. */
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: false },
    leaf,
    fc.array(tie('value'), { maxLength: 12 }),
    fc.array(fc.tuple(word, tie('value')), { maxLength: 8 }).map((entries) => asObject(entries)),
  ),
})).value

/** Builds an object without a prototype, so that `__proto__` is an ordinary member as in JSON text. */
function asObject(entries: readonly (readonly [string, unknown])[]): unknown {
  const made = Object.create(null) as Record<string, unknown>
  for (const [name, value] of entries) made[name] = value
  return made
}

const plain = fc.constantFrom('a', 'b', '1', '', '键', '__proto__', 'constructor', 'x'.repeat(40))
const filter = fc.record({ key: plain.filter((key) => key !== ''), values: fc.uniqueArray(plain, { maxLength: 3 }) })
const badFilter = fc.record(
  { key: fc.oneof(word, anything), values: fc.oneof(fc.array(word, { maxLength: 12 }), anything) },
  { requiredKeys: [] },
)
const list = fc.oneof(
  { weight: 6, arbitrary: fc.array(filter, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(badFilter, { maxLength: 12 }) },
  { weight: 1, arbitrary: anything },
)
const number = fc.oneof({ weight: 4, arbitrary: fc.constantFrom<unknown>('1', '10', '007', '1000', 5) }, leaf)
const match = fc.record({
  key: fc.constantFrom('resource_name', 'resource_id', 'resource_name', 'x'),
  value: fc.oneof(word, leaf),
})
const query = fc.record(
  {
    action: fc.oneof({ weight: 8, arbitrary: fc.constantFrom('filter', 'count') }, leaf),
    tags: list,
    tags_any: list,
    not_tags: list,
    not_tags_any: list,
    without_any_tag: fc.oneof({ weight: 6, arbitrary: fc.boolean() }, leaf),
    matches: fc.oneof({ weight: 4, arbitrary: fc.array(match, { minLength: 1, maxLength: 2 }) }, anything),
    limit: number,
    offset: number,
  },
  { requiredKeys: ['action'] },
)
const tag = fc.record({
  tag: fc.oneof(fc.record({ key: fc.oneof(word, leaf), value: fc.oneof(word, leaf) }, { requiredKeys: [] }), anything),
})
const user = fc.record({ name: word, id: word, password: fc.oneof(word, leaf), domain: anything }, { requiredKeys: [] })
const login = fc.record({
  auth: fc.record(
    {
      identity: fc.oneof(
        fc.record({ methods: fc.constantFrom(['password'], ['token'], []), password: fc.record({ user }) }),
        anything,
      ),
      scope: anything,
    },
    { requiredKeys: ['identity'] },
  ),
})
const line = fc.record(
  {
    resource_type: fc.oneof(fc.constantFrom('images', 'instances'), leaf),
    resource_id: word,
    resource_name: leaf,
    project: leaf,
    resource_detail: anything,
    tags: fc.oneof(fc.array(fc.record({ key: word, value: word })), anything),
  },
  { requiredKeys: [] },
)

/** JSON text, sometimes truncated, with a changed byte, or with a duplicated tail. */
function asText(value: fc.Arbitrary<unknown>): fc.Arbitrary<Uint8Array> {
  const whole = value.map((made) => Buffer.from(JSON.stringify(made) ?? ''))
  const damage = fc.tuple(fc.constantFrom('keep', 'keep', 'keep', 'cut', 'change', 'double'), fc.nat(), fc.nat(255))
  return fc.tuple(whole, damage).map(([bytes, [kind, at, byte]]) => {
    const position = bytes.length === 0 ? 0 : at % bytes.length
    if (kind === 'cut') return bytes.subarray(0, position)
    if (kind === 'change')
      return Buffer.concat([bytes.subarray(0, position), Buffer.from([byte]), bytes.subarray(position + 1)])
    if (kind === 'double')
      return Buffer.concat([bytes.subarray(0, position), bytes.subarray(position), bytes.subarray(position)])
    return bytes
  })
}

const lines = fc
  .array(asText(line), { maxLength: 6 })
  .map((made) => Buffer.concat(made.flatMap((one) => [one, Buffer.from('\n')])))

/** A piece of a path or a query, with valid or invalid escapes. */
const piece = fc.oneof(
  word.map((text) => encodeURIComponent(text.isWellFormed() ? text : '')),
  fc.constantFrom(
    '',
    '.',
    '..',
    '%',
    '%zz',
    '%2F',
    '%00',
    '%ff',
    ';',
    '@',
    ':',
    "'",
    '__proto__',
    '*',
    '%25',
    '%C0%AF',
  ),
)

async function send(method: string, path: string, body: Uint8Array | undefined): Promise<number> {
  const headers: Record<string, string> = { 'x-auth-token': service.token, 'content-type': 'application/json' }
  const init = { method, headers, body: body === undefined ? null : new Uint8Array(body) }
  const response = await fetch(service.url + path, init)
  const text = await response.text()
  const about = `${method} ${path} ${body === undefined ? '' : Buffer.from(body).toString('latin1').slice(0, 500)}`
  if (response.status >= 500) throw new Error(`${response.status} to ${about}: ${text}`)
  if (!/^[0-9a-f]{32}$/.test(response.headers.get('x-request-id') ?? '')) throw new Error(`no request id: ${about}`)
  if (response.status !== 204) JSON.parse(text)
  return response.status
}

/** Sends generated requests with limited concurrency and counts the statuses. */
async function sendAll<T>(drawn: readonly T[], request: (one: T) => Promise<number>): Promise<Record<number, number>> {
  const seen: Record<number, number> = {}
  for (let i = 0; i < drawn.length; i += CONCURRENT) {
    for (const status of await Promise.all(drawn.slice(i, i + CONCURRENT).map(request)))
      seen[status] = (seen[status] ?? 0) + 1
  }
  return seen
}

function draw<T>(arbitrary: fc.Arbitrary<T>, count = RUNS): T[] {
  return fc.sample(arbitrary, { seed: SEED, numRuns: count })
}

describe('random requests', () => {
  const cases = [
    [
      'adding a tag',
      () => `/v2/${service.project}/images/${IMAGE}/tags`,
      fc.oneof({ weight: 3, arbitrary: asText(tag) }, asText(anything)),
      [204, 400],
    ],
    [
      'querying',
      () => `/v2/${service.project}/images/resource_instances/action`,
      fc.oneof({ weight: 3, arbitrary: asText(query) }, asText(anything)),
      [200, 400],
    ],
    [
      'taking a token',
      () => '/v3/auth/tokens?nocatalog=1',
      fc.oneof({ weight: 3, arbitrary: asText(login) }, asText(anything)),
      [400, 401],
    ],
    ['importing', () => '/tagwerk/v1/import', lines, [200]],
  ] as const
  for (const [name, path, bodies, common] of cases) {
    it(`${name} answers ${RUNS} random bodies with expected statuses`, async () => {
      const seen = await sendAll(draw<Uint8Array>(bodies), (body) => send('POST', path(), body))
      // The samples contain both accepted and refused bodies.
      for (const status of common) expect(seen[status]).toBeGreaterThan(0)
      expect(Object.keys(seen).filter((status) => ![200, 201, 204, 400, 401, 403].includes(Number(status)))).toEqual([])
    })
  }

  it(`${RUNS} random paths and queries get well-formed answers`, async () => {
    const templates = [
      '/v2/{}/images/{}/tags',
      '/v2/{p}/images/{}/tags',
      '/v3/{p}/tags?limit={}&offset={}',
      '/v3/{p}/instances/{}/tags?limit={}',
      '/v3/projects?name={}&page={}',
      '/tagwerk/v1/export?project={}&resource_type={}',
      '/tagwerk/v1/{p}/resources/{}/{}',
      '/{}/{}/{}',
      '/v3/auth/{}?{}={}',
    ]
    const request = fc.tuple(
      fc.constantFrom('GET', 'GET', 'POST', 'DELETE', 'PUT'),
      fc.constantFrom(...templates),
      piece,
      piece,
      piece,
    )
    const seen = await sendAll(draw(request), ([method, template, ...pieces]) => {
      let next = 0
      const path = template.replace('{p}', service.project).replace(/\{\}/g, () => pieces[next++] as string)
      // An export answers with lines, not with one JSON value.
      return path.startsWith('/tagwerk/v1/export') && method === 'GET'
        ? exported(path)
        : send(method, path, method === 'GET' ? undefined : Buffer.from('{}'))
    })
    for (const status of [200, 400, 403, 404]) expect(seen[status]).toBeGreaterThan(0)
  })

  it('the service is ready and its data readable after all random requests', async () => {
    expect((await service.call('GET', '/readyz')).status).toBe(200)
    const body = { action: 'count', matches: [{ key: 'resource_id', value: IMAGE }] }
    const counted = await service.call('POST', `/v2/${service.project}/images/resource_instances/action`, { body })
    expect(counted.body).toEqual({ total_count: 1 })
  })
})

async function exported(path: string): Promise<number> {
  const { status } = await service.call('GET', path)
  if (status >= 500) throw new Error(`${status} to ${path}`)
  return status
}
