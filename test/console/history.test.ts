import { describe, expect, it } from 'vitest'
import { daysOf, type Group, mergeGroups, tagVerbOf } from '../../console/src/activity/groups.ts'
import { edgeAt, edgesOf, ticksOf } from '../../console/src/changes/edges.ts'
import type { Difference } from '../../console/src/compare/difference.ts'
import { keyChangesOf } from '../../console/src/compare/key-changes.ts'
import { linesOf } from '../../console/src/compare/lines.ts'
import { planFileOf, wayBackOf } from '../../console/src/compare/way-back.ts'
import { resourceText, toResourceId } from '../../console/src/resource/resource-id.ts'

const daysFrom = (start: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ at: new Date(Date.parse(start) + i * 86_400_000).toISOString() }))

describe('the edges of intervals', () => {
  it('are the beginning of each and the end of the last one, also of months', () => {
    const months = [{ at: '2026-01-01T00:00:00.000Z' }, { at: '2026-02-01T00:00:00.000Z' }]
    const edges = edgesOf({ interval: 'month', points: months })
    expect(edges.at(-1)).toBe('2026-03-01T00:00:00.000Z')
    expect(edgesOf({ interval: 'day', points: daysFrom('2026-02-28T00:00:00.000Z', 1) })).toEqual([
      '2026-02-28T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ])
    expect(edgesOf({ interval: 'day', points: [] })).toEqual([])
  })

  it('the nearest one to a time is found, also before the first and after the last', () => {
    const edges = edgesOf({ interval: 'day', points: daysFrom('2026-01-01T00:00:00.000Z', 3) })
    const at = (time: string) => edgeAt(edges, Date.parse(time))
    expect([at('2020-01-01'), at('2026-01-01T11:00:00Z'), at('2026-01-01T13:00:00Z'), at('2030-01-01')]).toEqual([
      0, 0, 1, 3,
    ])
  })

  it('have ticks of the coarsest unit of which there are enough, and never too many', () => {
    const ticks = (count: number) =>
      ticksOf(edgesOf({ interval: 'day', points: daysFrom('2024-06-10T00:00:00Z', count) }))
    const namesOf = (count: number) => ticks(count).map(({ unit, at }) => `${unit} ${at.slice(0, 7)}`)
    expect(namesOf(1000)).toEqual(['year 2025-01', 'year 2026-01', 'year 2027-01'])
    const months = ['2024-07', '2024-10', '2025-01', '2025-04', '2025-07', '2025-10', '2026-01']
    expect(namesOf(600)).toEqual(months.map((month) => `month ${month}`))
    expect(ticks(20).every(({ unit }) => unit === 'day')).toBe(true)
    for (const count of [1, 5, 40, 400, 2000]) expect(ticks(count).length).toBeLessThanOrEqual(8)
  })
})

const state = (tags: Readonly<Record<string, string>>) => ({
  resource_name: 'one',
  tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
})
const differenceOf = (from: Difference['from'], to: Difference['to']): Difference => ({
  ...{ resource_type: 'images', resource_id: 'i', resource_name: 'one', movement: 'changed', from, to },
  ...{ changes: 1, actors: [] },
})

describe('a difference', () => {
  it('has its keys in order, each with what it was and what it is', () => {
    const difference = differenceOf(state({ b: '1', a: '', same: 'x' }), state({ b: '2', c: '3', same: 'x' }))
    expect(keyChangesOf(difference)).toEqual([
      { key: 'a', before: '' },
      { key: 'b', before: '1', after: '2' },
      { key: 'c', after: '3' },
    ])
  })

  it('is taken back by a line that expects what is there and sets what was there', () => {
    const difference = differenceOf(state({ b: '1', a: '' }), state({ b: '2', c: '3' }))
    const line = wayBackOf(difference)
    expect(line).toEqual({
      ...{ resource_type: 'images', resource_id: 'i', order: ['b', 'a'] },
      expect: { b: '2', a: null, c: '3' },
      patch: { b: '1', a: '', c: null },
    })
    expect(planFileOf('back', line === undefined ? [] : [line]).split('\n')).toEqual([
      '{"format":"tagwerk-plan/1","note":"back"}',
      JSON.stringify(line),
      '',
    ])
  })

  it('that is no difference of tags of an existing resource has no way back', () => {
    expect(wayBackOf(differenceOf(null, state({ a: '1' })))).toBeUndefined()
    expect(wayBackOf(differenceOf(state({ a: '1' }), null))).toBeUndefined()
    expect(wayBackOf(differenceOf(state({ a: '1' }), state({ a: '1' })))).toBeUndefined()
  })
})

describe('the lines of a stream', () => {
  it('are whole wherever the stream is cut, also within a character', async () => {
    const text = '{"a":"标签"}\n{"b":2}\n\n{"c":3}'
    const bytes = new TextEncoder().encode(text)
    for (let size = 1; size <= bytes.length; size++) {
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
          controller.close()
        },
      })
      const lines: string[] = []
      for await (const line of linesOf(stream)) lines.push(line)
      expect(lines, `in parts of ${size}`).toEqual(['{"a":"标签"}', '{"b":2}', '{"c":3}'])
    }
  })
})

