import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { Metric } from '../telemetry/metric.ts'

/** Scrapers keep one connection each. */
const CONNECTIONS_MAX = 50

type ReadMetrics = () => Promise<readonly Metric[]>

/** A server of metrics that listens. */
export type MetricsServer = { readonly url: string; stop(): Promise<void> }

/**
 * Serves `GET /metrics` on a separate address, so that metrics are readable while the service is overloaded or has no
 * store. Gives undefined without an address. Rejects with the error of `listen`, to which it adds the setting at fault.
 */
export async function startMetricsServer(
  address: { readonly host: string; readonly port: number } | undefined,
  readMetrics: ReadMetrics,
  log: Logger,
): Promise<MetricsServer | undefined> {
  if (address === undefined) return undefined
  // Loaded only here, because a service without metrics must not pay for it at its start.
  const { renderMetrics } = await import('../telemetry/exposition.ts')
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.replace(/\?.*$/s, '')
    if (path !== '/metrics') return sendText(response, 404, 'Only /metrics exists here.\n')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      return sendText(response, 405, 'Use GET.\n')
    }
    const { contentType, text } = await renderMetrics(await readMetrics(), request.headers.accept ?? '')
    return sendText(response, 200, text, contentType)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'metrics could not be read')
      sendText(response, 500, 'The metrics could not be read; the log has the reason.\n')
    })
  })
  server.maxConnections = CONNECTIONS_MAX
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(Object.assign(error, { setting: 'metrics-listen' })))
    server.listen({ host: address.host, port: address.port }, resolve)
  })
  const { port } = server.address() as AddressInfo
  const url = `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}/metrics`
  log.info({ url }, 'metrics are answered')
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function sendText(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
