import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TAG_SERVICE_ROWS } from '../../../src/api/tag-services/index.ts'
import type { TagServiceRow, WriteCall } from '../../../src/api/tag-services/row.ts'
import { SdkClient } from './sdk-client.ts'
import type { Unit } from './units.ts'

// The client of the vendor's SDK signs and sends every call of every row, for each of its resource types.

/** Other forms have a test of their own. */
const ROWS = TAG_SERVICE_ROWS.filter(({ form }) => form === undefined)

let sdk: SdkClient
let units: readonly Unit[]
beforeAll(async () => {
  sdk = await SdkClient.start()
  units = sdk.units(ROWS)
  const lines = units.map((unit, i) => ({
    resource_type: unit.type,
    resource_id: idOf(i),
    resource_name: `resource ${i}`,
    resource_detail: { place: `p${i}` },
    tags: [],
  }))
  const { body } = await sdk.service.register(...lines)
  expect(body.created).toBe(lines.length)
})
afterAll(() => sdk.service.stop())

const idOf = (i: number) => `resource-${i}`
const names: readonly (readonly [name: string, i: number])[] = ROWS.flatMap((row) =>
  Object.keys(row.types).map((segment) => `${row.service} ${row.base}/${segment}`),
).map((name, i) => [name, i])

/** The body that adds a tag, and the body that removes it, by call. */
const BODIES: Readonly<Record<WriteCall, (key: string) => object | undefined>> = {
  'POST tags': (key) => ({ tag: { key, value: 'v' } }),
  'POST tags of many': (key) => ({ tags: [{ key, value: 'v' }] }),
  'DELETE tags/{key}': () => undefined,
  'DELETE tags by key': (key) => ({ keys: [key] }),
  'POST tags/action': (key) => ({ action: 'create', tags: [{ key, value: 'v' }] }),
  'POST tags/create': (key) => ({ tags: [{ key, value: 'v' }] }),
  'POST tags/delete': (key) => ({ tags: [{ key }] }),
  'DELETE tags/delete': (key) => ({ tags: [{ key }] }),
  'POST tags/batch-create': (key) => ({ tags: [{ key, value: 'v' }] }),
  'POST tags/batch-delete': (key) => ({ tags: [{ key }] }),
}

const isRemoval = (call: WriteCall) => call.startsWith('DELETE') || call.endsWith('delete')

/** Sends a call that adds or removes the tag `key=v` of a unit's resource. */
function write({ row, path }: Unit, call: WriteCall, id: string, key: string, body = BODIES[call](key)) {
  const [method = '', end = ''] = call.replace(/ (of many|by key)$/, '').split(' ')
  const tail = end.replace('tags', row.tagsSegment ?? 'tags').replace('{key}', key)
  return sdk.send(row, method, `${path}/${id}/${tail}`, body)
}

const keysOf = (row: TagServiceRow, tags: object) =>
  row.inUse === 'map' ? Object.keys(tags) : (tags as { key: string }[]).map(({ key }) => key)

/** Asks whether a tag is listed on a resource and among those in use, and how many resources have it; undefined without such a call. */
async function seen(unit: Unit, id: string, key: string) {
  const { row, path, inUsePath } = unit
  const listed = row.hidesTags ? undefined : await sdk.send(row, 'GET', `${path}/${id}/${row.tagsSegment ?? 'tags'}`)
  const used = row.inUse === 'none' ? undefined : await sdk.send(row, 'GET', inUsePath)
  return {
    listed: listed?.body.tags.some((tag: { key: string }) => tag.key === key),
    used: used && keysOf(row, used.body.tags).includes(key),
    counted: await counted(unit, key),
  }
}

async function counted({ row: { query, ...row }, queryPath }: Unit, key: string): Promise<number | undefined> {
  if (query === undefined) return undefined
  const tags = [{ key, values: ['v'] }]
  const totals = new Set<number>()
  for (const segment of query.segments) {
    const calls =
      query.shape === 'action'
        ? [
            sdk.send(row, 'POST', `${queryPath}/${segment}/action`, { action: 'count', tags }),
            sdk.send(row, 'POST', `${queryPath}/${segment}/action`, { action: 'filter', tags }),
          ]
        : [
            sdk.send(row, 'POST', `${queryPath}/${segment}/count`, { tags }),
            sdk.send(row, 'POST', `${queryPath}/${segment}/filter`, { tags }),
          ]
    const [count, filter] = await Promise.all(calls)
    expect([count?.status, filter?.status]).toEqual([200, 200])
    expect(filter?.body.resources).toHaveLength(count?.body.total_count)
    totals.add(count?.body.total_count).add(filter?.body.total_count)
  }
  expect(totals.size).toBe(1)
  return [...totals][0]
}

describe('every call of a row', () => {
  it.each(names)('%s', async (_, i) => {
    const unit = units[i] as Unit
    const { row } = unit
    const id = idOf(i)
    const none = {
      listed: row.hidesTags ? undefined : false,
      used: row.inUse === 'none' ? undefined : false,
      counted: row.query && 0,
    }
    const one = {
      listed: row.hidesTags ? undefined : true,
      used: row.inUse === 'none' ? undefined : true,
      counted: row.query && 1,
    }
    const adders = row.writes.filter((call) => !isRemoval(call))
    const removers = row.writes.filter(isRemoval)
    expect(await seen(unit, id, `k${i}`)).toEqual(none)
    for (const [n, adder] of adders.entries()) {
      const key = `k${i}-${n}`
      expect((await write(unit, adder, id, key)).status).toBe(row.writeStatus)
      expect(await seen(unit, id, key)).toEqual(one)
      // Only the application service of COC has no call that removes.
      if (row.service === 'coc') continue
      const remover = removers[n % removers.length] ?? 'POST tags/action'
      const body = remover === 'POST tags/action' ? { action: 'delete', tags: [{ key }] } : BODIES[remover](key)
      const removed = await write(unit, remover, id, key, body)
      expect(removed.status).toBe(row.writeStatus)
      expect(await seen(unit, id, key)).toEqual(none)
    }
  })
})
