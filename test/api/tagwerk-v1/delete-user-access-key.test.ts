import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, needsAction, withAccountWorld } from './account-calls.ts'
import { USERS } from './role-calls.ts'
import { consoleOf } from './session-calls.ts'

// W111: DELETE /tagwerk/v1/domain/users/{user_id}/access-keys/{access_key}.

const world = withAccountWorld()

describe('deleting an access key', () => {
  it('makes room for another one', async () => {
    const { ask, outcome, ids, lastLogged } = world()
    const path = `${USERS}/${ids.guest}/access-keys`
    const { access_key } = (await ask('POST', path, {})).body
    await ask('POST', path, {})
    expect(await outcome('DELETE', `${path}/${access_key}`)).toEqual([204, null])
    expect(await lastLogged()).toMatchObject({ event: 'access-key.deleted', target: { id: access_key, name: 'guest' } })
    expect((await ask('GET', path)).body.access_keys).toHaveLength(1)
    expect((await ask('POST', path, {})).status).toBe(201)
    expect(await outcome('DELETE', `${path}/${access_key}`)).toEqual([404, 'access-key-not-found'])
  })

  it('a user deletes its own ones in a session of the console, and none of others', async () => {
    const { ask, service, ids } = world()
    const own = `${USERS}/${ids.reader}/access-keys/${(await ask('POST', `${USERS}/${ids.reader}/access-keys`, {})).body.access_key}`
    const other = `${USERS}/${ids.watcher}/access-keys/${(await ask('POST', `${USERS}/${ids.watcher}/access-keys`, {})).body.access_key}`
    const reader = await consoleOf(service, 'reader', 'only looking')
    expect((await reader('DELETE', other)).status).toBe(403)
    expect((await reader('DELETE', own)).status).toBe(204)
    expect((await ask('GET', `${USERS}/${ids.watcher}/access-keys`)).body.access_keys).toHaveLength(1)
  })

  it('of a user of another domain is answered with 404, and the key stays', async () => {
    const { outcome, ask, ids } = world()
    const path = `${USERS}/${ids.watcher}/access-keys`
    const { access_key } = (await ask('GET', path)).body.access_keys[0]
    expect(await outcome('DELETE', `${path}/${access_key}`, undefined, 'stranger')).toEqual([404, 'user-not-found'])
    expect((await ask('GET', path)).body.access_keys).toHaveLength(1)
  })
})

describe('answers to DELETE', () => {
  const path = `${USERS}/{admin}/access-keys/none`
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:credentials:deleteCredential', { method: 'DELETE', path }),
      asked(
        'an unknown key is answered with 404',
        { method: 'DELETE', path },
        tagwerkError(404, 'access-key-not-found', '"none"'),
      ),
    ],
  )
})
