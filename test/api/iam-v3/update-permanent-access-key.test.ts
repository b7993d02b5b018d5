import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { CREDENTIALS, commonErrors, expectKeyAccess, newKey } from './access-key-cases.ts'
import { asked, bad, FORBIDDEN, withWorld } from './world.ts'

// PUT /v3.0/OS-CREDENTIAL/credentials/{access_key} (OTC IAM API, "Modifying a Permanent Access Key").

const world = withWorld()
const BODY = { credential: { description: 'new' } }

it('only the given members of an own access key change, and the answer shows them', async () => {
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

it("a domain administrator can update another user's access key", () => expectKeyAccess(world(), 'PUT', BODY, false))

it('a user cannot activate an access key that an administrator deactivated', async () => {
  const { ask, ids } = world()
  const key = await newKey(world(), ids.reader)
  const path = `${CREDENTIALS}/${key.access}`
  const turn = async (status: string, token: string) => {
    const { status: code, body } = await ask('PUT', path, { credential: { status } }, token)
    return code === 200 ? body.credential.status : { status: code, body }
  }
  expect([await turn('inactive', 'reader'), await turn('active', 'reader')]).toEqual(['inactive', 'active'])
  expect([await turn('inactive', 'domain'), await turn('active', 'reader')]).toEqual(['inactive', FORBIDDEN])
  // Deactivating it first does not help.
  expect([await turn('inactive', 'reader'), await turn('active', 'reader')]).toEqual(['inactive', FORBIDDEN])
  expect(await turn('active', 'domain')).toBe('active')
  expect([await turn('inactive', 'reader'), await turn('active', 'reader')]).toEqual(['inactive', 'active'])
  const own = await newKey(world(), ids.admin)
  const switchOwn = async (status: string, token: string) =>
    (await ask('PUT', `${CREDENTIALS}/${own.access}`, { credential: { status } }, token)).status
  expect([await switchOwn('inactive', 'domain'), await switchOwn('active', 'project')]).toEqual([200, 200])
})

describe('answers to PUT', () => {
  const refused = (name: string, credential: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'PUT', `${CREDENTIALS}/NONE`, expected, { credential }, 'reader')
  runScenarios(
    () => world().target,
    [
      ...commonErrors('PUT', BODY),
      refused(
        'another status is answered with 400',
        { status: 'off' },
        bad('credential.status', '"active", "inactive"', '"off"'),
      ),
      refused(
        'a description of 256 characters is answered with 400',
        { description: 'x'.repeat(256) },
        bad('credential.description', '255', '256'),
      ),
      asked(
        'a request without a credential is answered with 400',
        'PUT',
        `${CREDENTIALS}/NONE`,
        bad('credential', 'required'),
        {},
      ),
    ],
  )
})
