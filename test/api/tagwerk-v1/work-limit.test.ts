import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WorkLimit } from '../../../src/api/tagwerk-v1/work-limit.ts'
import type { DomainError } from '../../../src/core/errors.ts'
import type { Principal } from '../../../src/iam/principal.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, texts } from '../fixtures.ts'

function callerOf(user: string, project: string | undefined): Principal {
  const domain = { id: 'd', name: 'd' }
  const scope =
    project === undefined
      ? ({ kind: 'domain', domain } as const)
      : ({ kind: 'project', project: { id: project, name: project }, domain } as const)
  return { user: { id: user, name: user, domain }, scope, roles: [], policies: [], policiesAnywhere: [] }
}

describe('a limit of work', () => {
  it('refuses more work of a project, of a user and in all than allowed, until some ends', async () => {
    const limit = new WorkLimit('exports', { total: 3, perProject: 2 })
    const first = await limit.begin(callerOf('u', 'p'))
    await limit.begin(callerOf('v', 'p'))
    expect(await refusalOf(() => limit.begin(callerOf('w', 'p')))).toContain(
      'work-limit-reached: 2 exports of this project',
    )
    await limit.begin(callerOf('u', 'q'))
    expect(await refusalOf(() => limit.begin(callerOf('u', 'r')))).toContain(
      'work-limit-reached: 2 exports of this user',
    )
    const inAll = 'total-work-limit-reached: 3 exports in all'
    expect(await refusalOf(() => limit.begin(callerOf('w', undefined)))).toContain(inAll)
    first.end()
    first.end()
    expect((await limit.begin(callerOf('w', undefined))).signal.aborted).toBe(false)
  })

  it('a project may have a limit of its own, which also applies to its users', async () => {
    const limit = new WorkLimit('exports', { total: 9, perProject: 2 }, async (id) => (id === 'p' ? 3 : 2))
    for (let i = 0; i < 3; i++) await limit.begin(callerOf('u', 'p'))
    expect(await refusalOf(() => limit.begin(callerOf('v', 'p')))).toContain('3 exports of this project')
    expect(await refusalOf(() => limit.begin(callerOf('u', 'q')))).toContain('3 exports of this user')
  })

  it('ends the oldest work that has not been ended yet, with a reason', async () => {
    const limit = new WorkLimit('exports', { total: 9, perProject: 9 })
    const [a, b] = [await limit.begin(callerOf('u', 'p')), await limit.begin(callerOf('u', 'p'))]
    expect(limit.abortOldest('the first')).toBe(true)
    expect([a.signal.reason.message, b.signal.aborted]).toEqual(['the first', false])
    expect(limit.abortOldest('the second')).toBe(true)
    expect(b.signal.reason.message).toBe('the second')
    expect(limit.abortOldest('none')).toBe(false)
  })
})

describe('work of one project', () => {
  let service: TestService
  let otherToken: string
  const sockets: Socket[] = []
  beforeAll(async () => {
    const one = { 'project-exports-max': '1', 'project-imports-max': '1', 'project-dry-runs-max': '1' }
    service = await startTestService({ flags: one })
    const detail = { pad: 'x'.repeat(8000) }
    await service.register(...texts('large-', 3000).map((id) => ({ ...image(id), resource_detail: detail })))
    await service.register({ ...image('other'), project: 'other' })
    otherToken = await userTokenIn('other')
  })
  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    await service.stop()
  })

  /** A token of a user who has a role in one project only. */
  async function userTokenIn(project: string): Promise<string> {
    const domain = await service.tokenFor(undefined)
    const { body } = await service.call('GET', '/v3/auth/projects', { token: domain })
    const { id, domain_id } = body.projects.find(({ name }: { name: string }) => name === project)
    const user = { name: 'neighbour', password: 'Staple-battery-7', domain_id }
    const made = await service.call('POST', '/v3/users', { token: domain, body: { user } })
    const role = (await service.call('GET', '/v3/roles?name=te_admin', { token: domain })).body.roles[0].id
    await service.call('PUT', `/v3/projects/${id}/users/${made.body.user.id}/roles/${role}`, { token: domain })
    const identity = { methods: ['password'], password: { user: { ...user, domain: { id: domain_id } } } }
    const auth = { auth: { identity, scope: { project: { id } } } }
    const answer = await service.call('POST', '/v3/auth/tokens', { token: null, body: auth })
    return answer.headers.get('x-subject-token') as string
  }

  /** Starts a call that does not end by itself, and waits until another one of its kind is refused. */
  async function hold(text: string, answered: () => Promise<{ readonly status: number }>): Promise<Socket> {
    const { hostname, port } = new URL(service.url)
    for (;;) {
      const socket = connect(Number(port), hostname)
      let isRefused = false
      socket.on('error', () => undefined)
      socket.once('data', (data) => {
        isRefused = data.toString().startsWith('HTTP/1.1 429')
        socket.pause()
      })
      socket.write(text.replace('\n', `\nHost: x\r\nX-Auth-Token: ${service.token}\r\n`))
      sockets.push(socket)
      // The other call may be the first of both, and this one be refused.
      await sleep(100)
      const { status } = await answered()
      if (status === 429 && !isRefused) return socket
      socket.destroy()
    }
  }

  async function untilAccepted(call: () => Promise<{ readonly status: number }>): Promise<void> {
    for (let tries = 0; (await call()).status !== 200; tries++) {
      expect(tries).toBeLessThan(1500)
      await sleep(20)
    }
  }

  it('an export beyond the limit of a project is refused in its own words, and other projects export meanwhile', async () => {
    const exported = (token: string) => service.call('GET', '/tagwerk/v1/export', { token })
    const held = await hold('GET /tagwerk/v1/export HTTP/1.1\r\n\r\n', () => exported(service.token))
    const refused = await exported(service.token)
    const error_msg = expect.stringContaining('1 exports of this project run')
    expect(refused.body).toMatchObject({ error_code: 'work-limit-reached', error_msg })
    expect(refused.headers.get('retry-after')).toBe('5')
    expect((await exported(otherToken)).status).toBe(200)
    held.destroy()
    await untilAccepted(() => exported(service.token))
  })

  it.each(['', '?dry_run=true'])(
    'an import beyond the limit of a project is refused, and other projects import meanwhile: %s',
    async (query) => {
      const path = `/tagwerk/v1/import${query}`
      const imported = (token: string) => service.call('POST', path, { body: JSON.stringify(image('two')), token })
      const head = `POST ${path} HTTP/1.1\r\nContent-Length: 999\r\n\r\n${JSON.stringify(image('one'))}\n`
      const held = await hold(head, () => imported(service.token))
      expect((await imported(service.token)).body.error_code).toBe('work-limit-reached')
      expect((await imported(otherToken)).status).toBe(200)
      held.destroy()
      await untilAccepted(() => imported(service.token))
    },
  )
})

/** The code and the detail of the refusal of a call. */
async function refusalOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call()
    return 'accepted'
  } catch (error) {
    const { code, facts } = error as DomainError<string>
    return `${code}: ${facts.detail}`
  }
}
