import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId, tagOf, texts } from '../api/fixtures.ts'
import { OPERATIONS } from '../support/samples/operations.ts'
import { startTestService, type TestService } from '../support/service.ts'

// Every paged list of the service, read to its end by each of the rules with which clients stop (D31).

/** When a client stops: on a page without items, without a cursor for the next page, with fewer items than requested, or with the total of items read. */
type Stop = 'empty page' | 'no marker' | 'short page' | 'total'

// biome-ignore lint/suspicious/noExplicitAny: an answer of any list
type Body = any

/** The page to request: the number of items read, the number of pages read and the answer to the last request. */
type Position = { readonly items: number; readonly pages: number; readonly last: Body }

type PagedList = {
  readonly access: 'project' | 'domain'
  /** Query parameters of the first page. */
  readonly query?: Readonly<Record<string, string>>
  /** Members of the request body, for a list that is read by POST. */
  readonly body?: Readonly<Record<string, unknown>>
  readonly limitName?: string
  readonly limitAsText?: true
  /** The parameters that request the next page. */
  readonly next: (position: Position) => Readonly<Record<string, string | number>>
  readonly items: (body: Body) => readonly unknown[]
  /** The cursor of the next page in an answer; undefined for lists without one. */
  readonly marker?: (body: Body) => unknown
  readonly total?: (body: Body) => number
  /** A list that never has items. */
  readonly isEmpty?: true
}

const byOffset = ({ items }: Position) => ({ offset: items })
const byPage = ({ pages }: Position) => ({ page: pages + 1 })
const byLastImage = ({ last }: Position) => ({ marker: last.images.at(-1).id })
const totalCount = (body: Body) => body.total_count

const textList = (items: (body: Body) => readonly unknown[], query: Record<string, string>): PagedList => ({
  access: 'domain',
  query,
  next: ({ last }) => ({ marker: last.page_info.next_marker }),
  items,
  marker: (body) => body.page_info.next_marker,
})

const countList = (
  access: PagedList['access'],
  items: (body: Body) => readonly unknown[],
  query: Record<string, string>,
): PagedList => ({
  access,
  query,
  next: ({ last }) => ({ marker: last.next_marker }),
  items,
  marker: (body) => body.next_marker,
})

