import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsAction, withAccountWorld } from './account-calls.ts'
import { USERS } from './role-calls.ts'
import { consoleOf } from './session-calls.ts'

// W109: POST /tagwerk/v1/domain/users/{user_id}/access-keys.

const world = withAccountWorld()

describe('a new access key', () => {
  it('is answered once with its secret, which no cache may store', async () => {
    const { ask, ids, lastLogged } = world()
    const answer = await ask('POST', `${USERS}/${ids.guest}/access-keys`, { description: 'for imports' })
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        access_key: expect.stringMatching(/^[A-Z0-9]{20}$/),
        secret: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
        ...{ description: 'for imports', enabled: true, is_locked: false },
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const entry = await lastLogged()
    expect(entry).toMatchObject({ event: 'access-key.created', target: { id: answer.body.access_key, name: 'guest' } })
    expect(JSON.stringify(entry)).not.toContain(answer.body.secret)
  })

  it('is refused to a user who has two', async () => {
    const { ask, newUser } = world()
    const path = `${USERS}/${await newUser('ann')}/access-keys`
    for (let i = 0; i < 2; i++) expect((await ask('POST', path, {})).status).toBe(201)
    const { status, body } = await ask('POST', path, {})
    expect({ status, body }).toEqual(tagwerkError(409, 'account-quota-exceeded', 'access keys of the user: ', '2'))
  })

  it('a user creates its own ones in a session of the console, and none of others', async () => {
    const { service, ids } = world()
    const reader = await consoleOf(service, 'reader', 'only looking')
    expect((await reader('POST', `${USERS}/${ids.reader}/access-keys`, { body: {} })).status).toBe(201)
    const { status, body } = await reader('POST', `${USERS}/${ids.guest}/access-keys`, { body: {} })
    expect([status, body.error_code]).toEqual([403, 'action-forbidden'])
  })
})

describe('answers to POST', () => {
  const path = `${USERS}/{watcher}/access-keys`
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:credentials:createCredential', {
        method: 'POST',
        path: `${USERS}/{reader}/access-keys`,
        body: {},
      }),
      asked(
        'a user of another domain is answered with 404',
        { method: 'POST', path, body: {}, token: 'stranger' },
        tagwerkError(404, 'user-not-found', 'user_id: '),
      ),
      asked(
        'a description of 256 characters is answered with 400',
        { method: 'POST', path, body: { description: 'x'.repeat(256) } },
        bad('description: ', '255', '256'),
      ),
      asked(
        'an unknown member is answered with 400',
        { method: 'POST', path, body: { user_id: 'x' } },
        bad('user_id: is not a known member'),
      ),
    ],
  )
})
