import type { FastifyInstance } from 'fastify'

export type HealthOptions = {
  readonly version: string
  readonly region: string
  /** Gives the reason why the service cannot work now; undefined when it can. */
  readonly whyNotReady: () => Promise<string | undefined>
}

/** Registers the endpoints for operators and load balancers: liveness, readiness, version. */
export function registerHealth(app: FastifyInstance, options: HealthOptions, isStopping: () => boolean): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const reason = isStopping() ? 'the service is stopping' : await options.whyNotReady()
    if (isStopping()) reply.header('connection', 'close')
    return reason === undefined ? { status: 'ok' } : reply.code(503).send({ status: 'unavailable', reason })
  })
  app.get('/version', async () => ({ name: 'tagwerk', version: options.version, region: options.region }))
}
