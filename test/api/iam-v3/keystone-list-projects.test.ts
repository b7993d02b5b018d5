import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { iamError, says } from '../expected.ts'
import { image, logIn, newImageId, startWithUsers, targetOf, texts } from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'
import { ID } from './accounts.ts'

// GET /v3/projects (contract 6.1).

const PATH = '/v3/projects'
const NAMES = ['default', 'guests', 'other', 'p0', 'p1', 'p2', '项目']

let service: TestService
let target: Target
beforeAll(async () => {
  service = await startWithUsers()
  const made = [...texts('p', 3), '项目'].map((project) => ({ ...image(newImageId()), project }))
  await service.register(...made)
  target = await targetOf(service, {}, false)
})
afterAll(() => service.stop())

async function list(query = '', token = service.token) {
  const { status, body } = await service.call('GET', PATH + query, { token })
  expect(status).toBe(200)
  return body as { links: Record<string, string | null>; projects: { id: string; name: string }[] }
}
const namesOf = ({ projects }: { projects: { name: string }[] }) => projects.map(({ name }) => name)

describe('listing projects', () => {
  it('a project is listed by name in the documented form, as the only result', async () => {
    const { links, projects } = await list('?name=default')
    expect(projects).toEqual([
      {
        id: service.project,
        name: 'default',
        domain_id: ID,
        parent_id: ID,
        is_domain: false,
        enabled: true,
        description: '',
        tags: [],
        links: { self: `${service.url}/v3/projects/${service.project}` },
      },
    ])
    expect(links).toMatchObject({ previous: null, next: null })
    expect(links.self).toContain(`${service.url}/v3/projects`)
  })

  it('all projects in which the user has a role are listed by name', async () => {
    expect(namesOf(await list())).toEqual(NAMES)
    expect(namesOf(await list('', await service.tokenFor(undefined)))).toEqual(NAMES)
  })

  it('a user with a role in one project sees only that project', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect(namesOf(await list('', token))).toEqual(['default'])
    expect(namesOf(await list('?name=guests', token))).toEqual([])
  })

  it('projects are filtered by exact name', async () => {
    expect(namesOf(await list('?name=p'))).toEqual([])
    expect(namesOf(await list('?name=P1'))).toEqual([])
    expect(namesOf(await list(`?name=${encodeURIComponent('项目')}`))).toEqual(['项目'])
    expect(namesOf(await list('?name=__proto__'))).toEqual([])
  })

  it('projects are filtered by domain and by enabled', async () => {
    const { projects } = await list('?name=p0')
    const { domain_id: domain } = projects[0] as unknown as { domain_id: string }
    expect(namesOf(await list(`?domain_id=${domain}`))).toEqual(NAMES)
    expect(namesOf(await list('?domain_id=no'))).toEqual([])
    expect(namesOf(await list('?enabled=true&name=p1'))).toEqual(['p1'])
    expect(namesOf(await list('?enabled=false'))).toEqual([])
  })

  it('projects are filtered by parent, which is the domain, and by is_domain, which is always false', async () => {
    const [project] = (await list('?name=p0')).projects as unknown as { parent_id: string }[]
    expect(namesOf(await list(`?parent_id=${project?.parent_id}`))).toEqual(NAMES)
    expect(namesOf(await list(`?parent_id=${service.project}`))).toEqual([])
    expect(namesOf(await list('?is_domain=false'))).toEqual(NAMES)
    expect(namesOf(await list('?is_domain=true'))).toEqual([])
  })

  it('projects are filtered by tags, each filter in its meaning (D35)', async () => {
    const token = await service.tokenFor(undefined)
    const tagged: Record<string, string[]> = { A: ['a'], B: ['b'], AB: ['a', 'b'], C: ['c', 'A'] }
    const ids: string[] = []
    for (const [name, tags] of Object.entries(tagged)) {
      const { body } = await service.call('POST', PATH, { token, body: { project: { name, tags } } })
      ids.push(body.project.id)
    }
    const without = NAMES
    const find = async (query: string) => namesOf(await list(`?${query}`)).filter((name) => !without.includes(name))
    const finds = async (query: string) => namesOf(await list(`?${query}`)).includes('default')
    expect(await find('tags=a')).toEqual(['A', 'AB'])
    expect(await find('tags=a,b')).toEqual(['AB'])
    expect(await find('tags=a%2Cb')).toEqual(['AB'])
    expect(await find('tags=A')).toEqual(['C'])
    expect(await find('tags=none')).toEqual([])
    expect(await find('tags-any=a,c')).toEqual(['A', 'AB', 'C'])
    expect(await find('not-tags=a,b')).toEqual(['A', 'B', 'C'])
    expect(await find('not-tags-any=a,b')).toEqual(['C'])
    expect(await find('tags=a&not-tags=a,b')).toEqual(['A'])
    expect(await find('tags-any=a,b&not-tags-any=b&enabled=true')).toEqual(['A'])
    expect([await finds('tags=a'), await finds('tags-any=a')]).toEqual([false, false])
    expect([await finds('not-tags=a'), await finds('not-tags-any=a,b')]).toEqual([true, true])
    const { links } = await list('?tags-any=a,b&per_page=1')
    expect(links.next).toContain('tags-any=a%2Cb')
    for (const id of ids) await service.call('DELETE', `${PATH}/${id}`, { token })
  })

  it('disabled projects are listed only to callers who may manage projects', async () => {
    const token = await service.tokenFor(undefined)
    const { body } = await service.call('POST', PATH, { token, body: { project: { name: 'shut', enabled: false } } })
    expect(namesOf(await list('?enabled=false', token))).toEqual(['shut'])
    expect(namesOf(await list('?name=shut'))).toEqual([])
    await service.call('DELETE', `${PATH}/${body.project.id}`, { token })
  })

  it('the links of pages lead through all projects and keep the filters', async () => {
    for (const perPage of [1, 2, 3, 6, 7, 8]) {
      const seen: string[] = []
      for (let next: string | null = `${PATH}?per_page=${perPage}&enabled=true`; next !== null; ) {
        const page = await list(next.slice(next.indexOf('?')))
        seen.push(...namesOf(page))
        next = page.links.next ?? null
      }
      expect(seen).toEqual(NAMES)
    }
    const { links } = await list('?page=2&per_page=2&enabled=true')
    expect(links.previous).toContain('page=1')
    expect(links.previous).toContain('enabled=true')
    expect(namesOf(await list('?page=100&per_page=2'))).toEqual([])
  })
})

