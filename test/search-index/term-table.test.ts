import { expect, it } from 'vitest'
import { TermTable } from '../../src/search-index/term-table.ts'

it('a table of terms has 0 for each at first, also for terms that are added later', () => {
  const table = new TermTable(1000, (terms) => new Uint32Array(terms))
  expect([table.get(0), table.get(999), table.get(50_000)]).toEqual([0, 0, 0])
  expect([...table.pages()]).toEqual([])
})

it('a table of terms makes only the pages of the terms that were set', () => {
  const table = new TermTable(10_000, (terms) => new Uint32Array(terms))
  table.raise(3)
  table.raise(3)
  table.set(9999, 7)
  table.set(20_000, 8)
  expect([3, 4, 9999, 20_000].map((term) => table.get(term))).toEqual([2, 0, 7, 8])
  const numbers = [...table.pages()].flatMap(([firstTerm, page]) =>
    Array.from(page, (number, i) => [firstTerm + i, number] as const).filter(([, number]) => number > 0),
  )
  expect(numbers).toEqual([
    [3, 2],
    [9999, 7],
    [20_000, 8],
  ])
  expect([...table.pages()].length).toBe(3)
})
