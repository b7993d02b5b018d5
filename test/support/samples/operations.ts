import { FaultInjector } from '../../../src/api/fault-injector.ts'
import { iamV3 } from '../../../src/api/iam-v3/index.ts'
import { imsV2 } from '../../../src/api/ims-v2/index.ts'
import type { Family, Route } from '../../../src/api/route.ts'
import { tagwerkV1 } from '../../../src/api/tagwerk-v1/index.ts'
import { taurusdbV3 } from '../../../src/api/taurusdb-v3/index.ts'
import { tmsV1 } from '../../../src/api/tms-v1/index.ts'
import { profileOf } from '../../../src/core/profile.ts'

/** One operation of the service: its route and the family that it belongs to. */
export type Operation = { readonly family: string; readonly route: Route }

// Only the definitions of the routes are read here. Their handlers are never called, so their dependencies are empty.
const parts = {
  catalog: {},
  profile: profileOf('otc'),
  members: {},
  predefinedTags: {},
  accounts: {},
  faults: new FaultInjector(false, () => 0),
  work: {},
  limits: {},
  clock: () => 0,
  newId: () => '',
  region: 'local',
  settings: { region: 'local' },
} as never

// Without the tag services: their hundreds of routes come from rows, and `test/api/tag-services` sends the calls of every row.
const families: readonly Family[] = [
  imsV2(parts),
  taurusdbV3(parts),
  tmsV1(parts),
  iamV3({} as never, { region: 'local' }),
  tagwerkV1(parts),
]

export const FAMILIES: readonly string[] = families.map(({ name }) => name)

/** Every operation of the service by `METHOD /path/{name}`, as its OpenAPI documents name it. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  families.flatMap(({ name: family, routes }) =>
    routes.map((route) => [`${route.method} ${withoutExpressions(route.path)}`, { family, route }]),
  ),
)

/** Gives an operation that exists. */
export function operationOf(operation: string): Operation {
  const known = OPERATIONS.get(operation)
  if (known === undefined) throw new Error(`no route is ${operation}`)
  return known
}

/** A path may limit the values of a name by a regular expression; OpenAPI has no place for it. */
function withoutExpressions(path: string): string {
  return path.replace(/\(\^.*?\$\)/g, '')
}
