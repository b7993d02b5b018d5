import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Place, Stage } from './stage.ts'

// Tags of an image through the three interfaces for them: tag calls with keys and values, older calls with `k.v` and
// `k=v`, and native calls with plain strings. The steps depend on their order.

const JSON_PATCH = { 'Content-Type': 'application/openstack-images-v2.1-json-patch' }

let stage: Stage
let home: Place
let receiver: Place
/** The tested image: created as metadata, tagged, shared and deleted. */
let image: string

beforeAll(async () => {
  stage = await Stage.open()
  home = await stage.project('images')
  receiver = await stage.project('receiver')
})

afterAll(() => stage?.close())

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}, place = home) =>
  stage.client.call(place.token, method, path, body, headers)
const tagPath = (id = image, place = home) => `/v2/${place.projectId}/images/${id}/tags`
const tagsOf = async (id = image) => (await call('GET', tagPath(id))).body
const shown = async (id = image) => (await call('GET', `/v2/images/${id}`)).body
const tag = (key: string, value = '') => ({ key, value })
const idsIn = ({ body }: { body: { images: { id: string }[] } }) => body.images.map(({ id }) => id)

describe('an image made as metadata', () => {
  it('an image created as metadata has its tags and all given properties', async () => {
    const made = await call('POST', '/v2/images', { name: 'acceptance', tags: ['os=linux', 'bare'], min_disk: 40 })
    expect(made.status).toBe(201)
    image = made.body.id
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
      name: 'acceptance',
      owner: home.projectId,
      status: 'queued',
      visibility: 'private',
      protected: false,
      min_disk: 40,
      min_ram: 0,
      tags: ['os=linux', 'bare'],
      created_at: time,
      updated_at: time,
      self: `/v2/images/${image}`,
      file: `/v2/images/${image}/file`,
      schema: '/v2/schemas/image',
    })
    expect(await shown()).toEqual(made.body)
  })

  it('all three interfaces show the same tags of an image', async () => {
    expect(await tagsOf()).toEqual({ tags: [tag('os', 'linux'), tag('bare')] })
    expect((await call('GET', '/v1/cloudimages/tags')).body).toEqual({ tags: ['bare', 'os=linux'] })
    const listed = await call('GET', '/v2/cloudimages?__imagetype=private')
    expect(listed.body).toEqual({ images: [await shown()] })
  })
})

describe('the tag calls with keys and values', () => {
  it('a tag is deleted by its key, and the second deletion returns 404', async () => {
    expect((await call('POST', tagPath(), { tag: tag('gone', 'soon') })).status).toBe(204)
    const first = await call('DELETE', `${tagPath()}/gone`)
    expect([first.status, first.body]).toEqual([204, ''])
    const second = await call('DELETE', `${tagPath()}/gone`)
    expect([second.status, second.body]).toEqual([
      404,
      { error: { message: expect.stringMatching(/^The resource ID in the request is incorrect\./), code: 'IMG.0031' } },
    ])
  })

  it('a batch adds image tags and overwrites existing ones without reordering them', async () => {
    const tags = [tag('team', '网络'), tag('os', 'bsd'), tag('empty')]
    const done = await call('POST', `${tagPath()}/action`, { action: 'create', tags })
    expect([done.status, done.body]).toEqual([204, ''])
    expect(await tagsOf()).toEqual({ tags: [tag('os', 'bsd'), tag('bare'), tag('team', '网络'), tag('empty')] })
  })

  it('a batch of image tags is applied completely or not at all', async () => {
    const before = await tagsOf()
    const batches = [
      [[tag('fine', '1'), tag('not fine', '1')], 'IMG.0115'],
      [[tag('fine', '1'), tag('fine', '2')], 'IMG.0001'],
      [Array.from({ length: 7 }, (_, i) => tag(`more${i}`)), 'IMG.0116'],
      [[], 'IMG.0001'],
    ] as const
    for (const [tags, code] of batches) {
      const refused = await call('POST', `${tagPath()}/action`, { action: 'create', tags })
      expect([refused.status, refused.body.error.code]).toEqual([400, code])
    }
    const full = await call('POST', `${tagPath()}/action`, {
      action: 'create',
      tags: [tag('os', 'linux'), ...Array.from({ length: 6 }, (_, i) => tag(`more${i}`))],
    })
    expect(full.status, 'six more and one overwritten make ten').toBe(204)
    expect((await tagsOf()).tags).toHaveLength(10)
    const tags = [tag('os', 'bsd'), ...Array.from({ length: 6 }, (_, i) => ({ key: `more${i}` }))]
    expect((await call('POST', `${tagPath()}/action`, { action: 'delete', tags })).status).toBe(204)
    expect(await tagsOf(), 'another value than the stored one deletes nothing').toEqual({
      tags: before.tags.map((each: { key: string }) => (each.key === 'os' ? tag('os', 'linux') : each)),
    })
  })

  it('the tags of all images of a project are listed by key with their values', async () => {
    const second = (await call('POST', '/v2/images', { name: 'second', tags: ['os=bsd'] })).body.id
    expect((await call('GET', `/v2/${home.projectId}/images/tags`)).body).toEqual({
      tags: [
        { key: 'bare', values: [''] },
        { key: 'empty', values: [''] },
        { key: 'os', values: ['bsd', 'linux'] },
        { key: 'team', values: ['网络'] },
      ],
    })
    expect((await call('DELETE', `/v2/images/${second}`)).status).toBe(204)
  })
})

