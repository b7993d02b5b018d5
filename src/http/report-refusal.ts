import type { FastifyRequest } from 'fastify'
import type { Caller, Family, Route } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import type { ReportEvent, SecurityEventName } from '../iam/security-event.ts'

const EVENTS: Readonly<Record<number, SecurityEventName>> = {
  401: 'authentication',
  403: 'authorization',
  429: 'limit',
}

/** The access key in the header of a signed request. It is no secret. */
const ACCESS_KEY = /\b(?:Access|Credential)=([A-Za-z0-9]{1,64})\b/

/** Reports a request that was refused because of its caller. A log-in reports its failures itself, with the user. */
export function reportRefusal(
  report: ReportEvent,
  family: Family,
  route: Route,
  error: unknown,
  request: FastifyRequest,
  caller: Caller | undefined,
): void {
  if (!(error instanceof DomainError) || error.facts.isInjected || route.access === 'none') return
  const event = EVENTS[family.errors[error.code]?.status ?? 0]
  if (event === undefined) return
  const user = caller?.principal.user
  const scope = caller?.principal.scope
  const [, accessKey] = ACCESS_KEY.exec(request.headers.authorization ?? '') ?? []
  report({
    event,
    outcome: 'failure',
    reason: error.code,
    ...(user !== undefined && { userId: user.id, userName: user.name }),
    address: request.ip,
    reqId: request.id,
    detail: {
      operation: route.id,
      action: route.action,
      ...(accessKey !== undefined && { accessKey }),
      ...(scope?.kind === 'project' && { projectId: scope.project.id }),
    },
  })
}
