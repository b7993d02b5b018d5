import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MISSING_OPERATIONS, type Reason } from './missing-operations.ts'

/** An operation: its name, method and path with `{names}`. */
export type Operation = { readonly id: string; readonly method: string; readonly path: string }

/** An operation with its state: done, or missing for a reason; neither if no reason is given. */
export type Row = Operation & { readonly state: 'done' | 'missing' | 'unexplained'; readonly note: string }

const folder = join(import.meta.dirname, 'vendor-operations')

/** The families with a list of the vendor's operations. */
export const COVERED_FAMILIES: readonly string[] = Object.keys(MISSING_OPERATIONS)

/** Reads the operations of a vendor's SDK for a family. */
export function vendorOperations(family: string): readonly Operation[] {
  const lines = readFileSync(join(folder, `${family}.txt`), 'utf8').split('\n')
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [id, method, path, ...rest] = line.split(' ')
      if (id === undefined || method === undefined || path === undefined || rest.length > 0) {
        throw new Error(`tools/vendor-operations/${family}.txt: not "name method path": ${line}`)
      }
      return { id, method, path }
    })
}

/** The method and path of a call without the names of its variables, which differ between a vendor's documents. */
export function callOf({ method, path }: Operation): string {
  return `${method} ${path.replace(/\{\w+\}/g, '{}')}`
}

/** Gives the first reason for which an operation is missing. */
export function reasonOf(family: string, operation: Operation): Reason | undefined {
  return (MISSING_OPERATIONS[family] ?? []).find((reason) => explains(reason, operation))
}

function explains(reason: Reason, { id, method, path }: Operation): boolean {
  return 'ids' in reason ? reason.ids.includes(id) : reason.calls.test(`${method} ${path}`)
}

/**
 * Gives every operation of the vendor and of the family's routes, with its state, by path. `routes` are those of all
 * families by name, because the services share some paths.
 */
export function coverageOf(family: string, routes: ReadonlyMap<string, readonly Operation[]>): readonly Row[] {
  const own = routes.get(family) ?? []
  const byCall = new Map([...routes.values(), own].flat().map((route) => [callOf(route), route]))
  const listed = vendorOperations(family)
  const listedCalls = new Set(listed.map(callOf))
  const rows = [
    ...listed.map((operation) => listedRow(family, operation, byCall.get(callOf(operation)))),
    ...own
      .filter((route) => !listedCalls.has(callOf(route)))
      .map((route): Row => ({ ...route, state: 'done', note: "not in the SDK's list" })),
  ]
  return rows.sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method) || compare(a.id, b.id))
}

function listedRow(family: string, operation: Operation, route: Operation | undefined): Row {
  const reason = reasonOf(family, operation)
  const isNamed = reason !== undefined && 'ids' in reason
  if (route !== undefined && !isNamed) {
    return { ...operation, state: 'done', note: route.id === operation.id ? '' : `as ${route.id}` }
  }
  if (reason === undefined) return { ...operation, state: 'unexplained', note: '' }
  return { ...operation, state: 'missing', note: reason.why }
}

/** Renders the rows as a table: those that are done, then those that are not. */
export function coverageTable(family: string, routes: ReadonlyMap<string, readonly Operation[]>): readonly string[] {
  const rows = coverageOf(family, routes)
  const [unexplained] = rows.filter(({ state }) => state === 'unexplained')
  if (unexplained !== undefined) {
    throw new Error(`${family}: ${unexplained.id} is not done. Add its reason to tools/missing-operations.ts.`)
  }
  const done = rows.filter(({ state }) => state === 'done')
  const missing = rows.filter(({ state }) => state === 'missing')
  return [
    `${done.length} calls are done, ${missing.length} are not.`,
    '',
    '| operation | call | state |',
    '| --- | --- | --- |',
    ...done.map((row) => tableRow(row, row.note === '' ? 'done' : `done, ${row.note}`)),
    ...missing.map((row) => tableRow(row, `not done: ${row.note}`)),
  ]
}

function tableRow({ id, method, path }: Operation, state: string): string {
  return `| ${id} | \`${method} ${path}\` | ${state} |`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