describe('the older tag calls', () => {
  it('the older call sets a tag as `key.value`, split at the first dot, or as key and value', async () => {
    for (const body of [{ tag: 'version.1.2' }, { tag: 'alone' }, { image_tag: tag('os', 'beos') }]) {
      const set = await call('PUT', '/v1/cloudimages/tags', { image_id: image, ...body })
      expect([set.status, set.body]).toEqual([204, ''])
    }
    expect(await tagsOf()).toEqual({
      tags: [tag('os', 'beos'), tag('bare'), tag('team', '网络'), tag('empty'), tag('version', '1.2'), tag('alone')],
    })
  })

  it('the older call lists tags as `key=value`, paged', async () => {
    const all = ['alone', 'bare', 'empty', 'os=beos', 'team=网络', 'version=1.2']
    expect((await call('GET', '/v1/cloudimages/tags')).body).toEqual({ tags: all })
    for (const [page, expected] of [all.slice(0, 4), all.slice(4), []].entries()) {
      const { body } = await call('GET', `/v1/cloudimages/tags?limit=4&page=${page + 1}`)
      expect(body).toEqual({ tags: expected })
    }
  })

  it('the older call deletes several tags at once', async () => {
    const path = `/v1/${home.projectId}/cloudimages/${image}/tags/delete`
    const done = await call('DELETE', path, { tags: [tag('version', '1.2'), tag('alone'), tag('never')] })
    expect([done.status, done.body]).toEqual([204, ''])
    expect((await shown()).tags).toEqual(['os=beos', 'bare', 'team=网络', 'empty'])
  })
})

describe('the native tag calls', () => {
  it('the native calls add and delete a key without a value', async () => {
    const path = `/v2/images/${image}/tags/native`
    expect((await call('PUT', path)).status).toBe(204)
    expect((await shown()).tags).toEqual(['os=beos', 'bare', 'team=网络', 'empty', 'native'])
    expect((await call('DELETE', path)).status).toBe(204)
    const again = await call('DELETE', path)
    expect([again.status, again.body.error.code]).toEqual([404, 'IMG.0031'])
  })

  it('a native update replaces the whole list, like `openstack image set --tag`', async () => {
    const patch = (value: readonly string[]) =>
      call('PATCH', `/v2/images/${image}`, [{ op: 'add', path: '/tags', value }], JSON_PATCH)
    const patched = await patch(['os=linux', 'T'])
    expect(patched.status).toBe(200)
    expect(patched.body).toEqual(await shown())
    expect(patched.body.tags).toEqual(['os=linux', 'T'])
    for (const [value, code] of [
      [['k=1', 'k=2'], 'IMG.0001'],
      [['a b'], 'IMG.0115'],
      [Array.from({ length: 11 }, (_, i) => `k${i}`), 'IMG.0116'],
    ] as const) {
      const refused = await patch(value)
      expect([refused.status, refused.body.error.code]).toEqual([400, code])
    }
    expect(await tagsOf()).toEqual({ tags: [tag('os', 'linux'), tag('T')] })
  })
})

it('an image created from a server has its tags, and its job names the image', async () => {
  const body = { name: 'of a server', instance_id: randomUUID(), image_tags: [tag('from', 'server')] }
  const made = await call('POST', '/v2/cloudimages/action', body)
  expect([made.status, made.body]).toEqual([200, { job_id: expect.any(String) }])
  const job = await call('GET', `/v1/${home.projectId}/jobs/${made.body.job_id}`)
  expect(job.body).toMatchObject({ job_id: made.body.job_id, status: 'SUCCESS', entities: { image_name: body.name } })
  const { image_id } = job.body.entities
  expect(await shown(image_id)).toMatchObject({ name: body.name, status: 'active', tags: ['from=server'] })
  expect((await call('DELETE', `/v2/images/${image_id}`)).status).toBe(204)
})

