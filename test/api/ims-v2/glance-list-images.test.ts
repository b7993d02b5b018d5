import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// I15: GET /v2/images (contract 2.1, 2.5). The tests of `ListImages` cover the filters.

let world: World
beforeAll(async () => {
  world = await startWorld()
  for (let i = 0; i < 30; i++) await world.image({ __os_type: 'Linux' }, ['many=1', 'k='])
})
afterAll(() => world.service.stop())

type Image = { readonly id: string }

describe('paging by links', () => {
  it.each([
    ['', 25],
    ['limit=7&tag=many%3D1&tag=k&__os_type=Linux', 7],
    ['limit=10&visibility=private&sort_dir=asc&sort_key=id&status=active', 10],
  ])('following next lists every image once: ?%s', async (query, size) => {
    const start = query === '' ? '/v2/images' : `/v2/images?${query}`
    const all = new URLSearchParams(query)
    all.set('limit', '1000')
    const whole = await world.call('GET', `/v2/images?${all}`)
    const walked: Image[] = []
    const parameters = (link: string) => [...new URLSearchParams(link.split('?')[1] ?? '')].sort()
    for (let link: string | undefined = start; link !== undefined; ) {
      const { status, body } = await world.call('GET', link)
      expect([status, body.schema]).toEqual([200, '/v2/schemas/images'])
      expect(parameters(body.first)).toEqual(parameters(start))
      walked.push(...body.images)
      if (body.next === undefined) break
      expect(body.images).toHaveLength(size)
      const marker = ['marker', body.images.at(-1).id]
      expect(parameters(body.next)).toEqual([...parameters(start), marker].sort())
      link = body.next
    }
    expect(walked.map(({ id }) => id)).toEqual(whole.body.images.map(({ id }: Image) => id))
    expect(walked.length).toBeGreaterThanOrEqual(30)
  })

  it('a full last page has no next', async () => {
    const { body } = await world.call('GET', '/v2/images?tag=many%3D1&limit=30')
    expect(body.images).toHaveLength(30)
    expect(Object.keys(body).sort()).toEqual(['first', 'images', 'schema'])
    expect(body.first).toBe('/v2/images?tag=many%3D1&limit=30')
  })

  it('an empty list has first, but no next', async () => {
    const { body } = await world.call('GET', '/v2/images?tag=none')
    expect(body).toEqual({ images: [], first: '/v2/images?tag=none', schema: '/v2/schemas/images' })
  })
})

describe('hidden images', () => {
  it.each([
    ['', ['shown']],
    ['&os_hidden=false', ['shown']],
    ['&os_hidden=True', ['hidden']],
  ])('hidden images are listed only on request: ?%s', async (query, names) => {
    const tag = `h${query.length}`
    await world.image({ os_hidden: true }, [tag, 'h=1'], { resource_name: 'hidden' })
    await world.image({ os_hidden: false }, [tag, 'h=1'], { resource_name: 'shown' })
    const { body } = await world.call('GET', `/v2/images?tag=${tag}${query}`)
    expect(body.images.map(({ name }: { name: string }) => name)).toEqual(names)
    expect(body.first).toBe(`/v2/images?tag=${tag}${query}`)
  })
})

it('links keep the parameter sort', async () => {
  const { body } = await world.call('GET', '/v2/images?sort=id:asc&limit=2')
  const shown = body.images.map(({ id }: Image) => id)
  expect(shown).toEqual(shown.toSorted())
  const next = await world.call('GET', body.next)
  expect(body.next).toContain('sort=id%3Aasc')
  expect(next.body.images[0].id > shown[1]).toBe(true)
})

describe('invalid requests', () => {
  const bad = (query: string, code: string, ...fragments: string[]) => ({
    name: `listing images in pages is refused with ?${query}`,
    request: { method: 'GET', path: `/v2/images?${query}` },
    ...imsError(400, code, ...fragments),
  })
  runScenarios(
    () => world.target,
    [
      bad('limit=0', 'IMG.0001', 'limit', '1'),
      bad('limit=1001', 'IMG.0001', 'limit', '1000'),
      bad('marker=none', 'IMG.0001', 'marker', 'none'),
      bad('sort_key=checksum', 'IMG.0001', 'sort_key'),
      bad('sort_dir=up', 'IMG.0001', 'sort_dir'),
      bad('__imagetype=silver', 'IMG.0024', '__imagetype'),
      {
        name: 'listing images in pages is refused without a token',
        request: { method: 'GET', path: '/v2/images', token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'listing images in pages is refused with a token of the domain',
        request: { method: 'GET', path: '/v2/images', token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
