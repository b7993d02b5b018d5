import { expect } from 'vitest'
import type { Scenario } from '../scenarios.ts'
import { asked, needsToken, notFound, type World } from './world.ts'

export const CREDENTIALS = '/v3.0/OS-CREDENTIAL/credentials'

/** Makes a key for a user by its id, with the administrator's token, and gives all that is said of it but the secret. */
export async function newKey(world: World, user: string | undefined, description = '') {
  const { status, body } = await world.ask('POST', CREDENTIALS, { credential: { user_id: user, description } })
  expect(status).toBe(201)
  const { secret: _secret, ...shown } = body.credential
  return shown as { readonly access: string; readonly status: string }
}

/** What the calls about one key refuse alike. */
export function refusedAlike(method: string, body?: unknown): Scenario[] {
  const path = `${CREDENTIALS}/NONE`
  return [
    ...needsToken({ method, path, ...(body === undefined ? {} : { body }) }),
    asked('404 to an unknown key', method, path, notFound('access_key', 'NONE'), body),
    asked('404 to an unknown key of a reader', method, path, notFound('access_key', 'NONE'), body, 'reader'),
  ]
}

/** Who may do something to a key of `guest`; `mayWatch` says whether reading the domain is enough. */
export async function keepsToOwnKeys(world: World, method: string, body: unknown, mayWatch: boolean): Promise<void> {
  const { ask, ids } = world
  const { access } = await newKey(world, ids.guest)
  const status = async (token: string) => (await ask(method, `${CREDENTIALS}/${access}`, body, token)).status
  expect([await status('reader'), await status('project')]).toEqual([404, 404])
  if (!mayWatch) expect(await status('watcher')).toBe(404)
  else expect(await status('watcher')).toBeLessThan(300)
  expect((await ask('GET', `${CREDENTIALS}/${access}`)).body.credential).toMatchObject({ status: 'active' })
  expect(await status('domain')).toBeLessThan(300)
}