describe('finding images in the lists', () => {
  const made: string[] = []

  it('the image list is paged by marker until there is no next page, filtered by all tags', async () => {
    for (let i = 0; i < 5; i++) {
      const tags = ['walk=yes', i === 2 ? 'odd' : 'even']
      made.push((await call('POST', '/v2/images', { name: `walk-${i}`, tags })).body.id)
    }
    const seen: string[] = []
    let next: string | undefined = '/v2/images?limit=3&tag=walk%3Dyes&tag=even&sort_key=name&sort_dir=asc'
    for (let pages = 1; next !== undefined; pages++) {
      const page: Awaited<ReturnType<typeof call>> = await call('GET', next)
      expect([page.status, page.body.schema]).toEqual([200, '/v2/schemas/images'])
      expect(pages, 'the walk ends').toBeLessThanOrEqual(3)
      seen.push(...idsIn(page))
      next = page.body.next
      if (next !== undefined) expect(next).toContain(`marker=${seen.at(-1)}`)
    }
    expect(seen).toEqual(made.filter((_, i) => i !== 2))
  })

  it('a key without a value matches the empty value, and an unused tag matches nothing', async () => {
    for (const path of ['/v2/images', '/v2/cloudimages']) {
      expect(idsIn(await call('GET', `${path}?tag=odd`))).toEqual([made[2]])
      expect(idsIn(await call('GET', `${path}?tag=walk`))).toEqual([])
      expect(idsIn(await call('GET', `${path}?tag=odd&tag=even`))).toEqual([])
      expect(idsIn(await call('GET', `${path}?tag=os%3Dlinux&owner=${home.projectId}`))).toEqual([image])
    }
  })
})

describe('an image that is shared with another project', () => {
  const asReceiver = (method: string, path: string, body?: unknown) => call(method, path, body, {}, receiver)
  const members = () => `/v2/images/${image}/members`
  const member = (status: string) => ({
    image_id: image,
    member_id: receiver.projectId,
    status,
    schema: '/v2/schemas/member',
    created_at: expect.any(String),
    updated_at: expect.any(String),
  })

  it('an image is invisible to a project without a share', async () => {
    const missing = await asReceiver('GET', `/v2/images/${image}`)
    expect([missing.status, missing.body.error.code]).toEqual([404, 'IMG.0027'])
  })

  it('the owner shares an image and the receiver accepts it', async () => {
    const offered = await call('POST', members(), { member: receiver.projectId })
    expect([offered.status, offered.body]).toEqual([200, member('pending')])
    const early = await asReceiver('GET', tagPath(image, receiver))
    expect([early.status, early.body.error.code]).toEqual([404, 'IMG.0027'])
    const path = `${members()}/${receiver.projectId}`
    const accepted = await asReceiver('PUT', path, { status: 'accepted' })
    expect([accepted.status, accepted.body]).toEqual([200, member('accepted')])
    expect((await call('GET', members())).body).toEqual({
      members: [member('accepted')],
      schema: '/v2/schemas/members',
    })
  })

  it("the receiver of a shared image sees the owner's tags", async () => {
    expect((await asReceiver('GET', tagPath(image, receiver))).body).toEqual({ tags: [tag('os', 'linux'), tag('T')] })
    const { body } = await asReceiver('GET', `/v2/images/${image}`)
    expect(body).toEqual({ ...(await shown()), visibility: 'shared', __imagetype: 'shared' })
    expect((await asReceiver('GET', '/v2/cloudimages?__imagetype=shared')).body).toEqual({ images: [body] })
  })

  it('the receiver of a shared image cannot tag it: 400 IMG.0047', async () => {
    for (const [method, path, body] of [
      ['POST', tagPath(image, receiver), { tag: tag('mine') }],
      ['POST', `${tagPath(image, receiver)}/action`, { action: 'create', tags: [tag('mine')] }],
      ['DELETE', `${tagPath(image, receiver)}/os`, undefined],
      ['PUT', '/v1/cloudimages/tags', { image_id: image, tag: 'mine' }],
      ['PUT', `/v2/images/${image}/tags/mine`, undefined],
    ] as const) {
      const refused = await asReceiver(method, path, body)
      expect([refused.status, refused.body], `${method} ${path}`).toEqual([
        400,
        { error: { message: 'This operation can be performed only by the image owner.', code: 'IMG.0047' } },
      ])
    }
    expect(await tagsOf()).toEqual({ tags: [tag('os', 'linux'), tag('T')] })
  })

  it("a shared image is not listed among the receiver's own images", async () => {
    const counted = await asReceiver('POST', `/v2/${receiver.projectId}/images/resource_instances/action`, {
      action: 'count',
    })
    expect(counted.body).toEqual({ total_count: 0 })
    expect((await asReceiver('GET', `/v2/${receiver.projectId}/images/tags`)).body).toEqual({ tags: [] })
  })

  it('a shared image becomes invisible to the receiver when the owner revokes the share', async () => {
    expect((await call('DELETE', `${members()}/${receiver.projectId}`)).status).toBe(204)
    expect((await asReceiver('GET', tagPath(image, receiver))).status).toBe(404)
  })
})

it('deleting an image deletes its tags', async () => {
  expect((await call('DELETE', `/v2/images/${image}`)).status).toBe(204)
  for (const path of [tagPath(), `/v2/images/${image}`]) {
    const gone = await call('GET', path)
    expect([gone.status, gone.body.error.code]).toEqual([404, 'IMG.0027'])
  }
  expect((await call('GET', '/v1/cloudimages/tags')).body).toEqual({ tags: ['even', 'odd', 'walk=yes'] })
  const never = await call('PUT', `/v2/images/${randomUUID()}/tags/any`)
  expect([never.status, never.body.error.code]).toEqual([404, 'IMG.0027'])
})
