import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readServiceConfig } from '../../src/config/config.ts'
import { startService } from '../../src/service/start.ts'

/** A user of the pictures. */
export type PictureUser = { readonly user: string; readonly password: string }

export const ADMIN: PictureUser = { user: 'admin', password: 'Pictures-of-the-console-1' }

/** A service whose present can be set, so that its history reaches back weeks. */
export type PictureService = {
  readonly url: string
  /** Lets the service believe that it is some days ago. */
  setDaysAgo(days: number): void
  /** Sends a call as a user, in the project or in the domain. Throws for any answer that is no success. */
  // biome-ignore lint/suspicious/noExplicitAny: the history looks into answers freely
  ask(as: PictureUser, scope: 'project' | 'domain', method: string, path: string, body?: unknown): Promise<any>
  stop(): Promise<void>
}

const DAY_MS = 86_400_000

/** Starts a service in a temporary folder. */
export async function startPictureService(): Promise<PictureService> {
  const folder = await mkdtemp(join(tmpdir(), 'tagwerk-pictures-'))
  let offsetMs = 0
  const flags = { listen: '127.0.0.1:0', data: folder, 'log-level': 'fatal', 'security-log': 'off' }
  const config = readServiceConfig({ flags, env: { TAGWERK_ADMIN_PASSWORD: ADMIN.password } })
  const service = await startService(config, { clock: () => Date.now() - offsetMs })
  const tokens = new Map<string, string>()
  const tokenOf = async ({ user, password }: PictureUser, scope: 'project' | 'domain') => {
    const key = `${user} ${scope}`
    const known = tokens.get(key)
    if (known !== undefined) return known
    const name = { name: 'default' }
    const identity = { methods: ['password'], password: { user: { name: user, password, domain: name } } }
    const body = JSON.stringify({ auth: { identity, scope: { [scope]: name } } })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${service.url}/v3/auth/tokens?nocatalog=1`, { method: 'POST', headers, body })
    if (answer.status !== 201) throw new Error(`no token for ${user}: ${answer.status} ${await answer.text()}`)
    const token = answer.headers.get('x-subject-token') as string
    tokens.set(key, token)
    return token
  }
  return {
    url: service.url,
    setDaysAgo: (days) => {
      offsetMs = days * DAY_MS
      // A token is of a moment that may be in the future now, or too long ago.
      tokens.clear()
    },
    ask: async (as, scope, method, path, body) => {
      const headers = { 'x-auth-token': await tokenOf(as, scope), 'content-type': 'application/json' }
      const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
      const answer = await fetch(service.url + path, { method, headers, ...sent })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    stop: async () => {
      await service.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