const group = (id: string, first: number, last: number, keys: Group['keys'] = []): Group => ({
  ...{ id, actor: { id: 'u', name: 'ann' }, request_id: 'r', changes: last - first + 1, resources: last - first + 1 },
  ...{ first: { revision: first, at: '' }, last: { revision: last, at: '' }, resource_name: 'one' },
  ...{ created: 0, updated: last - first + 1, deleted: 0, types: { images: last - first + 1 } },
  ...{ keys, more_keys: 0, may_continue: false },
})

describe('groups of changes', () => {
  it('that came in parts are one, with the sum of their numbers', () => {
    const env = (changed: number) => [{ key: 'env', added: 0, changed, removed: 0 }]
    const merged = mergeGroups([group('a', 8, 9, env(2)), group('b', 6, 7), group('a', 3, 5, env(3))])
    expect(merged.map(({ id, first, last, changes }) => [id, first.revision, last.revision, changes])).toEqual([
      ['a', 3, 9, 5],
      ['b', 6, 7, 2],
    ])
    expect([merged[0]?.keys, merged[0]?.types]).toEqual([env(5), { images: 5 }])
  })

  it.each([
    [[2, 0, 0], 'added'],
    [[0, 0, 3], 'removed'],
    [[0, 1, 0], 'changed'],
    [[1, 0, 1], 'changed'],
  ] as const)('with the numbers %j did one thing to tags: %s', ([added, changed, removed], verb) => {
    expect(tagVerbOf({ keys: [{ key: 'k', added, changed, removed }] })).toBe(verb)
  })
})

describe('the days with changes', () => {
  it('are summed from finer intervals, the newest first, without days on which nothing happened', () => {
    const points = [
      { at: '2026-01-01T22:00:00.000Z', changes: 1 },
      { at: '2026-01-02T22:00:00.000Z', changes: 0 },
      { at: '2026-01-03T01:00:00.000Z', changes: 2 },
      { at: '2026-01-03T02:00:00.000Z', changes: 3 },
    ]
    expect(daysOf({ interval: 'hour', points }).map(({ id, count }) => [id, count])).toEqual([
      ['2026-01-03', 5],
      ['2026-01-01', 1],
    ])
    expect(daysOf({ interval: 'month', points })).toEqual([])
  })
})

describe('the resource of an address', () => {
  it('is read as it was written, also with slashes in its id', () => {
    for (const id of ['i-1', 'arn:aws:s3:::b/c', 'a b']) {
      expect(toResourceId(resourceText({ type: 'ecs', id }))).toEqual({ type: 'ecs', id })
    }
  })

  it.each([undefined, '', 'images', 'images/', '/i-1'])('is none in %j', (text) => {
    expect(toResourceId(text)).toBeUndefined()
  })
})
