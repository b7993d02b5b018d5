import type { TestProject } from 'vitest/node'
import { provideOnDemand } from './on-demand.ts'
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
  let server: PostgresServer | undefined
  const postgres = await provideOnDemand(async () => {
    if (given !== undefined) return given
    server = await createPostgresServer()
    return server.url
  })
  project.provide('postgresAt', postgres.url)
  return async () => {
    await postgres.close()
    await server?.dispose()
  }
}
