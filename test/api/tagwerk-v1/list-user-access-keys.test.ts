import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, needsDomain, withAccountWorld } from './account-calls.ts'
import { USERS } from './role-calls.ts'
import { consoleOf } from './session-calls.ts'

// W108: GET /tagwerk/v1/domain/users/{user_id}/access-keys.

const world = withAccountWorld()

describe('the access keys of a user', () => {
  it('are listed oldest first, without their secrets', async () => {
    const { ask, ids } = world()
    const path = `${USERS}/${ids.guest}/access-keys`
    expect((await ask('GET', path)).body).toEqual({ access_keys: [] })
    const first = (await ask('POST', path, { description: 'first' })).body
    const second = (await ask('POST', path, {})).body
    const answer = await ask('GET', path)
    const common = { enabled: true, is_locked: false, created_at: expect.stringMatching(/^\d{4}-.*Z$/) }
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        access_keys: [
          { access_key: first.access_key, description: 'first', ...common },
          { access_key: second.access_key, description: '', ...common },
        ],
      },
    ])
    for (const { secret } of [first, second]) expect(answer.text).not.toContain(secret)
  })

  it('a user without a role in the domain sees its own ones in a session of the console, and no others', async () => {
    const { service, ids } = world()
    const guest = await consoleOf(service, 'guest', 'only looking')
    expect((await guest('GET', `${USERS}/${ids.guest}/access-keys`)).body.access_keys).toHaveLength(2)
    for (const other of [ids.reader, 'none']) {
      const { status, body } = await guest('GET', `${USERS}/${other}/access-keys`)
      expect([status, body.error_code]).toEqual([403, 'action-forbidden'])
    }
  })
})

describe('answers to GET', () => {
  const path = `${USERS}/{reader}/access-keys`
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path }),
      asked(
        'a user of another domain is answered with 404',
        { method: 'GET', path, token: 'stranger' },
        tagwerkError(404, 'user-not-found', 'user_id: '),
      ),
    ],
  )
})
