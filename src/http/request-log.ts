import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Caller } from '../api/route.ts'

/** Which requests are logged. */
export type RequestLogMode = 'off' | 'errors' | 'all'

/** Takes notice of the authenticated caller of a request, and of the project that it works in. */
export type OnCaller = (request: FastifyRequest, caller: Caller, projectId: string | undefined) => void

/** What is known of a request before its answer. */
type Facts = { readonly bytesBefore: number; userId?: string; userName?: string; projectId?: string | undefined }

const ERROR_STATUS_MIN = 400

/**
 * Adds a line to the log for each request, or for each that failed. With mode `off` the lines are still there at level
 * debug. Gives undefined, and adds no work to any request, when no line would be shown.
 */
export function addRequestLog(app: FastifyInstance, log: Logger, mode: RequestLogMode): OnCaller | undefined {
  if (mode === 'off' && !log.isLevelEnabled('debug')) return undefined
  // The setting decides, whatever the level of the log.
  const lines = mode === 'off' ? log : log.child({}, { level: 'info' })
  const known = new WeakMap<FastifyRequest, Facts>()
  app.addHook('onRequest', (request, _reply, done) => {
    known.set(request, { bytesBefore: bytesSent(request) })
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { statusCode } = reply
    if (mode !== 'errors' || statusCode >= ERROR_STATUS_MIN) {
      lines[mode === 'off' ? 'debug' : 'info'](membersOf(request, reply, known.get(request)), 'answered')
    }
    done()
  })
  return (request, { principal: { user } }, projectId) => {
    const facts = known.get(request)
    if (facts !== undefined) Object.assign(facts, { userId: user.id, userName: user.name, projectId })
  }
}

function membersOf(request: FastifyRequest, reply: FastifyReply, facts: Facts = { bytesBefore: 0 }) {
  const { bytesBefore, ...caller } = facts
  const schema = request.routeOptions.schema as { readonly operationId?: string } | undefined
  return {
    reqId: request.id,
    method: request.method,
    url: request.originalUrl,
    operation: schema?.operationId,
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 10) / 10,
    bytes: bytesSent(request) - bytesBefore,
    ...caller,
    address: request.ip,
  }
}

/** Bytes sent on the connection of a request so far. */
function bytesSent({ raw }: FastifyRequest): number {
  return raw.socket.bytesWritten
}
