import { Readable } from 'node:stream'
import { describeFacts } from '../api/error-text.ts'
import type { Call, Family, Route } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import type { Accounts } from '../iam/accounts.ts'
import { ADMIN_NAME, DEFAULT_NAME } from '../iam/initial-accounts.ts'
import { withOrigin } from '../iam/origin.ts'
import type { Principal } from '../iam/principal.ts'
import type { AccountStore } from '../store/account-store.ts'

/** Who made the changes of a seed, for the account log. */
const ACTOR = 'tagwerk serve --seed'

/** Part of a file of resources, one JSON object per line. */
export type SeedLines = { readonly bytes: Uint8Array; readonly firstLine: number }

/**
 * Imports lines into a service that does not listen yet, as the administrator, and gives the report of the import. Throws
 * an Error if the whole part is refused or the store fails.
 */
export type ImportLines<Report> = (lines: SeedLines, signal: AbortSignal) => Promise<Report>

/** Fills a new service. `importLines` imports as a call of ImportResources does; lines without a project go to `project`. */
export type Seed = <Report>(importLines: ImportLines<Report>, project: string) => Promise<void>

/** Calls a seed with the operation that imports resources over HTTP. */
export async function runSeed(
  seed: Seed,
  store: AccountStore,
  { accounts, families, region }: { accounts: Accounts; families: readonly Family[]; region: string },
): Promise<void> {
  const route = families.flatMap(({ routes }) => routes).find(({ id }) => id === 'ImportResources')
  if (route === undefined) throw new Error('no family has the operation ImportResources')
  const principal = await administrator(store, accounts)
  const origin = { userId: principal.user.id, userName: ACTOR, domainId: principal.user.domain.id }
  const importLines = <Report>(lines: SeedLines, signal: AbortSignal) =>
    withOrigin(origin, () => callImport<Report>(route, principal, region, lines, signal))
  await seed(importLines, region)
}

async function administrator(store: AccountStore, accounts: Accounts): Promise<Principal> {
  const domain = await store.getDomainByName(DEFAULT_NAME)
  const user = domain && (await store.getUserByName(domain.id, ADMIN_NAME))
  const principal = user && (await accounts.principals.of(user, { kind: 'domain', id: domain.id }))
  if (principal === undefined) throw new Error('the administrator of a new store is missing')
  return principal
}

/** The parameters that a call without any has. */
function defaultsOf({ query }: Route): object {
  const properties = Object.entries(query.properties as Readonly<Record<string, { readonly default?: unknown }>>)
  return Object.fromEntries(
    properties.flatMap(([name, schema]) => (schema.default === undefined ? [] : [[name, schema.default]])),
  )
}

async function callImport<Report>(
  route: Route,
  principal: Principal,
  project: string,
  { bytes, firstLine }: SeedLines,
  signal: AbortSignal,
): Promise<Report> {
  const call: Call<'any', object, object, AsyncIterable<Uint8Array>> = {
    params: {},
    query: { ...defaultsOf(route), project, first_line: firstLine },
    body: Readable.from([bytes], { objectMode: true }),
    headers: {},
    caller: { principal },
    projectId: undefined,
    contentType: 'application/x-ndjson',
    requestId: 'seed',
    address: '',
    origin: '',
    reauthorize: async () => undefined,
    isAborted: () => signal.aborted,
  }
  try {
    return (await route.handle(call as never)).body as Report
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw new Error(describeFacts(error.facts, 'en-us') || `the import failed: ${error.code}`, { cause: error })
  }
}
