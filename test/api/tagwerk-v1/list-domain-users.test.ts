import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { needsDomain, withAccountWorld } from './account-calls.ts'
import { consoleOf } from './session-calls.ts'

// W94: GET /tagwerk/v1/domain/users.

const PATH = '/tagwerk/v1/domain/users'
const world = withAccountWorld()

describe('the users of the domain', () => {
  it('are listed by name, and the one who asks is marked', async () => {
    const { ask, ids } = world()
    const robot = (await ask('POST', PATH, { name: 'robot', description: 'imports', email: 'r@example.org' })).body
    const { status, body } = await ask('GET', PATH)
    expect([status, body.users.map(({ name }: { name: string }) => name)]).toEqual([
      200,
      ['admin', 'guest', 'reader', 'robot', 'watcher'],
    ])
    const texts = { description: '', email: '' }
    expect(body.users[0]).toEqual({
      ...{ id: ids.admin, name: 'admin', ...texts },
      ...{ enabled: true, has_password: true, is_caller: true },
    })
    expect(body.users[3]).toEqual({
      ...{ id: robot.id, name: 'robot', description: 'imports', email: 'r@example.org' },
      ...{ enabled: true, has_password: false, is_caller: false },
    })
    expect(JSON.stringify(body)).not.toMatch(/scrypt|hash/i)
  })

  it('are read page by page', async () => {
    const { ask } = world()
    const seen: string[] = []
    let query = '?limit=2'
    for (;;) {
      const { users, next_marker: next } = (await ask('GET', PATH + query)).body
      seen.push(...users.map(({ name }: { name: string }) => name))
      if (next === undefined) break
      query = `?limit=2&marker=${next}`
    }
    expect(seen).toEqual(['admin', 'guest', 'reader', 'robot', 'watcher'])
  })

  it("are shown to a reader of the domain, and only those of the caller's own domain", async () => {
    const { ask } = world()
    expect((await ask('GET', PATH, undefined, 'watcher')).body.users).toHaveLength(5)
    const { body } = await ask('GET', PATH, undefined, 'stranger')
    expect(body.users).toMatchObject([{ name: 'boss', is_caller: true }])
  })

  it('are not shown to a user with a role in one project, also in a session of the console', async () => {
    const { service } = world()
    const guest = await consoleOf(service, 'guest', 'only looking')
    const { status, body } = await guest('GET', PATH)
    expect([status, body.error_code]).toEqual([403, 'action-forbidden'])
    expect(body.error_msg).toContain('iam:users:listUsers')
  })
})

describe('answers to GET', () => {
  runScenarios(() => world().target, needsDomain({ method: 'GET', path: PATH }))
})
