import type { Route } from '../../../src/api/route.ts'
import type { Filled, Sample, SampleOverride, World } from './sample.ts'
import { VALUES } from './values.ts'

/**
 * Derives a working call of an operation from its route, and what each caller gets. Values of path names, mandatory query
 * parameters and mandatory members of the body come from `VALUES` by their names; an override replaces any part.
 */
export function deriveSample(route: Route, override: SampleOverride = {}): Sample {
  const status = override.status ?? successOf(route)
  // A write is expected to be forbidden to a reader whatever its route says, so that a wrong action shows.
  const isRead = override.isRead ?? ['GET', 'HEAD'].includes(route.method)
  const reader = isRead ? status : 403
  return {
    ...statusesByToken(route, status, reader, override),
    status,
    fill: async (world) => fillCall(route, world, (await override.fill?.(world)) ?? {}),
  }
}

/** The statuses of callers with a token of another project, of the domain, and of a user with role `readonly`. */
function statusesByToken({ access, path }: Route, status: number, reader: number, override: SampleOverride) {
  switch (access) {
    case 'none':
      return { other: status, domain: status, reader: status }
    case 'project':
      return { other: 403, domain: 403, reader: override.reader ?? reader }
    case 'scoped': {
      // The other project does not have the resource that the path names.
      const other = override.other ?? (path.includes('{') ? 404 : status)
      return { other, domain: 403, reader: override.reader ?? reader }
    }
    case 'domain':
      return { other: 403, domain: status, reader: 403 }
    case 'any':
      return {
        other: override.other ?? status,
        domain: override.domain ?? status,
        reader: override.reader ?? reader,
      }
  }
}

function successOf({ id, responses }: Route): number {
  const successes = Object.keys(responses).filter((status) => status.startsWith('2'))
  if (successes.length !== 1) throw new Error(`${id} has ${successes.length} successful statuses: override one`)
  return Number(successes[0])
}

async function fillCall(route: Route, world: World, given: Filled): Promise<Filled> {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  const path = await valuesOf(names, given.path ?? {}, world)
  const query = await valuesOf(mandatoryQuery(route), given.query ?? {}, world)
  const hasBody = 'body' in given || (route.bodyKind === 'json' && !route.bodyIsOptional)
  return {
    ...given,
    path,
    ...(Object.keys(query).length > 0 && { query }),
    ...(hasBody && { body: 'body' in given ? given.body : await exampleOf(route.body as Schema, 'body', world) }),
  }
}

/** Gives a value for each name. Only missing ones are made, because making some creates records. */
async function valuesOf(names: readonly string[], given: Readonly<Record<string, string>>, world: World) {
  const values: Record<string, string> = { ...given }
  for (const name of names) values[name] ??= await namedValue(name, world)
  return values
}

async function namedValue(name: string, world: World): Promise<string> {
  const value = VALUES[name]
  if (value === undefined) throw new Error(`no sample value for ${name}: add one to test/support/samples/values.ts`)
  return value(world)
}

type Schema = {
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly anyOf?: readonly Schema[]
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly minimum?: number
}

function mandatoryQuery({ query }: Route): string[] {
  const { properties = {}, required = [] } = query as Schema
  return required.filter((name) => properties[name]?.default === undefined)
}

/** Builds the smallest value that a schema accepts. Texts come from `VALUES` by the name of their member. */
async function exampleOf(schema: Schema, name: string, world: World): Promise<unknown> {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.default !== undefined) return schema.default
  if (schema.anyOf !== undefined) return exampleOf(schema.anyOf[0] as Schema, name, world)
  switch (schema.type) {
    case 'object': {
      const members: Record<string, unknown> = {}
      for (const each of schema.required ?? []) {
        members[each] = await exampleOf(schema.properties?.[each] ?? {}, each, world)
      }
      return members
    }
    case 'array': {
      const items: unknown[] = []
      const length = Math.max(1, schema.minItems ?? 1)
      const singular = name.replace(/s$/, '')
      while (items.length < length) items.push(await exampleOf(schema.items ?? {}, singular, world))
      return items
    }
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    default:
      return namedValue(name, world)
  }
}
