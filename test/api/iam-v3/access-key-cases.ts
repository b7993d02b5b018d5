import { expect } from 'vitest'
import type { Scenario } from '../scenarios.ts'
import { asked, needsToken, notFound, type World } from './world.ts'

export const CREDENTIALS = '/v3.0/OS-CREDENTIAL/credentials'

/** Creates a key for a user id with the administrator's token. Returns its description without the secret. */
export async function newKey(world: World, user: string | undefined, description = '') {
  const { status, body } = await world.ask('POST', CREDENTIALS, { credential: { user_id: user, description } })
  expect(status).toBe(201)
  const { secret: _secret, ...shown } = body.credential
  return shown as { readonly access: string; readonly status: string }
}

/** Scenarios of errors that all operations on one key share. */
export function commonErrors(method: string, body?: unknown): Scenario[] {
  const path = `${CREDENTIALS}/NONE`
  return [
    ...needsToken({ method, path, ...(body === undefined ? {} : { body }) }),
    asked('an unknown key is answered with 404', method, path, notFound('access_key', 'NONE'), body),
    asked(
      'an unknown key is answered with 404 to a reader too',
      method,
      path,
      notFound('access_key', 'NONE'),
      body,
      'reader',
    ),
  ]
}

/** Checks access to a key of `guest`. `mayWatch`: a domain reader has access too. */
export async function expectKeyAccess(world: World, method: string, body: unknown, mayWatch: boolean): Promise<void> {
  const { ask, ids } = world
  const { access } = await newKey(world, ids.guest)
  const status = async (token: string) => (await ask(method, `${CREDENTIALS}/${access}`, body, token)).status
  expect([await status('reader'), await status('project')]).toEqual([404, 404])
  if (!mayWatch) expect(await status('watcher')).toBe(404)
  else expect(await status('watcher')).toBeLessThan(300)
  expect((await ask('GET', `${CREDENTIALS}/${access}`)).body.credential).toMatchObject({ status: 'active' })
  expect(await status('domain')).toBeLessThan(300)
}
