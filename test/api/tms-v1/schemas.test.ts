import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'

// Constraints in the OpenAPI document. The tests of the calls show that they are enforced.

type Schema = {
  readonly type?: string
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}
type Operation = {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly required?: boolean }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
}

let service: TestService
const operations = new Map<string, Operation>()
beforeAll(async () => {
  service = await startTestService()
  const { body } = await service.call('GET', '/openapi/tms-v1.json', { token: null })
  for (const methods of Object.values(body.paths as Record<string, Record<string, Operation>>)) {
    for (const operation of Object.values(methods)) operations.set(operation.operationId, operation)
  }
})
afterAll(() => service.stop())

function bodyOf(id: string): Schema {
  const schema = operations.get(id)?.requestBody?.content['application/json'].schema
  if (schema === undefined) throw new Error(`${id} has no body`)
  return schema
}

/** The schema of every object in a body, by its path. */
function objectsOf(schema: Schema, path = 'body'): readonly (readonly [path: string, schema: Schema])[] {
  return [
    ...(schema.type === 'object' ? [[path, schema] as const] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) => objectsOf(each, `${path}.${name}`)),
    ...(schema.items === undefined ? [] : objectsOf(schema.items, `${path}[]`)),
  ]
}

describe('a body has no members but those it names', () => {
  it.each([
    ['CreatePredefineTags', ['body', 'body.tags[]']],
    ['UpdatePredefineTags', ['body', 'body.old_tag', 'body.new_tag']],
    ['CreateResourceTag', ['body', 'body.resources[]', 'body.tags[]']],
    ['DeleteResourceTag', ['body', 'body.resources[]', 'body.tags[]']],
    ['ListResource', ['body', 'body.tags[]']],
  ])('in %s', (id, paths) => {
    const objects = objectsOf(bodyOf(id))
    expect(objects.map(([path]) => path)).toEqual(paths)
    for (const [path, { additionalProperties }] of objects) expect([path, additionalProperties]).toEqual([path, false])
  })
})

describe('the project is optional, because resources of global types need none', () => {
  it.each(['CreateResourceTag', 'DeleteResourceTag'])('in the body of %s', (id) => {
    expect(bodyOf(id).required).toEqual(['resources', 'tags'])
  })

  it('in the query of ShowResourceTag and in the body of ListResource', () => {
    const parameters = operations.get('ShowResourceTag')?.parameters?.filter(({ required }) => required)
    expect(parameters?.map(({ name }) => name).sort()).toEqual(['resource_id', 'resource_type'])
    expect(bodyOf('ListResource').required).toEqual(['resource_types'])
  })
})
