import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TAG_SERVICE_ROWS } from '../../../src/api/tag-services/index.ts'
import type { TagServiceRow } from '../../../src/api/tag-services/row.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { texts } from '../fixtures.ts'
import { getFrom } from './get-from.ts'
import { queryCallOf, queryUnitsOf, type Unit, unitsOf } from './units.ts'

// Limits and lists of every row that can be queried, at their edges (contract 12.3).

let service: TestService
beforeAll(async () => {
  service = await startTestService()
  await service.register({ resource_type: 'vpc', resource_id: 'v', resource_name: 'v', tags: [] })
})
afterAll(() => service.stop())

const rows = queryUnitsOf(TAG_SERVICE_ROWS)

/** Sends a query to the first type of a row; gives the status and the end of the error code. */
async function query(row: TagServiceRow, kind: 'filter' | 'count', body: object, page: object = {}) {
  // A project's token works in its project; the path of a domain holds the id of the domain.
  const domain = (await service.call('GET', `/v3/projects/${service.project}`)).body.project.domain_id
  const [unit] = unitsOf([row], service.project, domain) as [Unit]
  const call = queryCallOf(unit, kind, body, page)
  const answer = await getFrom(service, unit.host ?? '127.0.0.1', call.path, { method: 'POST', body: call.body })
  const code: string | undefined = answer.body?.error_code ?? answer.body?.error?.code
  if (answer.status !== 200) expect(code).toMatch(new RegExp(`^${row.codePrefix}\\.`))
  return answer.status === 200 ? 200 : `${answer.status} ${code?.split('.')[1]}`
}

const LIMIT = '400 4005'
const OFFSET = '400 4006'

describe('the page of a query', () => {
  it.each(rows)('%s', async (_, row) => {
    const { limitKind, limitIn, limitMax } = row.query!
    const isBody = limitIn !== 'query'
    const expected: [object, unknown][] = [
      [{ limit: 1 }, 200],
      [{ limit: limitMax }, 200],
      [{ limit: 0 }, LIMIT],
      [{ limit: limitMax + 1 }, LIMIT],
      [{ limit: 1.5 }, LIMIT],
      [{ limit: 'x' }, LIMIT],
      [{ limit: '' }, LIMIT],
      [{ limit: '1' }, isBody && limitIn === 'body' && limitKind === 'number' ? LIMIT : 200],
      [{ offset: 0 }, 200],
      [{ offset: 1_000_000 }, 200],
      [{ offset: -1 }, OFFSET],
      [{ offset: 'x' }, OFFSET],
    ]
    for (const [page, outcome] of expected) {
      expect([page, await query(row, 'filter', {}, page)]).toEqual([page, outcome])
    }
    if (limitIn !== 'query') expect(await query(row, 'count', {}, { limit: 'x', offset: -1 })).toBe(200)
  })
})

const SAMPLES = {
  tags: [{ key: 'k', values: ['v'] }],
  tags_any: [{ key: 'k', values: ['v'] }],
  not_tags: [{ key: 'k', values: ['v'] }],
  not_tags_any: [{ key: 'k', values: ['v'] }],
  without_any_tag: true,
  matches: [{ key: 'resource_name', value: 'x' }],
}

describe('the lists of a query', () => {
  it.each(rows)('%s', async (_, row) => {
    for (const kind of ['filter', 'count'] as const) {
      for (const [name, value] of Object.entries(SAMPLES)) {
        const outcome = row.query!.lists.includes(name as 'tags') ? 200 : '400 4003'
        expect([name, await query(row, kind, { [name]: value })]).toEqual([name, outcome])
      }
      expect(await query(row, kind, {})).toBe(200)
      expect(await query(row, kind, { sys_tags: SAMPLES.tags })).toBe('400 4003')
      expect(await query(row, kind, { tagz: SAMPLES.tags })).toBe('400 4003')
      expect(await query(row, kind, { sequence: 'ignored' })).toBe(200)
      expect(await query(row, kind, { tags: [] })).toBe('400 4003')
      expect(await query(row, kind, { tags: [{ key: 'k' }] })).toBe('400 4003')
      expect(await query(row, kind, { tags: [...SAMPLES.tags, ...SAMPLES.tags] })).toBe('400 4003')
      expect(await query(row, kind, { tags: [{ key: 'k'.repeat(200), values: [] }] })).toBe('400 4008')
    }
  })

  it.each(rows)('as many keys and values as its tag rules allow: %s', async (_, row) => {
    const max = (await isLong(row)) ? 20 : 10
    const keys = (count: number) => ({ tags: texts('k', count).map((key) => ({ key, values: [] })) })
    const values = (count: number) => ({ tags: [{ key: 'k', values: texts('v', count) }] })
    expect([await query(row, 'count', keys(max)), await query(row, 'count', keys(max + 1))]).toEqual([200, '400 4003'])
    expect([await query(row, 'count', values(max)), await query(row, 'count', values(max + 1))]).toEqual([
      200,
      '400 4003',
    ])
  })
})

/** Whether the first type of a row has the newer tag rules, which take keys of more than 36 characters. */
async function isLong(row: TagServiceRow): Promise<boolean> {
  const [type] = Object.values(row.types)
  const line = {
    resource_type: type,
    resource_id: `long-${type}`,
    resource_name: '',
    tags: [{ key: 'k'.repeat(37), value: '' }],
  }
  return (await service.register(line)).body.refused === 0
}
