import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWithUsers } from '../api/fixtures.ts'
import { callSample, SAMPLES } from '../support/samples/all.ts'
import { OPERATIONS, type Operation } from '../support/samples/operations.ts'
import { makeWorld, type World } from '../support/samples/sample.ts'
import type { TestService } from '../support/service.ts'

// A filter that a list does not know must not be ignored: it would list more than was asked for.

let service: TestService
let world: World
beforeAll(async () => {
  service = await startWithUsers()
  world = await makeWorld(service)
})
afterAll(() => service.stop())

type Schema = { readonly type?: string; readonly properties?: Readonly<Record<string, Schema>> }

/** The names of the query parameters of an operation. */
const parametersOf = ({ route }: Operation) => Object.keys(route.query.properties)

/** True for a call that lists: its answer has an array, and its path ends with the name of a collection. */
function isList({ route: { method, path, access, responses } }: Operation): boolean {
  const { properties = {} } = (responses[200] ?? {}) as Schema
  const hasArray = Object.values(properties).some(({ type }) => type === 'array')
  return method === 'GET' && access !== 'none' && hasArray && !path.endsWith('}')
}

/** Any other parameter filters by the attribute of that name (contract 2.9). */
const BY_ATTRIBUTE = ['GET /v1/cloudimages/tags', 'GET /v2/cloudimages', 'GET /v2/images']

const isOfDatabases = ({ family }: Operation) => family === 'taurusdb-v3'
const lists = [...OPERATIONS].filter(([, operation]) => isList(operation))
const strict = lists.filter(([name, operation]) => !BY_ATTRIBUTE.includes(name) && !isOfDatabases(operation))
// The other arrays of that family belong to one object.
const tolerant = lists.filter(([, one]) => isOfDatabases(one) && parametersOf(one).includes('limit'))

/** Sends the sample call of an operation with further query parameters. */
async function call(operation: string, { route }: Operation, added: Readonly<Record<string, string>>) {
  const filled = await SAMPLES[operation]!.fill(world)
  const isOfProject = route.access === 'project' || route.access === 'scoped'
  const token = filled.token ?? (isOfProject ? service.token : world.domainToken)
  return callSample(operation, world, { ...filled, query: { ...filled.query, ...added } }, token)
}

const messageOf = (body: { readonly error?: { readonly message: string }; readonly error_msg?: string }) =>
  body.error?.message ?? body.error_msg

it('the lists are those of all families', () => {
  expect(strict.length).toBeGreaterThan(25)
  expect(new Set(strict.map(([, { family }]) => family))).toEqual(new Set(['ims-v2', 'tms-v1', 'iam-v3', 'tagwerk-v1']))
  expect(tolerant.length).toBeGreaterThan(3)
})

describe('a parameter that a list does not know', () => {
  it.each(strict)('is refused by name, with what is known: %s', async (name, operation) => {
    const { status, body } = await call(name, operation, { no_such: 'x' })
    const known = parametersOf(operation)
    const hint = known.length === 0 ? 'there are none' : `known are ${known.map((each) => `"${each}"`).join(', ')}`
    expect([status, messageOf(body)]).toEqual([
      400,
      expect.stringContaining(`no_such: is not a known parameter, ${hint}.`),
    ])
  })

  it.each(strict.filter(([, operation]) => parametersOf(operation).length > 0))(
    'is refused with the name that was meant: %s',
    async (name, operation) => {
      for (const known of parametersOf(operation)) {
        const { status, body } = await call(name, operation, { [`${known}z`]: 'x' })
        expect([status, messageOf(body)]).toEqual([
          400,
          expect.stringContaining(`${known}z: is not a known parameter, use "${known}".`),
        ])
      }
    },
  )
})

describe('a list of databases', () => {
  it.each(tolerant)('ignores a parameter that it does not know (D19): %s', async (name, operation) => {
    const [plain, added] = [await call(name, operation, {}), await call(name, operation, { engine_name: 'x' })]
    expect([added.status, added.text]).toEqual([plain.status, plain.text])
  })

  it('refuses a misspelt filter with the name that was meant (D19)', async () => {
    const name = 'GET /v3/{project_id}/instances'
    const operation = OPERATIONS.get(name)!
    const filters = parametersOf(operation).filter((each) => each !== 'limit' && each !== 'offset')
    expect(filters).toContain('tags')
    for (const filter of filters) {
      for (const misspelt of [`${filter}z`, filter.toUpperCase()]) {
        const { status, body } = await call(name, operation, { [misspelt]: 'x' })
        expect([status, messageOf(body)]).toEqual([
          400,
          expect.stringContaining(`${misspelt}: is not a known parameter, use "${filter}".`),
        ])
      }
    }
    const { body } = await call(name, operation, { tag: 'key1=value1' })
    expect(messageOf(body)).toContain('tag: is not a known parameter, use "tags".')
  })
})

describe('a list of images', () => {
  it.each(BY_ATTRIBUTE)('takes any parameter as a filter by an attribute: %s', async (name) => {
    const operation = OPERATIONS.get(name)!
    await world.newImage('key1=value1')
    const { status, body } = await call(name, operation, { no_such: 'x' })
    expect([status, body.images ?? body.tags]).toEqual([200, []])
  })
})
