import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId, tagOf, texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { accessScenarios, badBodies, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsBody, tmsError } from './tms-errors.ts'

// T7: POST /v1.0/resource-tags/batch-delete (contract 5; D16, D21, D29).

const PATH = '/v1.0/resource-tags/batch-delete'

let world: DomainWorld
beforeAll(async () => {
  world = await startDomainWorld()
})
afterAll(() => world.service.stop())

type Named = { readonly resource_id: string; readonly resource_type: string }
const anImage = (id: string, type = 'images'): Named => ({ resource_id: id, resource_type: type })
const send = (resources: readonly unknown[], tags: unknown, project = world.project, token?: string) =>
  world.ask('POST', PATH, { project_id: project, resources, tags }, token)

async function tagsOf({ resource_id, resource_type }: Named, project = world.project, token?: string) {
  const query = `project_id=${project}&resource_type=${resource_type}`
  const answer = await world.ask('GET', `/v2.0/resources/${resource_id}/tags?${query}`, undefined, token)
  return (answer.body.tags as { key: string; value: string }[]).map(({ key, value }) => `${key}=${value}`)
}

async function fresh(...tags: string[]) {
  const id = newImageId()
  await world.service.register(image(id, ...tags))
  return anImage(id)
}

describe('removes tags', () => {
  it('a batch removes tags by key from resources of several types and returns 200 without failures', async () => {
    const first = await fresh('a=1', 'b=1', 'c=1')
    const database = { resource_id: newInstanceId(), resource_type: 'gaussdb' }
    await world.service.register(instance(database.resource_id, 'b=2', 'd=1'))
    const answer = await send([first, database], [{ key: 'b' }, { key: 'c' }])
    expect([answer.status, answer.body]).toEqual([200, { failed_resources: [] }])
    expect(await tagsOf(first)).toEqual(['a=1'])
    expect(await tagsOf(database)).toEqual(['d=1'])
  })

  it.each([
    ['a value that is it', { key: 'a', value: '1' }, ['b=']],
    ['a value that it is not', { key: 'a', value: '2' }, ['a=1', 'b=']],
    ['an empty value, whatever it is (D21)', { key: 'a', value: '' }, ['b=']],
    ['a value that is null', { key: 'a', value: null }, ['b=']],
    ['a key that is not there', { key: 'A' }, ['a=1', 'b=']],
    ['a key that no rule allows (D29)', { key: 'a*'.repeat(63), value: '<'.repeat(255) }, ['a=1', 'b=']],
  ])('with %s', async (_name, tag, left) => {
    const resource = await fresh('a=1', 'b=')
    expect((await send([resource], [tag])).body).toEqual({ failed_resources: [] })
    expect(await tagsOf(resource)).toEqual(left)
  })

  it('a batch changes a resource listed twice once, and removes 10 tags from each of 50', async () => {
    const ids = texts('', 50).map(() => newImageId())
    await world.service.register(...ids.map((id) => image(id, ...texts('k', 10))))
    const tags = texts('k', 10).map((key) => ({ key }))
    const named = ids.map((id) => anImage(id))
    expect((await send([...named.slice(0, 49), anImage(ids[0] as string, 'private_image')], tags)).body).toEqual({
      failed_resources: [],
    })
    expect(await tagsOf(named[0] as Named)).toEqual([])
    expect(await tagsOf(named[49] as Named)).toHaveLength(10)
  })
})

describe('leaves a resource as it is, and goes on with the others', () => {
  it('failed resources of a removal are listed with their errors', async () => {
    const good = await fresh('a=1', 'b=1')
    const named = [anImage('none'), good, anImage(good.resource_id, 'Images')]
    expect((await send(named, [{ key: 'a' }])).body).toEqual({
      failed_resources: [
        { ...named[0], ...tmsBody('TMS.0005', 'id: does not exist (got "') },
        { ...named[2], ...tmsBody('TMS.5027', 'resources[2].resource_type', '"Images"') },
      ],
    })
    expect(await tagsOf(good)).toEqual(['b=1'])
  })
})

