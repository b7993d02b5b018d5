import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DistinctTags, keysWithValuesJson, mergeTags } from '../../src/core/distinct-tags.ts'
import type { Tag } from '../../src/core/tag.ts'
import { compareCodePoints } from '../../src/core/text.ts'

const text = fc.constantFrom('', 'a', 'B', '10', '9', '标签', '\uffee', '\u{1f600}', '__proto__', '"\\')
const tags = fc.array(fc.record({ key: text, value: text }))

/** The distinct tags in order, in a simple way. */
function inOrder(list: readonly Tag[]): Tag[] {
  const distinct = new Map(list.map((tag) => [JSON.stringify([tag.key, tag.value]), tag]))
  return [...distinct.values()].sort((a, b) => compareCodePoints(a.key, b.key) || compareCodePoints(a.value, b.value))
}

function distinct(list: readonly Tag[]): Tag[] {
  const found = new DistinctTags()
  list.forEach(found.add)
  return [...found.sorted()]
}

it('any tags are collected once each, by key and then value', () => {
  fc.assert(fc.property(tags, (list) => void expect(distinct(list)).toEqual(inOrder(list))))
})

it('two ordered sequences of tags are merged in order, with a tag of both once', () => {
  fc.assert(
    fc.property(tags, tags, (a, b) => {
      expect([...mergeTags(inOrder(a), inOrder(b))]).toEqual(inOrder([...a, ...b]))
    }),
  )
})

it('ordered tags are written as JSON with each key once', () => {
  fc.assert(
    fc.property(tags, (list) => {
      const values = new Map<string, string[]>()
      for (const { key, value } of inOrder(list)) values.set(key, [...(values.get(key) ?? []), value])
      const expected = Array.from(values, ([key, ofKey]) => ({ key, values: ofKey }))
      expect(`[${[...keysWithValuesJson(inOrder(list))].join('')}]`).toBe(JSON.stringify(expected))
    }),
  )
})