describe('answers to GET', () => {
  const bad = (query: string, ...fragments: string[]): Scenario => ({
    name: `the query ${query} is answered with 400`,
    request: { method: 'GET', path: PATH + query },
    ...iamError(400, 'Bad Request', says('The request body is invalid', ...fragments)),
  })
  const invalid = iamError(401, 'Unauthorized', 'The X-Auth-Token is invalid!')
  runScenarios(
    () => target,
    [
      bad('?page=0', 'page', '0'),
      bad('?page=x', 'page', '"x"'),
      bad('?per_page=0', 'per_page', '0'),
      bad('?per_page=5001', 'per_page', '5000', '5001'),
      bad('?enabled=yes', 'enabled', '"yes"'),
      bad('?name=a&name=b', 'name'),
      bad('?tags=', 'tags', 'separated by commas'),
      bad('?not-tags=a,,b', 'not-tags', 'a,,b'),
      bad('?tags-any=a&tags-any=b', 'tags-any'),
      {
        name: 'a request without a token is answered with 401',
        request: { method: 'GET', path: PATH, token: null },
        ...invalid,
      },
      {
        name: 'a malformed token is answered with 401',
        request: { method: 'GET', path: PATH, headers: { 'x-auth-token': 'x' } },
        ...invalid,
      },
      {
        name: 'a PUT request is answered with 405',
        request: { method: 'PUT', path: PATH, body: {} },
        ...iamError(405, 'Method Not Allowed', 'The method is not allowed for the requested URL.'),
      },
      bad('?other=x&y', 'other: is not a known parameter', '"tags-any"'),
      bad('?tag=x', 'tag: is not a known parameter, use "tags".'),
    ],
  )
})
