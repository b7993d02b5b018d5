import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { importLine } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import type { ServiceProcess } from '../service/service-process.ts'

/** What one project does to the others. */
export const FLOODS = ['exports', 'slow exports', 'imports', 'lists', 'filters'] as const
export type Flood = (typeof FLOODS)[number]

const IMPORTED = 2000
const SLOW_READ_BYTES = 512
const SLOW_READ_MS = 500

/** Starts a flood of calls on project `default`. Gives the function that ends it. */
export function flood(each: Flood, service: ServiceProcess, domainToken: string): () => Promise<void> {
  const end = new AbortController()
  const { signal } = end
  const work: Promise<void>[] = []
  const repeat = (connections: number, path: string, options: RequestInit, token = service.token) => {
    for (let i = 0; i < connections; i++) work.push(repeatedly(service.url + path, token, options, signal))
  }
  const json = (body: object) => ({ method: 'POST', body: JSON.stringify(body) })
  if (each === 'exports') repeat(8, '/tagwerk/v1/export', {})
  else if (each === 'slow exports') for (let i = 0; i < 8; i++) readSlowly(service, signal)
  else if (each === 'imports') repeat(8, '/tagwerk/v1/import', { method: 'POST', body: importedLines() })
  else if (each === 'lists') {
    repeat(8, '/v1/cloudimages/tags', {})
    repeat(8, '/v2/images?sort_key=name&limit=1000', {})
  } else {
    const body = { resource_types: ['images'], tags: [{ key: 'env', values: [] }], limit: 200 }
    repeat(64, '/v1.0/resource-instances/filter', json(body), domainToken)
  }
  return async () => {
    end.abort()
    await Promise.all(work)
  }
}

async function repeatedly(url: string, token: string, options: RequestInit, signal: AbortSignal): Promise<void> {
  const headers = { 'x-auth-token': token }
  while (!signal.aborted) {
    try {
      const response = await fetch(url, { ...options, headers, signal })
      await response.body?.pipeTo(new WritableStream())
      // A client that is refused at once must not spin.
      if (response.status === 429 || response.status === 503) await sleep(100)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}

function readSlowly(service: ServiceProcess, signal: AbortSignal): void {
  const socket = connect({ port: service.port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  socket.write(`GET /tagwerk/v1/export HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${service.token}\r\n\r\n`)
  socket.pause()
  const timer = setInterval(() => socket.read(SLOW_READ_BYTES), SLOW_READ_MS)
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    socket.destroy()
  })
}

function importedLines(): string {
  const dataset = new GeneratedDataset(IMPORTED)
  const round = Date.now()
  return Array.from({ length: IMPORTED }, (_, i) => importLine({ ...dataset.at(i), name: `flood-${round}-${i}` })).join(
    '',
  )
}
