import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { CREDENTIALS, keepsToOwnKeys, newKey, refusedAlike } from './access-key-cases.ts'
import { asked, bad, FORBIDDEN, withWorld } from './world.ts'

// PUT /v3.0/OS-CREDENTIAL/credentials/{access_key} (OTC IAM API, "Modifying a Permanent Access Key").

const world = withWorld()
const BODY = { credential: { description: 'new' } }

it('changes what is given and nothing else, and shows it, to the owner', async () => {
  const { ask, ids } = world()
  const key = await newKey(world(), ids.reader, 'laptop')
  const path = `${CREDENTIALS}/${key.access}`
  const change = async (credential: object) => (await ask('PUT', path, { credential }, 'reader')).body.credential
  expect(await change({ status: 'inactive' })).toEqual({ ...key, status: 'inactive' })
  expect(await change({ description: 'new' })).toEqual({ ...key, status: 'inactive', description: 'new' })
  expect(await change({ status: 'active', description: '' })).toEqual({ ...key, description: '' })
  expect(await change({})).toEqual({ ...key, description: '' })
  expect(await change({ status: null, description: null })).toEqual({ ...key, description: '' })
  expect((await ask('GET', path, undefined, 'reader')).body.credential).toEqual({ ...key, description: '' })
})

it('and to who manages the domain', () => keepsToOwnKeys(world(), 'PUT', BODY, false))

it('is not switched on again by its user once an administrator has switched it off', async () => {
  const { ask, ids } = world()
  const key = await newKey(world(), ids.reader)
  const path = `${CREDENTIALS}/${key.access}`
  const turn = async (status: string, token: string) => {
    const { status: code, body } = await ask('PUT', path, { credential: { status } }, token)
    return code === 200 ? body.credential.status : { status: code, body }
  }
  expect([await turn('inactive', 'reader'), await turn('active', 'reader')]).toEqual(['inactive', 'active'])
  expect([await turn('inactive', 'domain'), await turn('active', 'reader')]).toEqual(['inactive', FORBIDDEN])
  // Nor by way of switching it off.
  expect([await turn('inactive', 'reader'), await turn('active', 'reader')]).toEqual(['inactive', FORBIDDEN])
  expect(await turn('active', 'domain')).toBe('active')
  expect([await turn('inactive', 'reader'), await turn('active', 'reader')]).toEqual(['inactive', 'active'])
  const own = await newKey(world(), ids.admin)
  const switchOwn = async (status: string, token: string) =>
    (await ask('PUT', `${CREDENTIALS}/${own.access}`, { credential: { status } }, token)).status
  expect([await switchOwn('inactive', 'domain'), await switchOwn('active', 'project')]).toEqual([200, 200])
})

describe('answers', () => {
  const refused = (name: string, credential: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'PUT', `${CREDENTIALS}/NONE`, expected, { credential }, 'reader')
  runScenarios(
    () => world().target,
    [
      ...refusedAlike('PUT', BODY),
      refused('400 to another status', { status: 'off' }, bad('credential.status', '"active", "inactive"', '"off"')),
      refused('400 to 256 characters', { description: 'x'.repeat(256) }, bad('credential.description', '255', '256')),
      asked('400 without a credential', 'PUT', `${CREDENTIALS}/NONE`, bad('credential', 'required'), {}),
    ],
  )
})
