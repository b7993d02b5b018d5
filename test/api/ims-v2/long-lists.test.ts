import { afterAll, beforeAll, expect, it } from 'vitest'
import { newImageId } from '../fixtures.ts'
import { startWorld, type World } from './world.ts'

// Lists that are longer than one time slice and one part of a body, while images change. Each image has the tags `a` and `b`
// with one value, changed together, so that a list that mixed two revisions would show different values of both.

const IMAGES = 3000

let world: World
let ids: string[]
beforeAll(async () => {
  world = await startWorld()
  ids = Array.from({ length: IMAGES }, newImageId)
  await register(ids, (i) => `value-${String(i).padStart(5, '0')}-${'x'.repeat(20)}`)
})
afterAll(() => world.service.stop())

async function register(those: readonly string[], textOf: (i: number) => string): Promise<void> {
  const lines = those.map((id, i) => {
    const tags = ['a', 'b'].map((key) => ({ key, value: textOf(i) }))
    return JSON.stringify({ resource_type: 'images', resource_id: id, resource_name: id, tags })
  })
  const { token } = world.service
  const { body } = await world.service.call('POST', '/tagwerk/v1/import', { body: lines.join('\n'), token })
  expect(body).toMatchObject({ refused: 0 })
}

/** Lists while all images are registered again with other values, and gives the answers. */
async function listWhileChanging<T>(list: () => Promise<T>): Promise<T[]> {
  let isChanging = true
  const changing = (async () => {
    for (let round = 0; round < 3; round++) await register(ids, (i) => `round-${round}-${i}`)
    isChanging = false
  })()
  const answers: T[] = []
  while (isChanging) answers.push(await list())
  await changing
  answers.push(await list())
  return answers
}

/** The values of keys `a` and `b` among texts `key=value`. */
function valuesOf(tags: readonly string[]): [a: string[], b: string[]] {
  const of = (key: string) => tags.filter((tag) => tag.startsWith(`${key}=`)).map((tag) => tag.slice(2))
  return [of('a').filter((value) => value !== '1'), of('b')]
}

it.each(['', '?__isregistered=true'])(
  'distinct tags are those of one revision while images change: %s',
  async (query) => {
    const answers = await listWhileChanging(() => world.call('GET', `/v1/cloudimages/tags${query}`))
    for (const { status, body } of answers) {
      expect(status).toBe(200)
      const [a, b] = valuesOf(body.tags)
      expect(a).toHaveLength(IMAGES)
      expect(a).toEqual(b)
    }
  },
)

it('keys with values are those of one revision while images change', async () => {
  const path = `/v2/${world.service.project}/images/tags`
  for (const { status, body } of await listWhileChanging(() => world.call('GET', path))) {
    expect(status).toBe(200)
    const of = (key: string) => body.tags.find((tag: { key: string }) => tag.key === key).values as string[]
    expect(of('b').filter((value) => value !== '')).toEqual(of('a').filter((value) => value !== '1'))
  }
})

it('an image list has every image once and each as it was at one revision, while images change', async () => {
  const answers = await listWhileChanging(() =>
    world.call('GET', '/v2/cloudimages?sort_key=name&sort_dir=asc&limit=1000'),
  )
  const expected = ids.toSorted().slice(0, 1000)
  for (const { status, body } of answers) {
    expect(status).toBe(200)
    const images = (body.images as { id: string; tags: string[] }[]).filter(({ id }) => ids.includes(id))
    expect(images.map(({ id }) => id)).toEqual(expected.slice(0, images.length))
    for (const { tags } of images) {
      const [a, b] = valuesOf(tags)
      expect(a).toEqual(b)
    }
  }
})
