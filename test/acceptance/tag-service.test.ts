import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Place, Stage } from './stage.ts'

// The tag service works on all projects of a domain: predefined tags, and tags of many resources at once. The domain may
// be shared, so all queries are limited to keys of this run. The steps depend on their order.

let stage: Stage
let here: Place
let there: Place
let image: string
let database: string
/** An image of the other project. */
let farImage: string

beforeAll(async () => {
  stage = await Stage.open()
  here = await stage.project('here')
  there = await stage.project('there')
  const newImage = async ({ token }: Place) =>
    (await stage.client.call(token, 'POST', '/v2/images', { name: `of ${stage.run}` })).body.id
  image = await newImage(here)
  farImage = await newImage(there)
  const made = await stage.client.call(here.token, 'POST', `/v3/${here.projectId}/instances`, {
    name: 'acceptance',
    flavor_ref: 'gaussdb.mysql.xlarge.x86.4',
    vpc_id: randomUUID(),
    subnet_id: randomUUID(),
    datastore: { type: 'gaussdb-mysql', version: '8.0' },
  })
  database = made.body.instance.id
})

afterAll(() => stage?.close())

/** A key unique to this run. */
const own = (name: string) => `acc-${stage.run}-${name}`
const tag = (name: string, value = '') => ({ key: own(name), value })

describe('predefined tags', () => {
  const listed = async (text: string) => {
    const { status, body } = await stage.admin('GET', `/v1.0/predefine_tags?key=${own('').toUpperCase()}&${text}`)
    expect(status).toBe(200)
    return body
  }
  const pairsOf = ({ tags }: { tags: { key: string; value: string }[] }) =>
    tags.map(({ key, value }) => `${key.slice(own('').length)}=${value}`)
  const used = async () => (await stage.admin('GET', '/v1.0/tms/quotas')).body.quotas[0].used
  const act = (action: string, tags: readonly object[]) =>
    stage.admin('POST', '/v1.0/predefine_tags/action', { action, tags })

  it('predefined tags are created once per pair of key and value', async () => {
    const tags = [tag('env', 'test'), tag('env', 'prod'), tag('team', '网络'), tag('empty')]
    stage.removeLater('POST', '/v1.0/predefine_tags/action', {
      action: 'delete',
      tags: [...tags, tag('env', 'live')],
    })
    for (let i = 0; i < 2; i++) {
      const done = await act('create', tags)
      expect([done.status, done.body]).toEqual([204, ''])
    }
    const body = await listed('limit=0')
    expect(body).toEqual({
      marker: expect.any(String),
      total_count: 4,
      tags: expect.arrayContaining(
        tags.map((each) => ({ ...each, update_time: expect.stringMatching(/^\d{4}(-\d\d){2}T(\d\d:){2}\d\dZ$/) })),
      ),
    })
    expect(body.tags).toHaveLength(4)
    expect(await used()).toBeGreaterThanOrEqual(4)
  })

  it('predefined tags are listed in the requested order, paged until an empty page', async () => {
    for (const [order, expected] of [
      ['order_field=key&order_method=asc', ['empty=', 'env=prod', 'env=test', 'team=网络']],
      ['order_field=value&order_method=desc', ['team=网络', 'env=test', 'env=prod', 'empty=']],
    ] as const) {
      const seen: string[] = []
      let marker = ''
      for (;;) {
        const page = await listed(`limit=3&marker=${encodeURIComponent(marker)}&${order}`)
        expect(page.total_count).toBe(4)
        if (page.tags.length === 0) break
        seen.push(...pairsOf(page))
        expect(seen.length, 'the walk ends').toBeLessThanOrEqual(page.total_count)
        marker = page.marker
      }
      expect(seen).toEqual(expected)
    }
  })

  it('predefined tags are found by a substring of the value', async () => {
    expect(pairsOf(await listed('value=ES'))).toEqual(['env=test'])
  })

  it('a predefined tag is replaced only by a new one', async () => {
    const replace = (old_tag: object, new_tag: object) =>
      stage.admin('PUT', '/v1.0/predefine_tags', { old_tag, new_tag })
    const done = await replace(tag('env', 'prod'), tag('env', 'live'))
    expect([done.status, done.body]).toEqual([200, ''])
    for (const [before, after, code] of [
      [tag('env', 'prod'), tag('env', 'other'), 'TMS.1002'],
      [tag('env', 'test'), tag('env', 'live'), 'TMS.1003'],
    ] as const) {
      const refused = await replace(before, after)
      expect([refused.status, refused.body.error_code]).toEqual([400, code])
    }
    expect(pairsOf(await listed('order_field=key&order_method=asc'))).toEqual([
      ...['empty=', 'env=live', 'env=test', 'team=网络'],
    ])
  })

  it('deleting predefined tags is idempotent', async () => {
    for (let i = 0; i < 2; i++) {
      expect((await act('delete', [tag('env', 'test'), tag('env', 'live'), tag('team', '网络')])).status).toBe(204)
    }
    expect(pairsOf(await listed('limit=10'))).toEqual(['empty='])
  })

  it('a project token is refused with 403 TMS.0004 for predefined tags', async () => {
    const refused = await stage.client.call(here.token, 'GET', '/v1.0/predefine_tags')
    expect([refused.status, refused.body]).toEqual([
      403,
      {
        error_code: 'TMS.0004',
        error_msg: expect.stringMatching(/^You do not have permissions to perform the operation\./),
      },
    ])
  })
})

