import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { createPostgresServer, type PostgresServer } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where tests ask for the URL of a PostgreSQL. */
    readonly postgresAt: string
  }
}

/** One PostgreSQL for a whole run, started when the first test asks for it; none when `TAGWERK_TEST_POSTGRES` names one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TAGWERK_TEST_POSTGRES
  let server: Promise<PostgresServer> | undefined
  const http = createServer((_request, response) => {
    server ??= given === undefined ? createPostgresServer() : undefined
    Promise.resolve(server).then(
      (started) => response.end(started?.url ?? given),
      (error) => response.writeHead(500).end(String(error)),
    )
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  project.provide('postgresAt', `http://127.0.0.1:${(http.address() as AddressInfo).port}`)
  return async () => {
    http.close()
    http.closeAllConnections()
    await server?.then((started) => started.dispose()).catch(() => undefined)
  }
}
