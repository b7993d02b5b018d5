import type { FastifyInstance } from 'fastify'

export type HealthOptions = {
  readonly version: string
  readonly region: string
  /** Gives the reason why the service cannot work now; undefined when it can. */
  readonly whyNotReady: () => Promise<string | undefined>
  /** Gives the reason why no write works now; undefined when writes work. */
  readonly whyWritesFail: () => Promise<string | undefined>
  /** Whether the service is ready while it can only read. */
  readonly readyWhen: 'reads' | 'writes'
}

/** Registers the endpoints for operators and load balancers: liveness, readiness, version. */
export function registerHealth(app: FastifyInstance, options: HealthOptions, isStopping: () => boolean): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const whyNot = isStopping() ? 'The service is stopping.' : await options.whyNotReady()
    if (isStopping()) reply.header('connection', 'close')
    if (whyNot !== undefined) return reply.code(503).send({ status: 'unavailable', writes: false, reason: whyNot })
    const reason = await options.whyWritesFail()
    if (reason === undefined) return { status: 'ok', writes: true }
    if (options.readyWhen === 'reads') return { status: 'ok', writes: false, reason }
    return reply.code(503).send({ status: 'unavailable', writes: false, reason })
  })
  app.get('/version', async () => ({ name: 'tagwerk', version: options.version, region: options.region }))
}
