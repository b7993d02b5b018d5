import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, newImageId, READER_PASSWORD } from '../fixtures.ts'

// POST /tagwerk/v1/import by a user whose only role allows imports and nothing else.

const PATH = '/tagwerk/v1/import'

let service: TestService
let admin: string
let userId: string
let token: string

beforeAll(async () => {
  service = await startTestService()
  admin = await service.tokenFor(undefined)
  const policy = { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['tagwerk:resources:import'] }] }
  const role = { display_name: 'importer', type: 'AX', description: '', policy }
  const { id: roleId } = (await made('POST', '/v3.0/OS-ROLE/roles', { role })).role
  const { user } = await made('POST', '/v3/users', { user: { name: 'importer', password: READER_PASSWORD } })
  userId = user.id
  await made('PUT', `/v3/domains/${user.domain_id}/users/${userId}/roles/${roleId}`)
  token = await logIn()
})
afterAll(() => service.stop())

async function made(method: string, path: string, body?: unknown) {
  const answer = await service.call(method, path, { token: admin, ...(body === undefined ? {} : { body }) })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.body
}

async function logIn(): Promise<string> {
  const user = { name: 'importer', password: READER_PASSWORD, domain: { name: 'default' } }
  const auth = { identity: { methods: ['password'], password: { user } }, scope: { domain: { name: 'default' } } }
  const answer = await service.call('POST', '/v3/auth/tokens', { body: { auth }, token: null })
  return answer.headers.get('x-subject-token') as string
}

const line = (project: string) => JSON.stringify({ ...image(newImageId()), project })
const send = (body: string, query = '') => service.call('POST', PATH + query, { body, token })

describe('an import by a user who may only import', () => {
  it('a user who may only import can write to existing projects', async () => {
    expect((await send(line('default'))).body).toMatchObject({ created: 1, refused: 0 })
  })

  it('a user who may only import cannot create a project, nor in a dry run', async () => {
    for (const query of ['', '?dry_run=true']) {
      const { status, body } = await send([line('of-its-own'), line('default')].join('\n'), query)
      expect(status).toBe(200)
      expect(body).toMatchObject({ created: 1, refused: 1, projects_created: [] })
      expect(body.refusals[0]).toMatchObject({ line: 1, field: 'project' })
    }
    expect((await made('GET', '/v3/projects?name=of-its-own')).projects).toEqual([])
  })
})

describe('an import into a disabled project', () => {
  it('each line for a disabled project is refused, also to administrators', async () => {
    const { project } = await made('POST', '/v3/projects', { project: { name: 'off' } })
    await made('PATCH', `/v3/projects/${project.id}`, { project: { enabled: false } })
    for (const name of ['off', project.id]) {
      const { body } = await service.call('POST', PATH, { body: line(name), token: admin })
      expect(body).toMatchObject({ created: 0, refused: 1, refusals: [{ line: 1, field: 'project' }] })
    }
  })
})

describe('a running import', () => {
  it('a running import is stopped when its user is disabled', async () => {
    const lines = Array.from({ length: 1500 }, () =>
      JSON.stringify({ ...image(newImageId(), 'late=1'), project: 'default' }),
    )
    const [first, second] = [lines.slice(0, 500), lines.slice(500)].map((some) => `${some.join('\n')}\n`) as [
      string,
      string,
    ]
    const { hostname, port } = new URL(service.url)
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk))
    const ended = new Promise((resolve) => socket.on('close', resolve))
    const length = first.length + second.length
    socket.write(
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${token}\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`,
    )
    socket.write(first)
    await until(async () => (await lateOnes()) === 500)
    await made('PATCH', `/v3/users/${userId}`, { user: { enabled: false } })
    socket.write(second)
    await ended
    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
    expect(answer).toContain('token-revoked')
    expect(await lateOnes()).toBe(500)
  })
})

async function lateOnes(): Promise<number> {
  const path = `/v2/${service.project}/images/resource_instances/action`
  const body = { action: 'count', tags: [{ key: 'late', values: [] }] }
  return (await service.call('POST', path, { body })).body.total_count
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1500; tries++) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('it never came to that')
}
