import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId, tagOf, texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { accessScenarios, badBodies, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsBody, tmsError } from './tms-errors.ts'

// T6: POST /v1.0/resource-tags/batch-create (contract 5; D8, D16).

const PATH = '/v1.0/resource-tags/batch-create'
const UNKNOWN = '11111111-2222-4333-8444-555555555555'

let world: DomainWorld
const ids = { image: newImageId(), full: newImageId(), instance: newInstanceId() }
beforeAll(async () => {
  world = await startDomainWorld()
  await world.service.register(
    image(ids.image),
    image(ids.full, ...texts('k', 10).map((key) => `${key}=v`)),
    instance(ids.instance, ...texts('k', 10).map((key) => `${key}=v`)),
  )
})
afterAll(() => world.service.stop())

type Named = { readonly resource_id: string; readonly resource_type: string }
const anImage = (id: string, type = 'images'): Named => ({ resource_id: id, resource_type: type })
const anInstance = (id: string, type = 'gaussdb'): Named => ({ resource_id: id, resource_type: type })
const body = (resources: readonly unknown[], ...tags: string[]) => ({
  project_id: world.project,
  resources,
  tags: tags.map(tagOf),
})
const send = (sent: unknown, token?: string) => world.ask('POST', PATH, sent, token)

/** The tags of a resource as `key=value`. */
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

describe('adds tags', () => {
  it('a batch adds tags to resources of several types and returns 200 without failures', async () => {
    const first = await fresh('a=1', 'b=1')
    const database = newInstanceId()
    await world.service.register(instance(database))
    const answer = await send(body([first, anInstance(database)], 'b=2', 'c='))
    expect([answer.status, answer.body]).toEqual([200, { failed_resources: [] }])
    expect(await tagsOf(first)).toEqual(['a=1', 'b=2', 'c='])
    expect(await tagsOf(anInstance(database))).toEqual(['b=2', 'c='])
  })

  it.each(['images', 'private_image'])('a batch adds tags to an image of the type name %s (D16)', async (type) => {
    const { resource_id } = await fresh()
    expect((await send(body([anImage(resource_id, type)], 'k=v'))).body).toEqual({ failed_resources: [] })
    expect(await tagsOf(anImage(resource_id))).toEqual(['k=v'])
  })

  it.each(['gaussdb', 'instances'])('a batch adds tags to a database of the type name %s', async (type) => {
    const id = newInstanceId()
    await world.service.register(instance(id))
    expect((await send(body([anInstance(id, type)], 'k=v'))).body).toEqual({ failed_resources: [] })
    expect(await tagsOf(anInstance(id))).toEqual(['k=v'])
  })

  it('a batch adds 10 tags to each of 50 resources, visible in the services of their types', async () => {
    const images = texts('', 50).map(() => newImageId())
    await world.service.register(...images.map((id) => image(id)))
    const tags = texts('t', 10).map((key) => `${key}=v`)
    expect(
      (
        await send(
          body(
            images.map((id) => anImage(id)),
            ...tags,
          ),
        )
      ).body,
    ).toEqual({ failed_resources: [] })
    const { body: shown } = await world.service.call('GET', `/v2/${world.project}/images/${images[49]}/tags`)
    expect(shown.tags).toEqual(tags.map(tagOf))
  })

  it('a resource that is listed twice, under one or two type names, is changed once', async () => {
    const { resource_id: id } = await fresh()
    const named = [anImage(id), anImage(id, 'private_image'), anImage(id)]
    expect((await send(body(named, 'k=v'))).body).toEqual({ failed_resources: [] })
    expect((await send(body([...named, anImage('none'), anImage('none', 'private_image')], 'k=v'))).body).toEqual({
      failed_resources: [{ ...anImage('none'), ...tmsBody('TMS.0005', 'id: does not exist (got "') }],
    })
  })

  it('a batch adds tags in another project of the domain', async () => {
    const id = newImageId()
    const other = await world.inProject('other', image(id))
    expect((await send({ ...body([anImage(id)], 'k=v'), project_id: other })).body).toEqual({ failed_resources: [] })
    expect(await tagsOf(anImage(id), other)).toEqual(['k=v'])
  })

  it('a batch trims keys and values', async () => {
    const resource = await fresh()
    await send({ ...body([resource]), tags: [{ key: ' k ', value: ' v ' }] })
    expect(await tagsOf(resource)).toEqual(['k=v'])
  })
})

