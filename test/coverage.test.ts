import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  COVERED_FAMILIES,
  callOf,
  coverageOf,
  coverageTable,
  type Operation,
  reasonOf,
  vendorOperations,
} from '../tools/coverage.ts'
import { MISSING_OPERATIONS } from '../tools/missing-operations.ts'
import { OPERATIONS } from './support/samples/operations.ts'

// The tables of docs/compat against the operations of the vendors' SDKs and the routes.

/** The routes of each family, with paths as OpenAPI documents have them. */
const routes = new Map<string, Operation[]>()
for (const [call, { family, route }] of OPERATIONS) {
  const [method = '', path = ''] = call.split(' ')
  routes.set(family, [...(routes.get(family) ?? []), { id: route.id, method, path }])
}
const calls = new Set([...routes.values()].flat().map(callOf))

/** The rows of a page: operation, method, path and state. */
function rowsOf(family: string) {
  const page = readFileSync(join(import.meta.dirname, `../docs/compat/${family}.md`), 'utf8')
  const rows = page.matchAll(/^\| (\S+) \| `(\S+) (\S+)` \| ((?:done|not done: \S).*) \|$/gm)
  return Array.from(rows, ([, id = '', method = '', path = '', state = '']) => ({ id, method, path, state }))
}

describe.each(COVERED_FAMILIES)('the table of %s', (family) => {
  const rows = rowsOf(family)
  const keyOf = ({ id, method, path }: Operation) => `${id} ${method} ${path}`

  it("has every operation of the vendor's SDK once, done or with the reason why it is not", () => {
    const listed = vendorOperations(family).map(keyOf)
    const known = new Set(listed)
    expect(listed.length).toBeGreaterThan(20)
    expect(known.size).toBe(listed.length)
    expect(
      rows
        .map(keyOf)
        .filter((key) => known.has(key))
        .sort(),
    ).toEqual(listed.sort())
  })

  it('calls an operation done only if a route serves it', () => {
    const done = rows.filter(({ state }) => state.startsWith('done'))
    expect(done.length).toBeGreaterThan(0)
    expect(done.filter((row) => !calls.has(callOf(row))).map(keyOf)).toEqual([])
  })

  it('has every route of the family as done', () => {
    const done = new Set(rows.filter(({ state }) => state.startsWith('done')).map(callOf))
    expect((routes.get(family) ?? []).filter((route) => !done.has(callOf(route))).map(keyOf)).toEqual([])
  })

  it('gives no reason that explains no operation, and none for an operation that a route of its name serves', () => {
    const missing = coverageOf(family, routes).filter(({ state }) => state === 'missing')
    const used = new Set(missing.map((operation) => reasonOf(family, operation)))
    expect((MISSING_OPERATIONS[family] ?? []).filter((reason) => !used.has(reason))).toEqual([])
    const names = new Set(missing.map(({ id }) => id))
    const listedReasons = (MISSING_OPERATIONS[family] ?? []).flatMap((reason) => ('ids' in reason ? reason.ids : []))
    expect(listedReasons.filter((id) => !names.has(id))).toEqual([])
    expect((routes.get(family) ?? []).filter(({ id }) => names.has(id))).toEqual([])
  })

  it('has no missing call that a route would take for one of its own, with a fixed segment as an id', () => {
    const patterns = [...OPERATIONS].map(([call, { route }]) => ({ call, route, pattern: patternOf(route.path) }))
    const swallowed = coverageOf(family, routes)
      .filter((row) => row.state === 'missing' && !calls.has(callOf(row)))
      .flatMap(({ id, method, path }) =>
        patterns
          .filter(({ route, pattern }) => route.method === method && pattern.test(path.replace(/\{\w+\}/g, 'x')))
          .map(({ call }) => `${id} ${method} ${path} is taken for ${call}`),
      )
    expect(swallowed).toEqual([])
  })
})

/** The paths that a route serves; a name may have an expression for its values. */
function patternOf(path: string): RegExp {
  const source = path
    .split(/\{\w+\}(?:\(\^(.*?)\$\))?/)
    .map((part, i) => (i % 2 === 0 ? RegExp.escape(part ?? '') : (part ?? '[^/]+')))
  return new RegExp(`^${source.join('')}$`)
}

describe('the generator of the tables', () => {
  it('refuses an operation that is neither done nor explained', () => {
    const [tagRoutes, ...others] = [routes.get('tms-v1') ?? [], ...[...routes].filter(([name]) => name !== 'tms-v1')]
    const without = tagRoutes.filter(({ id }) => id !== 'ListTags')
    expect(() => coverageTable('tms-v1', new Map([...others, ['tms-v1', without]]))).toThrow('ListTags is not done')
  })
})
