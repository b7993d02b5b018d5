import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import {
  image,
  instance,
  logIn,
  newImageId,
  newInstanceId,
  projectNamed,
  startWithUsers,
  targetOf,
  texts,
} from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/export: resources as lines of JSON, in the form that an import takes.

const PATH = '/tagwerk/v1/export'

let service: TestService
let target: Target
let domainToken: string
const HERE = [
  {
    ...image(newImageId(), 'b=2', 'a=1'),
    project: 'default',
    resource_detail: { status: 'queued', x: '{"y":[1,null]}' },
  },
  {
    ...image(newImageId()),
    project: 'default',
    resource_name: '"镜像"\n\u2028',
    resource_detail: { status: 'active' },
  },
  { ...instance(newInstanceId(), 'key=值'), project: 'default', resource_detail: { status: 'active' } },
]
const THERE = { ...image(newImageId(), 'c='), project: 'a-first', resource_detail: { status: 'active' } }

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(...HERE, THERE)
  target = { ...(await targetOf(service, {})), hasRevisions: false }
  domainToken = await service.tokenFor(undefined)
})
afterAll(() => service.stop())

async function exported(query = '', token = service.token) {
  const answer = await service.call('GET', PATH + query, { token })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson/)
  expect(answer.text === '' || answer.text.endsWith('\n')).toBe(true)
  return answer.text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const { created_at, updated_at, ...rest } = JSON.parse(line) as Record<string, unknown>
      for (const time of [created_at, updated_at]) expect(time).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      return rest
    })
}

describe('exporting resources', () => {
  it('resources are exported as they were imported, images before instances, oldest first', async () => {
    expect(await exported()).toEqual(HERE)
  })

  it('a project token exports that project only, a domain token exports all projects by name', async () => {
    const all = await exported('', domainToken)
    expect(all.map(({ project }) => project)).toEqual(['a-first', 'default', 'default', 'default', 'guests', 'other'])
    expect(all[0]).toEqual(THERE)
  })

  it('an export can be limited to one project by name or id', async () => {
    const { id } = await projectNamed(service, 'a-first')
    for (const asked of ['a-first', id]) expect(await exported(`?project=${asked}`, domainToken)).toEqual([THERE])
    expect(await exported('?project=default')).toEqual(HERE)
  })

  it('an export can be limited to one type', async () => {
    expect(await exported('?resource_type=instances')).toEqual(HERE.slice(2))
    expect(await exported('?resource_type=images')).toEqual(HERE.slice(0, 2))
  })

  it('importing an export changes nothing', async () => {
    const { text } = await service.call('GET', PATH, { token: domainToken })
    const again = await service.call('POST', '/tagwerk/v1/import', { body: text, token: domainToken })
    expect(again.body).toMatchObject({ created: 0, updated: 0, unchanged: 6, refused: 0, projects_created: [] })
  })

  it('an export of many resources is one snapshot, despite concurrent writes', async () => {
    const many = texts('many-', 2500).map((id) => ({ ...image(id, 'v=0'), project: 'many' }))
    await service.register(...many)
    const { token } = await projectNamed(service, 'many')
    const response = await fetch(service.url + PATH, { headers: { 'x-auth-token': token } })
    await service.register(...many.map((line) => ({ ...line, tags: [{ key: 'v', value: '1' }] })))
    const seen = (await response.text())
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    expect(seen.map(({ resource_id }) => resource_id)).toEqual(texts('many-', 2500))
    expect(new Set(seen.map(({ tags }) => tags[0].value))).toEqual(new Set(['0']))
  })

  it('a user with read-only access can export', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect(await exported('', token)).toEqual(HERE)
  })
})

describe('answers to export requests', () => {
  const asked = (query: string) => ({ method: 'GET', path: PATH + query })
  runScenarios(
    () => target,
    [
      {
        name: 'an unknown project is answered with 404',
        request: asked('?project=no'),
        ...tagwerkError(404, 'project-not-found'),
      },
      {
        name: 'a project outside the scope of the token is answered with 404, like an unknown project',
        request: asked('?project=other'),
        ...tagwerkError(404, 'project-not-found'),
      },
      {
        name: 'an unknown type is answered with 400',
        request: asked('?resource_type=image'),
        ...tagwerkError(400, 'request-invalid', 'resource_type', '"images"', '"image"'),
      },
      {
        name: 'a type given twice is answered with 400',
        request: asked('?resource_type=images&resource_type=images'),
        ...tagwerkError(400, 'request-invalid', 'resource_type'),
      },
      {
        name: 'a request without a token is answered with 401',
        request: { ...asked(''), token: null },
        ...tagwerkError(401, 'token-missing'),
      },
    ],
  )
})

it('the service keeps working when clients disconnect during an export', async () => {
  const { hostname, port } = new URL(service.url)
  for (let i = 0; i < 5; i++) {
    const socket = connect(Number(port), hostname)
    socket.write(`GET ${PATH} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${domainToken}\r\n\r\n`)
    await once(socket, 'data')
    socket.destroy()
  }
  // An export whose client is gone counts until its next turn.
  await vi.waitFor(async () => expect(await exported()).toEqual(HERE), { timeout: 10_000 })
})