describe('leaves a resource as it is, and goes on with the others', () => {
  it('failed resources are listed with their errors, in request order', async () => {
    const good = await fresh('a=1')
    const named = [
      anImage(UNKNOWN),
      anImage(ids.full),
      good,
      { resource_id: ids.image, resource_type: 'image' },
      anImage(ids.instance),
      anImage(''),
    ]
    expect((await send(body(named, 'new=1', 'k0=2'))).body).toEqual({
      failed_resources: [
        { ...anImage(UNKNOWN), ...tmsBody('TMS.0005', 'id: does not exist (got "') },
        { ...anImage(ids.full), ...tmsBody('TMS.0002', 'tags', 'at most 10 items', '11') },
        { ...named[3], ...tmsBody('TMS.5027', 'resources[3].resource_type', '"images"', '"image"') },
        { ...anImage(ids.instance), ...tmsBody('TMS.0005', 'id: does not exist (got "') },
        { ...anImage(''), ...tmsBody('TMS.0005', 'id: does not exist (got "') },
      ],
    })
    expect(await tagsOf(good)).toEqual(['a=1', 'new=1', 'k0=2'])
    expect(await tagsOf(anImage(ids.full))).toEqual(texts('k', 10).map((key) => `${key}=v`))
  })

  it('a full image accepts overwrites, and a database accepts 20 tags (D16)', async () => {
    const full = newImageId()
    const database = newInstanceId()
    const ten = texts('k', 10).map((key) => `${key}=v`)
    await world.service.register(image(full, ...ten), instance(database, ...ten))
    expect((await send(body([anImage(full), anInstance(database)], 'k3=w'))).body).toEqual({ failed_resources: [] })
    expect((await tagsOf(anImage(full)))[3]).toBe('k3=w')
    const more = texts('m', 10).map((key) => `${key}=v`)
    expect((await send(body([anInstance(database)], ...more))).body).toEqual({ failed_resources: [] })
    expect(await tagsOf(anInstance(database))).toHaveLength(20)
    expect((await send(body([anInstance(database)], 'over=1'))).body).toEqual({
      failed_resources: [{ ...anInstance(database), ...tmsBody('TMS.0002', 'tags', 'at most 20 items', '21') }],
    })
  })

  const unfit: readonly (readonly [name: string, tag: object, code: string, ...fragments: string[]])[] = [
    ['a key with a sign of predefined tags', { key: 'a@b', value: '' }, 'TMS.0009', 'tags[1].key', '"a@b"'],
    ['a key of 37 characters', { key: 'k'.repeat(37), value: '' }, 'TMS.0009', 'tags[1].key', '36', '37'],
    ['a value with a blank', { key: 'k', value: 'a b' }, 'TMS.0010', 'tags[1].value', '"a b"'],
    ['a value of 44 characters', { key: 'k', value: 'v'.repeat(44) }, 'TMS.0010', 'tags[1].value', '43', '44'],
  ]
  for (const [name, tag, code, ...fragments] of unfit) {
    it(`no resource is changed for ${name}`, async () => {
      const resource = await fresh()
      const answer = await send({ ...body([resource, anImage(UNKNOWN)]), tags: [tagOf('good=1'), tag] })
      expect([answer.status, answer.body.failed_resources]).toEqual([
        200,
        [
          { ...resource, ...tmsBody(code, ...fragments) },
          { ...anImage(UNKNOWN), ...tmsBody(code, ...fragments) },
        ],
      ])
      expect(await tagsOf(resource)).toEqual([])
    })
  }
})

