import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { importLine } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'

/** What one project does to the others. */
export const FLOODS = ['exports', 'slow exports', 'imports', 'lists', 'filters'] as const
export type Flood = (typeof FLOODS)[number]

const IMPORTED = 2000
const SLOW_READ_BYTES = 512
const SLOW_READ_MS = 500

/** Where a flood goes, and with which tokens. */
export type FloodTarget = { readonly url: string; readonly token: string; readonly domainToken: string }

/** Starts a flood of calls. Gives the function that ends it, and the answers by status until then. */
export function flood(each: Flood, target: FloodTarget): () => Promise<Readonly<Record<string, number>>> {
  const end = new AbortController()
  const { signal } = end
  const statuses: Record<string, number> = {}
  const work: Promise<void>[] = []
  const repeat = (connections: number, path: string, options: RequestInit, token = target.token) => {
    for (let i = 0; i < connections; i++) work.push(repeatedly(target.url + path, token, options, signal, statuses))
  }
  const headers = { 'content-type': 'application/json' }
  const json = (body: object) => ({ method: 'POST', headers, body: JSON.stringify(body) })
  if (each === 'exports') repeat(8, '/tagwerk/v1/export', {})
  else if (each === 'slow exports') for (let i = 0; i < 8; i++) readSlowly(target, signal)
  else if (each === 'imports') repeat(8, '/tagwerk/v1/import', { method: 'POST', body: importedLines() })
  else if (each === 'lists') {
    repeat(8, '/v1/cloudimages/tags', {})
    repeat(8, '/v2/images?sort_key=name&limit=1000', {})
  } else {
    const body = { resource_types: ['images'], tags: [{ key: 'env', values: [] }], limit: 200 }
    repeat(64, '/v1.0/resource-instances/filter', json(body), target.domainToken)
  }
  return async () => {
    end.abort()
    await Promise.all(work)
    return statuses
  }
}

async function repeatedly(
  url: string,
  token: string,
  options: RequestInit,
  signal: AbortSignal,
  statuses: Record<string, number>,
): Promise<void> {
  const headers = { ...options.headers, 'x-auth-token': token }
  while (!signal.aborted) {
    try {
      const response = await fetch(url, { ...options, headers, signal })
      await response.body?.pipeTo(new WritableStream())
      statuses[response.status] = (statuses[response.status] ?? 0) + 1
      // A client that is refused at once must not spin.
      if (response.status === 429 || response.status === 503) await sleep(100)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}

function readSlowly({ url, token }: FloodTarget, signal: AbortSignal): void {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' })
  socket.on('error', () => undefined)
  socket.write(`GET /tagwerk/v1/export HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${token}\r\n\r\n`)
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