describe('tags of several resources in one call', () => {
  const change = (verb: string, place: Place, resources: readonly (readonly [string, string])[], tags: object[]) =>
    stage.admin('POST', `/v1.0/resource-tags/batch-${verb}`, {
      project_id: place.projectId,
      resources: resources.map(([resource_type, resource_id]) => ({ resource_type, resource_id })),
      tags,
    })
  const shown = (id: string, type: string, { projectId } = here) =>
    stage.admin('GET', `/v2.0/resources/${id}/tags?resource_type=${type}&project_id=${projectId}`)

  it('a batch adds tags where possible and lists each failed resource with its reason', async () => {
    const unknown = randomUUID()
    const resources = [
      ['images', image],
      ['images', unknown],
      ['gaussdb', database],
      ['images', farImage],
      ['submarine', image],
    ] as const
    const done = await change('create', here, resources, [tag('env', 'test'), tag('team', '网络')])
    expect(done.status).toBe(200)
    expect(done.body).toEqual({
      failed_resources: [
        [unknown, 'images', 'TMS.0005', /^The resources requested cannot be found\./],
        [farImage, 'images', 'TMS.0005', /^The resources requested cannot be found\./],
        [image, 'submarine', 'TMS.5027', /^Invalid resource type\./],
      ].map(([resource_id, resource_type, error_code, text]) => ({
        resource_id,
        resource_type,
        error_code,
        error_msg: expect.stringMatching(text as RegExp),
      })),
    })
  })

  it('tags added by a batch are visible in the services of the resources', async () => {
    const tags = [tag('env', 'test'), tag('team', '网络')]
    for (const [id, type] of [
      [image, 'images'],
      [image, 'private_image'],
      [database, 'gaussdb'],
      [database, 'instances'],
    ] as const) {
      expect((await shown(id, type)).body).toEqual({ tags })
    }
    const ask = (path: string) => stage.client.call(here.token, 'GET', path)
    expect((await ask(`/v2/${here.projectId}/images/${image}/tags`)).body).toEqual({ tags })
    expect((await ask(`/v3/${here.projectId}/instances/${database}/tags`)).body).toEqual({ total_count: 2, tags })
  })

  it('a batch changes a resource completely or not at all, independently of the others', async () => {
    const nine = Array.from({ length: 9 }, (_, i) => tag(`n${i}`))
    const both = [
      ['images', image],
      ['gaussdb', database],
    ] as const
    const done = await change('create', here, both, nine)
    expect(done.body.failed_resources).toMatchObject([{ resource_id: image, error_code: 'TMS.0002' }])
    expect((await shown(image, 'images')).body.tags).toHaveLength(2)
    expect((await shown(database, 'gaussdb')).body.tags).toHaveLength(11)
    const undone = await change('delete', here, both, nine)
    expect([undone.status, undone.body]).toEqual([200, { failed_resources: [] }])
    expect((await shown(database, 'gaussdb')).body.tags).toHaveLength(2)
  })

  it('a batch removes tags from resources by key, or by key and value', async () => {
    const done = await change('delete', here, [['gaussdb', database]], [tag('env', 'other'), { key: own('team') }])
    expect(done.body).toEqual({ failed_resources: [] })
    expect((await shown(database, 'gaussdb')).body).toEqual({ tags: [tag('env', 'test')] })
    await change('create', there, [['images', farImage]], [tag('env', 'prod')])
    expect((await shown(farImage, 'images', there)).body).toEqual({ tags: [tag('env', 'prod')] })
  })
})