const LISTS: Readonly<Record<string, PagedList>> = {
  'POST /v2/{project_id}/images/resource_instances/action': {
    access: 'project',
    body: { action: 'filter' },
    limitAsText: true,
    next: ({ items }) => ({ offset: `${items}` }),
    items: (body) => body.resources,
    total: totalCount,
  },
  'POST /tagwerk/v1/domain/resources/query': {
    access: 'domain',
    body: {},
    next: byOffset,
    items: (body) => body.resources,
    total: totalCount,
  },
  'GET /tagwerk/v1/{project_id}/tag-keys': countList('project', (body) => body.keys, {}),
  'GET /tagwerk/v1/{project_id}/tag-values': countList('project', (body) => body.values, { key: 'key0' }),
  'GET /tagwerk/v1/domain/tag-keys': countList('domain', (body) => body.keys, {}),
  'GET /tagwerk/v1/domain/tag-values': countList('domain', (body) => body.values, { key: 'key0' }),
  'POST /tagwerk/v1/{project_id}/resources/query': {
    access: 'project',
    body: {},
    next: byOffset,
    items: (body) => body.resources,
    total: totalCount,
  },
  'GET /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/history': {
    access: 'project',
    next: ({ last }) => ({ before_revision: last.next }),
    items: (body) => body.changes,
    marker: (body) => body.next,
  },
  'GET /tagwerk/v1/{project_id}/changes': {
    access: 'project',
    next: ({ last }) => ({ before: last.next }),
    items: (body) => body.changes,
    marker: (body) => body.next,
  },
  'GET /tagwerk/v1/{project_id}/activity/groups': {
    access: 'project',
    next: ({ last }) => ({ before: last.next }),
    items: (body) => body.groups,
    marker: (body) => body.next,
  },
  'GET /tagwerk/v1/{project_id}/plans': countList('project', (body) => body.plans, {}),
  'GET /tagwerk/v1/{project_id}/plans/{plan_id}/items': countList('project', (body) => body.items, {}),
  'POST /tagwerk/v1/{project_id}/resources/search': {
    access: 'project',
    body: {},
    next: ({ last }) => ({ after: last.next }),
    items: (body) => body.resources,
    marker: (body) => body.next,
    total: totalCount,
  },
  'POST /tagwerk/v1/domain/resources/search': {
    access: 'domain',
    body: {},
    next: ({ last }) => ({ after: last.next }),
    items: (body) => body.resources,
    marker: (body) => body.next,
    total: totalCount,
  },
  'POST /tagwerk/v1/{project_id}/compliance/resources': {
    access: 'project',
    // No resource of the list has the key.
    body: { policy: { tags: { absent: { report_required_tag_for: { '@@assign': ['ims:image'] } } } } },
    next: ({ last }) => ({ after: last.next }),
    items: (body) => body.resources,
    marker: (body) => body.next,
    total: totalCount,
  },
  'GET /tagwerk/v1/{project_id}/resources': {
    access: 'project',
    next: ({ last }) => ({ after: last.next }),
    items: (body) => body.resources,
    marker: (body) => body.next,
    total: totalCount,
  },
  'GET /tagwerk/v1/domain/projects': countList('domain', (body) => body.projects, {}),
  'GET /tagwerk/v1/domain/users': countList('domain', (body) => body.users, {}),
  'GET /tagwerk/v1/domain/roles': countList('domain', (body) => body.roles, {}),
  'GET /tagwerk/v1/domain/role-assignments': countList('domain', (body) => body.assignments, {}),
  'GET /tagwerk/v1/account-log': {
    access: 'domain',
    next: ({ last }) => ({ marker: last.next_marker }),
    items: (body) => body.entries,
    marker: (body) => body.next_marker,
  },
  'GET /v1/cloudimages/tags': { access: 'project', next: byPage, items: (body) => body.tags },
  'GET /v2/cloudimages': { access: 'project', next: byLastImage, items: (body) => body.images },
  'GET /v2/images': {
    access: 'project',
    next: byLastImage,
    items: (body) => body.images,
    marker: (body) => body.next,
  },
  'GET /v3/{project_id}/tags': {
    access: 'project',
    next: byOffset,
    items: (body) => body.tags,
    total: totalCount,
  },
  'GET /v3/{project_id}/instances/{instance_id}/tags': {
    access: 'project',
    next: byOffset,
    items: (body) => body.tags,
    total: totalCount,
  },
  'GET /v3/{project_id}/instances/{instance_id}/configurations': {
    access: 'project',
    next: byOffset,
    items: (body) => body.parameter_values,
    total: totalCount,
    isEmpty: true,
  },
  'GET /v3/{project_id}/instances': {
    access: 'project',
    next: byOffset,
    items: (body) => body.instances,
    total: totalCount,
  },
  'GET /v1.0/predefine_tags': {
    access: 'domain',
    next: ({ last }) => ({ marker: last.marker }),
    items: (body) => body.tags,
    marker: (body) => body.marker,
    total: totalCount,
  },
  'GET /v1.0/tms/providers': {
    access: 'domain',
    next: byOffset,
    items: (body) => body.providers,
    total: totalCount,
  },
  'POST /v1.0/resource-instances/filter': {
    access: 'domain',
    body: { resource_types: ['images', 'instances'], tags: [{ key: 'key0', values: [] }] },
    next: byOffset,
    items: (body) => body.resources,
    total: totalCount,
  },
  'GET /v1.0/tag-keys': textList((body) => body.keys, {}),
  'GET /v1.0/tag-values': textList((body) => body.values, { key: 'key0' }),
  'GET /v3/projects': {
    access: 'domain',
    limitName: 'per_page',
    next: byPage,
    items: (body) => body.projects,
    marker: (body) => body.links.next,
  },
  'GET /v2/images/{image_id}/members': {
    access: 'project',
    next: ({ last }) => ({ marker: last.members.at(-1).member_id }),
    items: (body) => body.members,
  },
  'GET /v3/roles': {
    access: 'domain',
    limitName: 'per_page',
    next: byPage,
    items: (body) => body.roles,
    marker: (body) => body.links.next,
    total: (body) => body.total_number,
  },
  'GET /v3.0/OS-ROLE/roles': {
    access: 'domain',
    limitName: 'per_page',
    next: byPage,
    items: (body) => body.roles,
    marker: (body) => body.links.next,
    total: (body) => body.total_number,
  },
}

const STOPS: Readonly<Record<Stop, (list: PagedList, body: Body, read: number, limit: number) => boolean>> = {
  'empty page': (list, body) => list.items(body).length === 0,
  'no marker': (list, body) => !list.marker?.(body),
  'short page': (list, body, _read, limit) => list.items(body).length < limit,
  total: (list, body, read) => read >= (list.total?.(body) ?? 0),
}

/** The rules that a client can apply to a list, by the members that its answers have. */
function stopsOf({ marker, total }: PagedList): readonly Stop[] {
  return [
    'empty page',
    'short page',
    ...(marker ? (['no marker'] as const) : []),
    ...(total ? (['total'] as const) : []),
  ]
}

let service: TestService
let domainToken: string
let planId: string
const instanceId = newInstanceId()
const sharedImageId = newImageId()

