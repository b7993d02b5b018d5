import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsAction, withAccountWorld } from './account-calls.ts'

// W96: PATCH /tagwerk/v1/domain/users/{user_id}.

const PATH = '/tagwerk/v1/domain/users'
const world = withAccountWorld()
const change = (user: string, body: unknown, token?: string) => world().outcome('PATCH', `${PATH}/${user}`, body, token)

describe('changing a user', () => {
  it('changes the members that are given and keeps the others', async () => {
    const { newUser, lastLogged } = world()
    const id = await newUser('ann')
    expect(await change(id, { description: 'on call', email: 'ann@example.org' })).toMatchObject([200, { name: 'ann' }])
    expect(await change(id, { name: 'anna' })).toEqual([
      200,
      {
        ...{ id, name: 'anna', description: 'on call', email: 'ann@example.org' },
        ...{ enabled: true, has_password: true, is_caller: false },
      },
    ])
    expect(await lastLogged()).toMatchObject({
      event: 'user.updated',
      target: { id, name: 'ann' },
      detail: { changed: ['name'], name: 'anna' },
    })
  })

  it('disabling a user revokes its tokens at once and for good', async () => {
    const { ask, ids, tokenOf } = world()
    const token = await tokenOf('guest', 'guests')
    const read = async () => (await ask('GET', '/v3/auth/projects', undefined, token)).status
    expect(await read()).toBe(200)
    expect(await change(ids.guest!, { enabled: false })).toMatchObject([200, { enabled: false }])
    expect([await read(), await tokenOf('guest', 'guests')]).toEqual([401, ''])
    expect(await change(ids.guest!, { enabled: true })).toMatchObject([200, { enabled: true }])
    expect(await read()).toBe(401)
    expect(await tokenOf('guest', 'guests')).not.toBe('')
  })

  it('the last administrator of a domain cannot be disabled, also not by itself', async () => {
    expect(await change(world().ids.admin!, { enabled: false })).toEqual([409, 'last-administrator'])
    const { users } = (await world().ask('GET', PATH, undefined, 'stranger')).body
    expect(await change(users[0].id, { enabled: false }, 'stranger')).toEqual([409, 'last-administrator'])
  })

  it('of another domain is answered like one that does not exist, and nothing changes', async () => {
    const { ids, ask } = world()
    expect(await change(ids.reader!, { enabled: false }, 'stranger')).toEqual([404, 'user-not-found'])
    expect(await change('none', { enabled: false }, 'stranger')).toEqual([404, 'user-not-found'])
    expect((await ask('GET', PATH)).body.users).toContainEqual(
      expect.objectContaining({ id: ids.reader, enabled: true }),
    )
  })
})

const refused = (name: string, body: unknown, expected: ReturnType<typeof bad>) =>
  asked(name, { method: 'PATCH', path: `${PATH}/{reader}`, body }, expected)

describe('answers to PATCH', () => {
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:users:updateUser', { method: 'PATCH', path: `${PATH}/{reader}`, body: { enabled: false } }),
      asked(
        'an unknown id is answered with 404',
        { method: 'PATCH', path: `${PATH}/none`, body: {} },
        tagwerkError(404, 'user-not-found', 'user_id: must be the id of a user of the domain'),
      ),
      refused(
        'a name that is taken is answered with 409',
        { name: 'admin' },
        tagwerkError(409, 'name-taken', ' name: '),
      ),
      refused(
        'a name that begins with a digit is answered with 400',
        { name: '1a' },
        bad('name: must be text that matches'),
      ),
      refused(
        'a password is answered with 400: it has a call of its own',
        { password: 'a new Passphrase 1' },
        bad('password: is not a known member'),
      ),
      refused('a state that is no boolean is answered with 400', { enabled: 1 }, bad('enabled: must be true or false')),
    ],
  )
})