describe('refuses the whole call', () => {
  const asked = (name: string, sent: () => unknown, expected: ReturnType<typeof tmsError>) =>
    it(name, async () => {
      expect(await send(sent())).toMatchObject(expected)
    })
  const one = () => body([anImage(ids.image)], 'k=v')
  const withTags = (...tags: unknown[]) => ({ ...one(), tags })

  asked(
    'without a project',
    () => ({ ...one(), project_id: undefined }),
    tmsError(400, 'TMS.2011', 'project_id', 'required'),
  )
  asked('with a project that is null', () => ({ ...one(), project_id: null }), tmsError(400, 'TMS.2011', 'required'))
  asked('with an unknown project', () => ({ ...one(), project_id: 'none' }), tmsError(400, 'TMS.2011', '"none"'))
  asked(
    'with the name of a project',
    () => ({ ...one(), project_id: 'default' }),
    tmsError(400, 'TMS.2011', '"default"'),
  )
  asked('with a project that is no text', () => ({ ...one(), project_id: 1 }), tmsError(400, 'TMS.0002', 'project_id'))
  asked(
    'without resources',
    () => ({ ...one(), resources: undefined }),
    tmsError(400, 'TMS.0002', 'resources', 'required'),
  )
  asked('with an empty list of resources', () => body([], 'k=v'), tmsError(400, 'TMS.0002', 'resources', 'at least 1'))
  asked(
    'with 51 resources',
    () =>
      body(
        texts('i', 51).map((id) => anImage(id)),
        'k=v',
      ),
    tmsError(400, 'TMS.0002', 'at most 50'),
  )
  asked(
    'with a resource without id',
    () => body([{ resource_type: 'images' }], 'k=v'),
    tmsError(400, 'TMS.0002', 'resources[0].resource_id', 'required'),
  )
  asked(
    'with a resource without type',
    () => body([{ resource_id: 'i' }], 'k=v'),
    tmsError(400, 'TMS.0002', 'resources[0].resource_type', 'required'),
  )
  asked(
    'with a resource that is a text',
    () => body(['i'], 'k=v'),
    tmsError(400, 'TMS.0002', 'resources[0]', 'an object'),
  )
  asked(
    'with an id that is no text',
    () => body([{ resource_id: 1, resource_type: 'images' }], 'k=v'),
    tmsError(400, 'TMS.0002', 'resources[0].resource_id', 'a string'),
  )
  asked(
    'with more members in a resource',
    () => body([{ ...anImage('i'), project_id: 'p' }], 'k=v'),
    tmsError(400, 'TMS.0002', 'resources[0].project_id', 'known member'),
  )
  asked('without tags', () => ({ ...one(), tags: undefined }), tmsError(400, 'TMS.0012', 'tags', 'required'))
  asked('with an empty list of tags', () => withTags(), tmsError(400, 'TMS.0012', 'tags', 'at least 1'))
  asked(
    'with 11 tags',
    () => body([anImage(ids.image)], ...texts('t', 11)),
    tmsError(400, 'TMS.0002', 'tags', 'at most 10'),
  )
  asked('with a tag without members', () => withTags({}), tmsError(400, 'TMS.0013', 'tags[0]'))
  asked('with a tag that is null', () => withTags(null), tmsError(400, 'TMS.0013', 'tags[0]'))
  asked('with a tag without key', () => withTags({ value: 'v' }), tmsError(400, 'TMS.0009', 'tags[0].key', 'required'))
  asked('with a blank key', () => withTags({ key: ' ', value: 'v' }), tmsError(400, 'TMS.0009', 'tags[0].key', 'blank'))
  asked(
    'with a tag without value (D7)',
    () => withTags({ key: 'k' }),
    tmsError(400, 'TMS.0010', 'tags[0].value', 'required'),
  )
  asked(
    'with a value that is no text',
    () => withTags({ key: 'k', value: 1 }),
    tmsError(400, 'TMS.0002', 'tags[0].value', 'a string'),
  )
  asked(
    'with a key twice',
    () => withTags(tagOf('k=1'), { key: ' k', value: '2' }),
    tmsError(400, 'TMS.0009', 'tags[1].key', 'twice'),
  )
  asked(
    'with an unknown member',
    () => ({ ...one(), sys_tags: [] }),
    tmsError(400, 'TMS.0002', 'sys_tags', 'known member'),
  )

  it('refused batch additions change nothing', async () => {
    expect(await tagsOf(anImage(ids.image))).toEqual([])
  })

  runScenarios(() => world.target({}), badBodies('POST', PATH))
})