describe('finding resources by tag', () => {
  const find = (body: object) => stage.admin('POST', '/v1.0/resource-instances/filter', body)
  const env = (...values: string[]) => ({ key: own('env'), values })
  const idsIn = ({ body }: { body: { resources: { resource_id: string }[] } }) =>
    body.resources.map(({ resource_id }) => resource_id)

  it('results are ordered by type as requested, then by project name', async () => {
    const found = await find({ resource_types: ['gaussdb', 'images'], tags: [env()] })
    expect(found.body).toMatchObject({ total_count: 3, errors: [] })
    expect(idsIn(found)).toEqual([database, image, farImage])
    expect(found.body.resources[2]).toEqual({
      project_id: there.projectId,
      project_name: there.name,
      resource_type: 'images',
      resource_id: farImage,
      resource_name: `of ${stage.run}`,
      resource_detail: { status: 'queued' },
      tags: [tag('env', 'prod')],
    })
  })

  it('a filter combines project, type, values and several keys', async () => {
    const team = { key: own('team'), values: ['网络', 'other'] }
    const both = ['images', 'instances']
    for (const [body, expected] of [
      [{ project_id: here.projectId, resource_types: both, tags: [env()] }, [image, database]],
      [{ resource_types: ['private_image'], tags: [env()] }, [image, farImage]],
      [{ resource_types: both, tags: [env('prod', 'live')] }, [farImage]],
      [{ resource_types: both, tags: [env(), team] }, [image]],
      [{ resource_types: both, tags: [env('nowhere')] }, []],
      [{ project_id: there.projectId, resource_types: both, without_any_tag: true }, []],
    ] as const) {
      const found = await find(body)
      expect([found.status, idsIn(found), found.body.total_count]).toEqual([200, expected, expected.length])
    }
  })

  it('pages continue across types and projects', async () => {
    const seen: string[] = []
    for (let offset = 0; ; offset += 2) {
      const page = await find({ resource_types: ['images', 'gaussdb'], tags: [env()], limit: 2, offset })
      expect(page.body.total_count).toBe(3)
      if (page.body.resources.length === 0) break
      seen.push(...idsIn(page))
    }
    expect(seen).toEqual([image, farImage, database])
  })

  it('a filter with an unknown type or project is refused', async () => {
    for (const [body, code] of [
      [{ resource_types: ['submarine'], tags: [env()] }, 'TMS.5027'],
      [{ resource_types: ['images'], project_id: '0'.repeat(32), tags: [env()] }, 'TMS.2011'],
      [{ resource_types: ['images'] }, 'TMS.0012'],
    ] as const) {
      const refused = await find(body)
      expect([refused.status, refused.body.error_code]).toEqual([400, code])
    }
  })
})

describe('keys and values in use', () => {
  const walk = async (path: string, member: 'keys' | 'values') => {
    const seen: string[] = []
    let marker = ''
    do {
      const { status, body } = await stage.admin('GET', `${path}limit=2&marker=${encodeURIComponent(marker)}`)
      expect([status, body.page_info.current_count]).toEqual([200, body[member].length])
      seen.push(...body[member])
      expect(new Set(seen).size, 'no page repeats anything').toBe(seen.length)
      marker = body.page_info.next_marker
    } while (marker !== '')
    return seen
  }

  it('keys and values in use are listed once over all projects, in ascending order', async () => {
    const keys = await walk('/v1.0/tag-keys?', 'keys')
    expect(keys.filter((key) => key.startsWith(own('')))).toEqual([own('env'), own('team')])
    expect(await walk(`/v1.0/tag-values?key=${own('env')}&`, 'values')).toEqual(['prod', 'test'])
    expect(await walk(`/v1.0/tag-values?key=${own('never')}&`, 'values')).toEqual([])
  })
})