describe('refuses the whole call', () => {
  const cases: readonly (readonly [name: string, tags: unknown, code: string, ...fragments: string[]])[] = [
    ['no tags', undefined, 'TMS.0012', 'tags', 'required'],
    ['an empty list of tags', [], 'TMS.0012', 'tags', 'at least 1'],
    ['11 tags', texts('t', 11).map((key) => ({ key })), 'TMS.0002', 'tags', 'at most 10'],
    ['a tag without members', [{ key: 'a' }, {}], 'TMS.0013', 'tags[1]'],
    ['a tag without key', [{ value: 'v' }], 'TMS.0009', 'tags[0].key', 'required'],
    ['an empty key', [{ key: '' }], 'TMS.0009', 'tags[0].key', 'blank'],
    ['a blank key', [{ key: ' ' }], 'TMS.0009', 'tags[0].key', 'blank'],
    ['a key of 128 characters', [{ key: 'k'.repeat(128) }], 'TMS.0009', 'tags[0].key', '127', '128'],
    ['a value of 256 characters', [{ key: 'k', value: 'v'.repeat(256) }], 'TMS.0010', 'tags[0].value', '255', '256'],
    ['a value that is no text', [{ key: 'k', value: 7 }], 'TMS.0002', 'tags[0].value', 'a string or null', '7'],
    ['a key twice', [{ key: 'k' }, { key: 'k', value: '1' }], 'TMS.0009', 'tags[1].key', 'twice'],
    ['a key that is no text', [{ key: 1 }], 'TMS.0002', 'tags[0].key', 'a string'],
    ['an unknown member', [{ key: 'k', id: 1 }], 'TMS.0002', 'tags[0].id', 'known member'],
  ]
  for (const [name, tags, code, ...fragments] of cases) {
    it(`a removal is refused for ${name}`, async () => {
      expect(await send([anImage('none')], tags)).toMatchObject(tmsError(400, code, ...fragments))
    })
  }

  it('a removal is refused for 51 resources, for none and without a project', async () => {
    const key = [{ key: 'k' }]
    expect(
      await send(
        texts('i', 51).map((id) => anImage(id)),
        key,
      ),
    ).toMatchObject(tmsError(400, 'TMS.0002', 'at most 50'))
    expect(await send([], key)).toMatchObject(tmsError(400, 'TMS.0002', 'resources', 'at least 1'))
    const sent = { resources: [anImage('i')], tags: key }
    expect(await world.ask('POST', PATH, sent)).toMatchObject(tmsError(400, 'TMS.2011', 'project_id', 'required'))
  })

  runScenarios(() => world.target({}), badBodies('POST', PATH))
})

describe('keeps domains apart', () => {
  it('a project of another domain is answered like an unknown one in a removal', async () => {
    const { foreign, tokens } = world
    const named = [anImage(foreign.image)]
    const answer = await send(named, [{ key: 'secret' }], foreign.project)
    expect(answer).toMatchObject(tmsError(400, 'TMS.2011', JSON.stringify(foreign.project)))
    expect(await send(named, [{ key: 'secret' }], 'none')).toMatchObject(tmsError(400, 'TMS.2011', '"none"'))
    expect((await send(named, [{ key: 'secret' }])).body.failed_resources).toHaveLength(1)
    expect(await tagsOf(anImage(foreign.image), foreign.project, tokens.stranger)).toEqual(['secret=theirs'])
    expect((await send(named, [{ key: 'secret' }], foreign.project, tokens.stranger)).body).toEqual({
      failed_resources: [],
    })
  })
})

describe('access control: answers', () => {
  const sent = { project_id: 'none', resources: [anImage('none')], tags: [tagOf('k=v')] }
  const request: Scenario['request'] = { method: 'POST', path: PATH, body: sent }
  runScenarios(() => world.target({}), accessScenarios(request, 'writes', { status: 200 }))
})
