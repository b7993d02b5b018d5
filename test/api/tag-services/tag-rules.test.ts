import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TAG_SERVICE_ROWS } from '../../../src/api/tag-services/index.ts'
import type { TagServiceRow, WriteCall } from '../../../src/api/tag-services/row.ts'
import { profileOf } from '../../../src/core/profile.ts'
import { ResourceTypes } from '../../../src/core/resource-types.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { texts } from '../fixtures.ts'
import { getFrom } from './get-from.ts'
import { type Unit, unitsOf } from './units.ts'

// The rules for tags that are added, and the errors of changes, of every row: those of its resource type (contract 11, 12.3).

const PROFILE = 'huawei'
const profile = profileOf(PROFILE)

let service: TestService
let domainId: string
beforeAll(async () => {
  service = await startTestService({ flags: { profile: PROFILE } })
  domainId = (await service.call('GET', `/v3/projects/${service.project}`)).body.project.domain_id
  const lines = rows.map(([name, row], i) => ({
    ...{ resource_type: Object.values(row.types)[0], resource_id: `r${i}`, resource_name: name },
    tags: [],
  }))
  expect((await service.register(...lines)).body.created).toBe(lines.length)
})
afterAll(() => service.stop())

/** The calls that add several tags. */
const ADDERS = ['POST tags/action', 'POST tags/create', 'POST tags/batch-create', 'POST tags of many'] as const
const adderOf = ({ writes }: TagServiceRow) => ADDERS.find((call) => writes.includes(call))

const rows = TAG_SERVICE_ROWS.filter((row) => adderOf(row) !== undefined).map(
  (row) => [`${row.service} ${row.base}/${Object.keys(row.types)[0]}`, row] as const,
)

type Tags = readonly { readonly key: string; readonly value?: string }[]

describe('the tags of a resource', () => {
  it.each(rows.map(([name, row], i) => [name, row, `r${i}`] as const))('%s', async (_, row, id) => {
    const [unit] = unitsOf([row], service.project, domainId) as [Unit]
    const rules = profile.tagRulesOf(ResourceTypes.builtIn.registered(unit.type)!)
    const { tagsPerResourceMax: tagsMax, keyCharactersMax: keyMax, valueCharactersMax: valueMax } = rules
    const adder = adderOf(row) as WriteCall
    const path = `${unit.path}/${id}/${adder.split(' ')[1]?.replace('tags', row.tagsSegment ?? 'tags')}`
    const send = async (body: unknown) => {
      const answer = await getFrom(service, unit.host ?? '127.0.0.1', path, { method: 'POST', body })
      const { error_code: flat, error } = answer.body ?? {}
      return answer.status === row.writeStatus ? 'done' : `${answer.status} ${(flat ?? error.code).split('.')[1]}`
    }
    const action = adder.endsWith('action') ? { action: 'create' } : {}
    const add = (tags: Tags) => send({ ...action, tags })
    const named = (count: number) => texts('k', count).map((key) => ({ key, value: '' }))

    expect(await add([{ key: 'k'.repeat(keyMax + 1), value: '' }])).toBe('400 4008')
    expect(await add([{ key: 'k0', value: 'v'.repeat(valueMax + 1) }])).toBe('400 4008')
    expect(await add([{ key: '', value: '' }])).toBe('400 4008')
    expect(await add([{ key: 'a', value: '<' }])).toBe('400 4008')
    expect(await add([{ key: 'a' }])).toBe('400 4003')
    expect(await add([])).toBe('400 4003')
    expect(await add([...named(1), ...named(1)])).toBe('400 4009')
    expect(await add(named(tagsMax + 1))).toBe('400 4011')
    expect(await send({})).toBe('400 4003')
    // Nothing of the refused changes was applied, so as many tags as are allowed still fit.
    expect(await add([{ key: 'k'.repeat(keyMax), value: 'v'.repeat(valueMax) }, ...named(tagsMax - 1)])).toBe('done')
    expect(await add([{ key: 'one-more', value: '' }])).toBe('400 4011')
    expect(await add([{ key: 'k0', value: 'changed' }])).toBe('done')
    if (adder === 'POST tags/action') {
      expect(await send({ action: 'Create', tags: named(1) })).toBe('400 4004')
      expect(await send({ action: 'delete', tags: [{ key: 'k0', value: 'other' }] })).toBe('done')
    }
    if (row.writes.includes('DELETE tags/{key}')) {
      const remove = (key: string) =>
        getFrom(service, unit.host ?? '127.0.0.1', `${unit.path}/${id}/tags/${key}`, { method: 'DELETE' })
      expect((await remove('k0')).status).toBe(row.writeStatus)
      const again = await remove('k0')
      expect([again.status, again.body.error_code ?? again.body.error.code]).toEqual([404, `${row.codePrefix}.4041`])
    }
  })
})

describe('a list', () => {
  it.each(rows)('refuses parameters that it does not know, and pages out of range: %s', async (_, row) => {
    const [unit] = unitsOf([row], service.project, domainId) as [Unit]
    const ask = async (path: string) => {
      const { status, body } = await getFrom(service, unit.host ?? '127.0.0.1', path)
      return status === 200 ? 200 : `${status} ${(body.error_code ?? body.error.code).split('.')[1]}`
    }
    if (!row.hidesTags) expect(await ask(`${unit.path}/none/${row.tagsSegment ?? 'tags'}?no_such=x`)).toBe('400 4003')
    if (row.inUse === 'none') return
    expect(await ask(`${unit.inUsePath}?no_such=x`)).toBe('400 4003')
    const isPaged = row.inUse === 'paged'
    for (const [page, outcome] of [
      ['limit=1', 200],
      ['limit=1000', 200],
      ['limit=0', '400 4005'],
      ['limit=1001', '400 4005'],
      ['offset=-1', '400 4006'],
    ]) {
      expect([page, await ask(`${unit.inUsePath}?${page}`)]).toEqual([page, isPaged ? outcome : '400 4003'])
    }
  })
})

it('a body that is missing, no JSON, or has a member twice is refused with its own code', async () => {
  const path = `/v2.0/${service.project}/vpcs/none/tags/action`
  const code = async (body: string) => (await service.call('POST', path, { body })).body.error_code
  expect((await service.call('POST', path, { headers: { 'content-type': 'application/json' } })).body.error_code).toBe(
    'VPC.4001',
  )
  expect([await code('{'), await code('[]'), await code('{"action":"create","action":"delete"}')]).toEqual([
    'VPC.4002',
    'VPC.4003',
    'VPC.4002',
  ])
})