describe('with the lenient profile', () => {
  it('the lenient profile treats a missing value as empty (D7)', async () => {
    const lenient = await startDomainWorld({ flags: { profile: 'lenient' } })
    try {
      const id = newImageId()
      await lenient.service.register(image(id))
      const sent = { project_id: lenient.project, resources: [anImage(id)], tags: [{ key: 'bare' }] }
      expect((await lenient.ask('POST', PATH, sent)).body).toEqual({ failed_resources: [] })
      const { body: shown } = await lenient.service.call('GET', `/v2/${lenient.project}/images/${id}/tags`)
      expect(shown.tags).toEqual([{ key: 'bare', value: '' }])
    } finally {
      await lenient.service.stop()
    }
  })
})

describe('when too many writes wait', () => {
  it('with a full write queue, the overflowing resources fail and the others are tagged', async () => {
    const busy = await startDomainWorld({ flags: { 'write-queue-max': '20' } })
    try {
      const ids = texts('', 50).map(newImageId)
      for (const id of ids) await busy.service.register(image(id))
      const resources = ids.map((id) => anImage(id))
      const sent = { project_id: busy.project, resources, tags: [tagOf('k=v')] }
      const { status, body: answer } = await busy.ask('POST', PATH, sent)
      const failed = answer.failed_resources as Named[]
      expect(status).toBe(200)
      expect(failed.length).toBeGreaterThan(0)
      for (const each of failed) {
        expect(each).toEqual({
          ...anImage(each.resource_id),
          error_code: 'TMS.0006',
          error_msg: 'The request is too much, try again later.',
        })
      }
      const query = { resource_types: ['images'], tags: [{ key: 'k', values: ['v'] }] }
      const tagged = await busy.ask('POST', '/v1.0/resource-instances/filter', query)
      expect(tagged.body.total_count).toBe(50 - failed.length)
    } finally {
      await busy.service.stop()
    }
  })
})

describe('keeps domains apart', () => {
  it('a project of another domain is answered like an unknown one', async () => {
    const { foreign, tokens } = world
    const to = (project: string) => send({ ...body([anImage(foreign.image)], 'k=v'), project_id: project })
    expect(await to(foreign.project)).toMatchObject(tmsError(400, 'TMS.2011', JSON.stringify(foreign.project)))
    expect((await to('0'.repeat(32))).body.error_code).toBe('TMS.2011')
    expect(await tagsOf(anImage(foreign.image), foreign.project, tokens.stranger)).toEqual(['secret=theirs'])
  })

  it('a resource of another project is answered as not found', async () => {
    const { foreign } = world
    expect((await send(body([anImage(foreign.image)], 'k=v'))).body).toEqual({
      failed_resources: [{ ...anImage(foreign.image), ...tmsBody('TMS.0005', 'id: does not exist (got "') }],
    })
  })
})

describe('access control: answers', () => {
  const sent = { project_id: 'none', resources: [anImage(UNKNOWN)], tags: [tagOf('k=v')] }
  const request: Scenario['request'] = { method: 'POST', path: PATH, body: sent }
  runScenarios(() => world.target({}), accessScenarios(request, 'writes', { status: 200 }))
})
