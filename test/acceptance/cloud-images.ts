import { randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { type Cleaning, type Keys, settles, tagsOfRun, type Visitor } from './cloud-story.ts'

/** Tags that the scenario adds to the image; the quota is ten. */
const ROOM = 3
const TAGS_MAX = 10
const IMS_ERROR = { error: { code: expect.stringMatching(/^IMG\.\d{4}$/), message: expect.any(String) } }

/** The cloud scenario for an image. */
export function imageSteps(visit: () => Visitor, keys: Keys, cleanings: Cleaning[]): void {
  const [a, b, c] = keys
  let foreign: readonly object[]

  const call = (method: string, path: string, body?: unknown) =>
    visit().ims.call(visit().home.token, method, path, body)
  const image = () => visit().cloud.image
  const tagPath = (id = image()) => `/v2/${visit().home.projectId}/images/${id}/tags`
  const query = (body: object) => call('POST', `/v2/${visit().home.projectId}/images/resource_instances/action`, body)
  const ownTags = async () => tagsOfRun((await call('GET', tagPath())).body.tags, keys)
  const removal = () => call('POST', `${tagPath()}/action`, { action: 'delete', tags: keys.map((key) => ({ key })) })

  beforeAll(async () => {
    const { status, body } = await call('GET', tagPath())
    expect(status, 'the image can be read').toBe(200)
    foreign = body.tags
    expect(foreign.length, `the image has room for ${ROOM} tags`).toBeLessThanOrEqual(TAGS_MAX - ROOM)
    cleanings.push({ what: `tags of image ${image()}`, clean: removal })
  })

  it('adding a tag returns 204 without a body and overwrites its value', async () => {
    for (const value of ['v1', 'v2']) {
      const added = await call('POST', tagPath(), { tag: { key: a, value } })
      expect([added.status, added.body]).toEqual([204, ''])
    }
    await settles(ownTags, [{ key: a, value: 'v2' }])
  })

  it('a batch adds two tags, one with an empty value', async () => {
    const tags = [
      { key: b, value: 'v1' },
      { key: c, value: '' },
    ]
    const added = await call('POST', `${tagPath()}/action`, { action: 'create', tags })
    expect([added.status, added.body]).toEqual([204, ''])
    await settles(ownTags, expect.arrayContaining([{ key: a, value: 'v2' }, ...tags]))
  })

  it('the project tags of images contain the keys with their values', async () => {
    const shown = async () =>
      tagsOfRun((await call('GET', `/v2/${visit().home.projectId}/images/tags`)).body.tags, keys)
    await settles(
      shown,
      expect.arrayContaining([
        { key: a, values: ['v2'] },
        { key: b, values: ['v1'] },
        { key: c, values: [''] },
      ]),
    )
  })

  // The image carries a=v2, b=v1 and c. Every query also asks for a, so that it finds this image or none.
  const item = (key: string, ...values: string[]) => ({ key, values })
  const mine = [item(a)]
  const half = [item(b, 'v1'), item(c, 'other')]
  const cases: readonly (readonly [name: string, body: object, count: 0 | 1])[] = [
    ['tags with any value', { tags: mine }, 1],
    ['tags with one of two values', { tags: [item(a, 'v1', 'v2')] }, 1],
    ['tags with another value', { tags: [item(a, 'v1')] }, 0],
    ['tags with the empty value', { tags: [item(a), item(c, '')] }, 1],
    ['tags are all needed', { tags: [item(a), ...half] }, 0],
    ['of tags_any one is enough', { tags: mine, tags_any: half }, 1],
    ['none of tags_any', { tags: mine, tags_any: [item(c, 'other')] }, 0],
    ['not_tags lets pass what lacks one of them', { tags: mine, not_tags: half }, 1],
    ['not_tags stops what has them all', { tags: mine, not_tags: [item(b), item(c)] }, 0],
    ['not_tags_any stops what has one of them', { tags: mine, not_tags_any: half }, 0],
    ['not_tags_any lets pass what has none', { tags: mine, not_tags_any: [item(c, 'other')] }, 1],
    ['values differ by letter case', { tags: [item(a, 'V2')] }, 0],
  ]
  for (const [name, body, count] of cases) {
    it(`the query "${name}" ${count === 1 ? 'finds the image' : 'does not find the image'}`, async () => {
      await settles(async () => (await query({ action: 'count', ...body })).body, { total_count: count })
      const found = async () => {
        const { body: page } = await query({ action: 'filter', limit: '10', offset: '0', ...body })
        return [page.total_count, page.resources.map((each: { resource_id: string }) => each.resource_id)]
      }
      await settles(found, [count, count === 1 ? [image()] : []])
    })
  }

  it('a query by id returns all tags of the image, and a page past the end is empty', async () => {
    const matches = [{ key: 'resource_id', value: image() }]
    const { status, body } = await query({ action: 'filter', limit: '1', offset: '0', tags: mine, matches })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      total_count: 1,
      resources: [
        { resource_id: image(), resource_name: expect.any(String), resource_detail: { status: expect.any(String) } },
      ],
    })
    expect(body.resources[0].tags).toHaveLength(foreign.length + ROOM)
    const past = await query({ action: 'filter', limit: '1', offset: '1', tags: mine })
    expect([past.status, past.body]).toEqual([200, { total_count: 1, resources: [] }])
  })

  it('image lists show tags as `key=value` and filter by this form', async () => {
    for (const path of ['/v2/cloudimages?__imagetype=private', '/v2/images?__imagetype=private']) {
      const find = (text: string) => async () => {
        const { body } = await call('GET', `${path}&tag=${encodeURIComponent(text)}`)
        return body.images.map(({ id, tags }: { id: string; tags: string[] }) => [id, tags.includes(`${a}=v2`)])
      }
      await settles(find(`${a}=v2`), [[image(), true]], path)
      await settles(find(`${a}=v1`), [], path)
    }
    const { body } = await call('GET', '/v1/cloudimages/tags?__imagetype=private')
    expect(body.tags).toEqual(expect.arrayContaining([`${a}=v2`, `${b}=v1`]))
  })

  it('a tag set by the older call can be deleted by the native one', async () => {
    const set = await call('PUT', '/v1/cloudimages/tags', { image_id: image(), tag: `${b}.v2` })
    expect([set.status, set.body]).toEqual([204, ''])
    await settles(async () => (await ownTags()).find(({ key }) => key === b), { key: b, value: 'v2' })
    expect((await call('DELETE', `/v2/images/${image()}/tags/${c}`)).status).toBe(204)
    await settles(async () => (await ownTags()).some(({ key }) => key === c), false)
    expect((await call('PUT', `/v2/images/${image()}/tags/${c}`)).status).toBe(204)
    await settles(async () => (await ownTags()).find(({ key }) => key === c), { key: c, value: '' })
  })

  it('a too long key, an unknown action and a too large page are refused with 400 and a code', async () => {
    const long = await call('POST', tagPath(), { tag: { key: `${a}-`.padEnd(37, 'x'), value: '' } })
    const batch = await call('POST', `${tagPath()}/action`, { action: 'Create', tags: [{ key: a, value: '' }] })
    const page = await query({ action: 'filter', limit: '1001' })
    for (const { status, body } of [long, batch, page]) expect([status, body]).toMatchObject([400, IMS_ERROR])
  })

  it('an unknown image id is answered with 400 or 404', async () => {
    const { status, body } = await call('GET', tagPath(randomUUID()))
    expect([400, 404]).toContain(status)
    expect(body).toMatchObject(IMS_ERROR)
  })

  it('an image call without a token is answered with 401 in the format of the gateway', async () => {
    const refused = await visit().ims.call(undefined, 'GET', tagPath())
    expect([refused.status, refused.body]).toMatchObject([401, { error_code: expect.stringMatching(/^APIGW?\.0301$/) }])
  })

  it('deleting a tag returns 204, and 404 the second time', async () => {
    expect((await call('DELETE', `${tagPath()}/${a}`)).status).toBe(204)
    await settles(async () => (await call('DELETE', `${tagPath()}/${a}`)).status, 404)
  })

  it('a batch deletes tags, ignores absent ones and keeps all others', async () => {
    const removed = await removal()
    expect([removed.status, removed.body]).toEqual([204, ''])
    await settles(ownTags, [])
    const { tags } = (await call('GET', tagPath())).body
    expect(tagsOfRun(tags, keys, false)).toEqual(expect.arrayContaining([...foreign]))
    expect(tags).toHaveLength(foreign.length)
  })
}
