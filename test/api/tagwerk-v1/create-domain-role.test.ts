import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsAction, withAccountWorld } from './account-calls.ts'
import { allowing, ROLES } from './role-calls.ts'

// W100: POST /tagwerk/v1/domain/roles.

const world = withAccountWorld()
const ROLE = { display_name: 'Auditor', scope: 'domain', policy: allowing('tagwerk:accountLog:read') }

describe('a new role', () => {
  it('is answered with its id, and is in the account log', async () => {
    const { outcome, lastLogged } = world()
    const [status, body] = await outcome('POST', ROLES, { ...ROLE, description: 'looks', description_cn: '审计' })
    expect([status, body]).toMatchObject([
      201,
      {
        ...ROLE,
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        description: 'looks',
        description_cn: '审计',
        type: 'custom',
      },
    ])
    expect(await lastLogged()).toMatchObject({ event: 'policy.created', target: { name: 'Auditor' } })
    expect(await outcome('POST', ROLES, ROLE)).toEqual([409, 'name-taken'])
    expect(await outcome('POST', ROLES, ROLE, 'stranger')).toMatchObject([201, { display_name: 'Auditor' }])
  })
})

const refused = (name: string, changes: object, expected: ReturnType<typeof bad>) =>
  asked(name, { method: 'POST', path: ROLES, body: { ...ROLE, display_name: 'New', ...changes } }, expected)
const invalidPolicy = (...fragments: string[]) => tagwerkError(400, 'policy-invalid', ...fragments)

describe('answers to POST', () => {
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:roles:createRole', { method: 'POST', path: ROLES, body: ROLE }),
      refused('a blank display name is answered with 400', { display_name: ' ' }, bad('display_name: ')),
      refused(
        'a display name that is taken is answered with 409',
        { display_name: 'Auditor' },
        tagwerkError(409, 'name-taken', ' display_name: ', '"Auditor"'),
      ),
      refused(
        'an unknown scope is answered with 400',
        { scope: 'any' },
        bad('scope: must be one of', '"domain", "project"'),
      ),
      refused('a request without a policy is answered with 400', { policy: undefined }, bad('policy: is required')),
      refused(
        'a policy that is no object is answered with 400',
        { policy: 'x' },
        invalidPolicy('policy: must be an object'),
      ),
      refused(
        'an action of another form is answered with 400 and its place',
        { policy: allowing('read') },
        invalidPolicy('policy.Statement[0].Action[0]: must be service:resource:operation', '"read"'),
      ),
      refused(
        'a condition is answered with 400: ignoring it would allow more',
        { policy: { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['a:b:c'], Condition: {} }] } },
        invalidPolicy('policy.Statement[0].Condition: is not a known member'),
      ),
      refused(
        'the type of the account service is answered with 400',
        { type: 'AX' },
        bad('type: is not a known member'),
      ),
    ],
  )
})
