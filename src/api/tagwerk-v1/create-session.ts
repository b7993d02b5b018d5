import { Type } from 'typebox'
import type { Clock } from '../../core/clock.ts'
import { invalid } from '../../core/errors.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { PASSWORD_CHARACTERS_MAX } from '../../iam/password-rules.ts'
import { isFromConsole, sessionCookie } from '../console-session.ts'
import { defineRoute, type Route } from '../route.ts'
import { consoleHeaders, sessionBody, sessionView } from './session-view.ts'

/** Logs a user in to the console: the token goes into a cookie, where no script can read it (contract 10.80). */
export function createSession(accounts: Accounts, clock: Clock): Route {
  return defineRoute({
    id: 'CreateSession',
    method: 'POST',
    path: '/tagwerk/v1/session',
    summary: 'Log in to the console',
    access: 'none',
    action: 'iam:tokens:create',
    hidesValues: true,
    headers: consoleHeaders,
    body: Type.Object({
      user: Type.String({ minLength: 1, description: 'Name of the user.' }),
      password: Type.String({ maxLength: PASSWORD_CHARACTERS_MAX }),
      domain: Type.Optional(Type.String({ minLength: 1, description: 'Name of its domain. Default: `default`.' })),
    }),
    responses: { 201: sessionBody },
    handle: async ({ body, headers, origin, address }) => {
      // A page of another origin could otherwise log its visitor in as somebody else.
      if (!isFromConsole(headers, origin)) {
        throw invalid('X-Tagwerk-Console', { name: 'well-formed', what: '1, in a request from a page of this service' })
      }
      const domain = body.domain === undefined ? {} : { domain: { name: body.domain } }
      const session = await accounts.logInAnywhere({ name: body.user, ...domain }, body.password, address)
      const seconds = Math.max(0, Math.floor((session.claims.expiresAtMs - clock()) / 1000))
      const headersOut = { 'set-cookie': sessionCookie(session.token, seconds, origin) }
      return { status: 201, body: await sessionView(accounts, session), headers: headersOut }
    },
  })
}
