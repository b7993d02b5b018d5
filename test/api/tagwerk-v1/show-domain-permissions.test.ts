import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { READER_PASSWORD, startWithUsers } from '../fixtures.ts'
import { consoleOf } from './session-calls.ts'

// W84: GET /tagwerk/v1/domain/permissions.

const PATH = '/tagwerk/v1/domain/permissions'

let service: TestService
beforeAll(async () => {
  service = await startWithUsers()
})
afterAll(() => service.stop())

describe('the permissions in a domain', () => {
  it('an administrator of the domain may read its account log', async () => {
    const { status, body } = await service.call('GET', PATH, { token: await service.tokenFor(undefined) })
    expect([status, body.actions['tagwerk:accountLog:read']]).toEqual([200, 'allowed'])
  })

  it('a user with a role in a project alone is granted nothing that needs one in the domain', async () => {
    const call = await consoleOf(service, 'reader', READER_PASSWORD)
    const { actions } = (await call('GET', PATH)).body
    expect([actions['tagwerk:accountLog:read'], actions['tagwerk:policies:update']]).toEqual([
      'not-granted',
      'not-granted',
    ])
  })

  it('access keys are for everybody, those of others for who may manage them', async () => {
    const action = 'iam:credentials:createCredential'
    const { body } = await service.call('GET', PATH, { token: await service.tokenFor(undefined) })
    expect(body.actions[action]).toBe('allowed')
    const call = await consoleOf(service, 'reader', READER_PASSWORD)
    expect((await call('GET', PATH)).body.actions[action]).toBe('own')
  })

  it('a project token is answered with 403', async () => {
    const { status, body } = await service.call('GET', PATH)
    expect([status, body.error_code]).toEqual([403, 'scope-forbidden'])
  })
})