beforeAll(async () => {
  service = await startTestService()
  domainToken = await service.tokenFor(undefined)
  const tags = texts('key', 4).map((key) => `${key}=v`)
  await service.register(instance(instanceId))
  await service.register(
    ...texts('v', 4).map((value) => image(newImageId(), `key0=${value}`)),
    instance(instanceId, ...tags),
    image(sharedImageId),
    ...texts('v', 3).map((value) => instance(newInstanceId(), `key0=${value}`)),
  )
  const create = async (path: string, body: unknown, status: number) => {
    const answer = await service.call('POST', path, { token: domainToken, body })
    expect([answer.status, answer.text]).toEqual([status, answer.text])
  }
  for (const member of texts('member', 4)) {
    const { status } = await service.call('POST', `/v2/images/${sharedImageId}/members`, { body: { member } })
    expect(status).toBe(200)
  }
  const predefined = texts('predefined=', 4).map(tagOf)
  await create('/v1.0/predefine_tags/action', { action: 'create', tags: predefined }, 204)
  for (const name of texts('project', 3)) await create('/v3/projects', { project: { name } }, 201)
  const { body: found } = await service.call('GET', '/tagwerk/v1/domain/roles', { token: domainToken })
  for (const name of texts('user', 3)) {
    const user = await service.call('POST', '/tagwerk/v1/domain/users', { token: domainToken, body: { name } })
    const path = `/tagwerk/v1/domain/users/${user.body.id}/roles/${found.roles[1].id}`
    expect((await service.call('PUT', path, { token: domainToken })).status).toBe(204)
  }
  for (let i = 0; i < 3; i++) {
    const body = { select: { resource_types: ['images'] }, actions: [{ set: { planned: '1' } }] }
    planId = (await service.call('POST', `/tagwerk/v1/${service.project}/plans`, { body })).body.id
  }
  const policy = { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['ims:images:list'] }] }
  for (const display_name of texts('policy', 4)) {
    await create('/v3.0/OS-ROLE/roles', { role: { display_name, type: 'XA', description: 'd', policy } }, 201)
  }
})
afterAll(() => service.stop())

async function request(operation: string, list: PagedList, parameters: Record<string, unknown>): Promise<Body> {
  const [method, template] = operation.split(' ') as [string, string]
  const path = template
    .replace('{project_id}', service.project)
    .replace('{instance_id}', instanceId)
    .replace('{image_id}', sharedImageId)
    .replace('{resource_type}/{resource_id}', `instances/${instanceId}`)
    .replace('{plan_id}', planId)
  const token = list.access === 'domain' ? domainToken : service.token
  const values = Object.entries({ ...list.query, ...parameters }).map(([name, value]): [string, string] => [
    name,
    String(value),
  ])
  const answer =
    list.body === undefined
      ? await service.call(method, `${path}?${new URLSearchParams(values)}`, { token })
      : await service.call(method, path, { token, body: { ...list.body, ...parameters } })
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return answer.body
}

/** Reads a list to its end. Fails beyond one request more than the pages and the empty one. */
async function readAll(operation: string, list: PagedList, stop: Stop, limit: number, expected: number) {
  const items: unknown[] = []
  const size = { [list.limitName ?? 'limit']: list.limitAsText ? `${limit}` : limit }
  const requestsMax = Math.ceil(expected / limit) + 1
  let parameters: Record<string, unknown> = size
  for (let pages = 1; pages <= requestsMax; pages++) {
    const last = await request(operation, list, parameters)
    items.push(...list.items(last))
    // Without a cursor there is no next page to request, whatever else a client waits for.
    const hasNext = list.marker === undefined || Boolean(list.marker(last))
    if (!hasNext || STOPS[stop](list, last, items.length, limit)) return items
    parameters = { ...size, ...list.next({ items: items.length, pages, last }) }
  }
  throw new Error(`${operation} does not end for a client that stops on "${stop}" within ${requestsMax} requests`)
}

describe('the table of paged lists', () => {
  it('has every operation with a page size or a page number', () => {
    const paging = /^(limit|offset|page|per_page|marker)$/
    const paged = [...OPERATIONS].filter(([, { route }]) => {
      const bodyMembers = (route.body as { properties?: object } | undefined)?.properties ?? {}
      return [...Object.keys(route.query.properties), ...Object.keys(bodyMembers)].some((name) => paging.test(name))
    })
    expect(Object.keys(LISTS).sort()).toEqual(paged.map(([operation]) => operation).sort())
  })
})

describe('a client that reads every page', () => {
  const cases = Object.entries(LISTS).flatMap(([operation, list]) =>
    stopsOf(list).map((stop) => [operation, stop, list] as const),
  )
  it.each(cases)('comes to the end of %s when it stops on: %s', async (operation, stop, list) => {
    const count = list.limitAsText ? '100' : 100
    const whole = list.items(await request(operation, list, { [list.limitName ?? 'limit']: count }))
    if (list.isEmpty) expect(whole).toEqual([])
    else expect(whole.length).toBeGreaterThanOrEqual(2)
    for (const limit of [1, 2, whole.length || 3, whole.length + 1]) {
      expect(await readAll(operation, list, stop, limit, whole.length), `limit ${limit}`).toEqual(whole)
    }
  })
})

describe('a page past the end', () => {
  it.each(Object.entries(LISTS).filter(([, { next }]) => next === byOffset || next === byPage))(
    'of %s is empty',
    async (operation, list) => {
      const past = list.next({ items: 1000, pages: 1000, last: undefined })
      const body = await request(operation, list, past)
      expect(list.items(body)).toEqual([])
      if (list.marker !== undefined) expect(list.marker(body)).toBeFalsy()
    },
  )
})
