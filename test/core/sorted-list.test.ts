import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedList } from '../../src/core/sorted-list.ts'
import { compareCodePoints } from '../../src/core/text.ts'

type Item = { readonly text: string; readonly value: number }

const newList = () => new SortedList<Item>(({ text }) => text)
const itemsOf = ({ chunks }: SortedList<Item>['view']) => chunks.flatMap(({ items }) => items)

describe('SortedList', () => {
  it('has the items of a map in order of their texts, and views stay as they were', () => {
    const text = fc.constantFrom('', 'a', 'b', 'ab', '\u{10000}', '\uffff', 'é')
    const change = fc.record({ text, value: fc.nat(9), kind: fc.constantFrom('put', 'put', 'remove', 'view') })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const list = newList()
        const truth = new Map<string, Item>()
        const sorted = () => [...truth.values()].sort((a, b) => compareCodePoints(a.text, b.text))
        const views: { readonly view: SortedList<Item>['view']; readonly items: readonly Item[] }[] = []
        for (const { kind, ...item } of changes) {
          if (kind === 'view') views.push({ view: list.view, items: sorted() })
          else if (kind === 'put') {
            list.put(item, views.length)
            truth.set(item.text, item)
          } else {
            list.remove(item.text, views.length)
            truth.delete(item.text)
          }
          expect([...list]).toEqual(sorted())
          expect(list.size).toBe(truth.size)
          expect(list.find(item.text)).toEqual(truth.get(item.text))
        }
        for (const { view, items } of views) expect([itemsOf(view), view.size]).toEqual([items, items.length])
      }),
    )
  })

  it('is split into chunks of at most 512 items, and an empty chunk is dropped', () => {
    const list = newList()
    const texts = Array.from({ length: 2000 }, (_, i) => String((i * 7919) % 2000).padStart(4, '0'))
    for (const [value, text] of texts.entries()) list.put({ text, value }, 0)
    const { chunks } = list.view
    expect(chunks.length).toBeGreaterThan(3)
    expect(Math.max(...chunks.map(({ items }) => items.length))).toBeLessThanOrEqual(512)
    expect([...list].map(({ text }) => text)).toEqual(texts.toSorted())
    for (const text of texts) list.remove(text, 0)
    expect([list.size, list.view.chunks]).toEqual([0, []])
  })

  it('a list that begins with a view does not change the view', () => {
    const first = newList()
    for (const text of ['a', 'b', 'c']) first.put({ text, value: 1 }, 0)
    const { view } = first
    const second = new SortedList<Item>(({ text }) => text, 1, view)
    second.put({ text: 'b', value: 2 }, 1)
    second.remove('a', 1)
    second.put({ text: 'd', value: 2 }, 1)
    expect([...second].map(({ text, value }) => `${text}${value}`)).toEqual(['b2', 'c1', 'd2'])
    expect(itemsOf(view).map(({ text, value }) => `${text}${value}`)).toEqual(['a1', 'b1', 'c1'])
  })

  it('a change of a chunk discards its JSON', () => {
    const list = newList()
    list.put({ text: 'a', value: 1 }, 0)
    const [chunk] = list.view.chunks
    if (chunk === undefined) throw new Error('the list has no chunk')
    chunk.json = '[]'
    list.put({ text: 'b', value: 1 }, 0)
    expect(list.view.chunks[0]?.json).toBeUndefined()
  })
})
