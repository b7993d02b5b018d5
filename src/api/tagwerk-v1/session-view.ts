import { Type } from 'typebox'
import { DomainError } from '../../core/errors.ts'
import type { Accounts, Session } from '../../iam/accounts.ts'
import { sessionToken } from '../console-session.ts'

const named = Type.Object({ id: Type.String(), name: Type.String() })

/** The answer about a session. */
export const sessionBody = Type.Object({
  user: named,
  domain: named,
  expires_at: Type.String({ description: 'When the session ends, unless it is ended before.' }),
  projects: Type.Array(named, { description: 'The enabled projects in which the user has a role.' }),
})

/** The header of the console, which each of its requests has. */
export const consoleHeaders = Type.Object({
  'X-Tagwerk-Console': Type.Optional(Type.String({ description: 'Is `1` in the requests of the console.' })),
})

/** Gives the session of a request of the console. Throws `token-missing` without one, and the errors of `authenticate`. */
export async function presentSession(
  accounts: Accounts,
  headers: Readonly<Record<string, string | undefined>>,
  origin: string,
): Promise<Session> {
  const token = sessionToken(headers, origin)
  if (token === undefined) throw new DomainError('token-missing')
  return accounts.authenticate(token)
}

type SessionBody = {
  readonly user: { readonly id: string; readonly name: string }
  readonly domain: { readonly id: string; readonly name: string }
  readonly expires_at: string
  readonly projects: readonly { readonly id: string; readonly name: string }[]
}

/** Says who has a session, until when, and for which projects. */
export async function sessionView(accounts: Accounts, { principal, claims }: Session): Promise<SessionBody> {
  const { id, name, domain } = principal.user
  const projects = await accounts.projects.listForUser(domain.id, id)
  return {
    user: { id, name },
    domain: { id: domain.id, name: domain.name },
    expires_at: new Date(claims.expiresAtMs).toISOString(),
    projects: projects.map((project) => ({ id: project.id, name: project.name })),
  }
}
