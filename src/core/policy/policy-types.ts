import type { ResourceTypeRow } from '../resource-type-rows.ts'
import { namesOf, type ResourceType, type ResourceTypes, toResourceType } from '../resource-types.ts'

/**
 * Selects resource types: the name of a registered type, `<service>:<type>` for a type that is not registered, or
 * `<service>:*` for all of those.
 */
export type TypeSelector = string

/** The selectors for a type in a policy. */
export type ResolvedType = {
  readonly selectors: readonly TypeSelector[]
  /** False: no registered type is meant. */
  readonly isKnown: boolean
}

const EVERY_TYPE = ['*', 'ALL_SUPPORTED']
/** What Organizations calls the type of a service that has one alone. */
const ONLY_TYPE = 'instance'

/**
 * Resolves a type in a policy: `<service>:<type>`, `<service>:*`, `<service>:ALL_SUPPORTED`, or the name of a type here.
 * Types of a registered service may have any of their names, in singular or plural, and `instance` names the type of a
 * service that has one alone. Throws `request-invalid`.
 */
export function resolvePolicyType(types: ResourceTypes, text: string, field: string): ResolvedType {
  const registered = types.registered(text)
  if (registered !== undefined) return { selectors: [registered], isKnown: true }
  const colon = text.indexOf(':')
  const [service, name] = [text.slice(0, colon).toLowerCase(), text.slice(colon + 1)]
  if (colon > 0 && EVERY_TYPE.includes(name)) {
    const rows = types.rows.filter((row) => isOfService(row, service))
    return { selectors: [...rows.map((row) => row.name), `${service}:*`], isKnown: rows.length > 0 }
  }
  if (colon > 0) {
    const row = rowOf(types, service, name)
    if (row !== undefined) return { selectors: [row.name], isKnown: true }
  }
  return { selectors: [toResourceType(types, text, field)], isKnown: false }
}

/** Config names types `<provider>.<type>`, and its providers are not always the services of the registry. */
function isOfService(row: ResourceTypeRow, service: string): boolean {
  return row.service === service || namesOf(row).some((name) => name.startsWith(`${service}.`))
}

function rowOf(types: ResourceTypes, service: string, name: string): ResourceTypeRow | undefined {
  const rows = types.rows.filter((row) => isOfService(row, service))
  const folded = foldName(name)
  const isNamed = (row: ResourceTypeRow) =>
    namesOf(row).some(
      (each) => foldName(each.startsWith(`${service}.`) ? each.slice(service.length + 1) : each) === folded,
    )
  // COMPAT: Organizations says `instance`, as in `apig:instance` (user guide, tag policy syntax), where TMS and Config often
  // have another name.
  return rows.find(isNamed) ?? (folded === ONLY_TYPE && rows.length === 1 ? rows[0] : undefined)
}

function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '').replace(/s$/, '')
}

/**
 * Makes a test of types from selectors. Types that are not registered are compared without case, `_` and `-`, and
 * `AWS::EC2::Instance` is `ec2:instance`: AWS Config and the ARNs spell one type differently.
 */
export function typeTest(selectors: readonly TypeSelector[]): (type: ResourceType) => boolean {
  const names = new Set<string>(selectors)
  const folds = new Set(selectors.filter((each) => each.includes(':') && !each.endsWith(':*')).map(foldUnregistered))
  const starts = selectors.filter((each) => each.endsWith(':*')).map((each) => foldUnregistered(each.slice(0, -1)))
  const mayFold = folds.size > 0 || starts.length > 0
  return (type) => {
    if (names.has(type)) return true
    if (!mayFold || !type.includes(':')) return false
    const folded = foldUnregistered(type)
    return folds.has(folded) || starts.some((start) => folded.startsWith(start))
  }
}

function foldUnregistered(name: string): string {
  return name
    .toLowerCase()
    .replace(/^aws::/, '')
    .replaceAll('::', ':')
    .replaceAll(/[_-]/g, '')
}
