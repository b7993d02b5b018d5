import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsAction, withAccountWorld } from './account-calls.ts'
import { USERS } from './role-calls.ts'
import { consoleOf } from './session-calls.ts'

// W110: PATCH /tagwerk/v1/domain/users/{user_id}/access-keys/{access_key}.

const world = withAccountWorld()

async function newKey(user: string): Promise<string> {
  const path = `${USERS}/${user}/access-keys`
  const { access_key } = (await world().ask('POST', path, { description: 'first' })).body
  return `${path}/${access_key}`
}

describe('changing an access key', () => {
  it('an administrator disables it, and its user cannot enable it again', async () => {
    const { outcome, ids, service, lastLogged } = world()
    const path = await newKey(ids.guest!)
    expect(await outcome('PATCH', path, { enabled: false })).toMatchObject([
      200,
      { enabled: false, is_locked: true, description: 'first' },
    ])
    expect(await lastLogged()).toMatchObject({
      event: 'access-key.updated',
      detail: { active: false, by: 'administrator' },
    })
    const guest = await consoleOf(service, 'guest', 'only looking')
    const refused = await guest('PATCH', path, { body: { enabled: true } })
    expect({ status: refused.status, body: refused.body }).toEqual(
      tagwerkError(403, 'action-forbidden', 'An administrator disabled the access key'),
    )
    expect(await outcome('PATCH', path, { enabled: true })).toMatchObject([200, { enabled: true, is_locked: false }])
  })

  it('its user disables and enables it', async () => {
    const { ids, service } = world()
    const path = await newKey(ids.reader!)
    const reader = await consoleOf(service, 'reader', 'only looking')
    for (const enabled of [false, true]) {
      const { status, body } = await reader('PATCH', path, { body: { enabled } })
      expect([status, body]).toMatchObject([200, { enabled, is_locked: false }])
    }
  })

  it('the description changes alone', async () => {
    const { outcome, newUser } = world()
    const path = await newKey(await newUser('ann'))
    expect(await outcome('PATCH', path, { description: 'second' })).toMatchObject([
      200,
      { description: 'second', enabled: true },
    ])
  })

  it('of another user than the one of the path is answered with 404', async () => {
    const { outcome, ids, newUser } = world()
    const path = await newKey(await newUser('bob'))
    expect(await outcome('PATCH', path.replace(/users\/\w+/, `users/${ids.reader}`), { enabled: false })).toEqual([
      404,
      'access-key-not-found',
    ])
    expect(await outcome('PATCH', path, { enabled: false }, 'stranger')).toEqual([404, 'user-not-found'])
  })
})

describe('answers to PATCH', () => {
  const path = `${USERS}/{admin}/access-keys/none`
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:credentials:updateCredential', { method: 'PATCH', path, body: { enabled: false } }),
      asked(
        'an unknown key is answered with 404 and the key',
        { method: 'PATCH', path, body: {} },
        tagwerkError(404, 'access-key-not-found', 'access_key: must be an access key of the user (got "none")'),
      ),
      asked(
        'a state that is no boolean is answered with 400',
        { method: 'PATCH', path, body: { enabled: 'active' } },
        bad('enabled: must be true or false'),
      ),
      asked(
        'an unknown member is answered with 400',
        { method: 'PATCH', path, body: { status: 'inactive' } },
        bad('status: is not a known member'),
      ),
    ],
  )
})
