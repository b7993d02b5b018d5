import type { Expression, Test } from '../core/expression/expression.ts'
import { compare, testText } from '../core/expression/matches-expression.ts'
import type { IndexStorage } from './index-state.ts'
import { TermTable } from './term-table.ts'

/** Says whether the resource of a live slot matches. */
export type SlotTest = (slot: number) => boolean

/**
 * Compiles an expression into a test of single slots. It holds for slots that have not changed since; the tests of type
 * and project must be decided before.
 */
export function compileSlotTest(storage: IndexStorage, expression: Expression): SlotTest {
  switch (expression.kind) {
    case 'and': {
      const tests = cheapFirst(expression.operands).map((operand) => compileSlotTest(storage, operand))
      return (slot) => tests.every((test) => test(slot))
    }
    case 'or': {
      const tests = cheapFirst(expression.operands).map((operand) => compileSlotTest(storage, operand))
      return (slot) => tests.some((test) => test(slot))
    }
    case 'not': {
      const test = compileSlotTest(storage, expression.operand)
      return (slot) => !test(slot)
    }
    default:
      return compileTest(storage, expression)
  }
}

function compileTest(storage: IndexStorage, test: Test): SlotTest {
  const { dictionary, ids, names, tagCounts } = storage
  switch (test.kind) {
    case 'true':
      return () => true
    case 'has-tag': {
      const key = dictionary.key(test.key)
      return key === -1 ? () => false : (slot) => pairOf(storage, slot, key) !== undefined
    }
    case 'tag-in': {
      const key = dictionary.key(test.key)
      const pairs = new Set(key === -1 ? [] : test.values.map((value) => dictionary.pair(key, value)))
      return (slot) => storage.pairsOf(slot).some((pair) => pairs.has(pair))
    }
    case 'tag-text':
      return compileTextTest(storage, test)
    case 'tag-count':
      return (slot) => compare(tagCounts.get(slot), test.comparison, test.count)
    case 'name-text':
      return (slot) => testText(names.read(slot), test.method, test.text)
    case 'time': {
      const column = test.member === 'created' ? storage.createdAtMs : storage.updatedAtMs
      return (slot) => compare(column.get(slot), test.comparison, test.atMs)
    }
    case 'member-in': {
      const values = new Set(test.values)
      if (test.member === 'name') return (slot) => values.has(names.read(slot))
      if (test.member !== 'id') throw new RangeError(`the index does not know the ${test.member}`)
      const slots = new Set(test.values.map((id) => ids.find(id)))
      return (slot) => slots.has(slot)
    }
  }
}

const MATCHES = 1
const FAILS = 2

/** Remembers the outcome for each pair: many resources share one. */
function compileTextTest(storage: IndexStorage, test: Extract<Test, { kind: 'tag-text' }>): SlotTest {
  const { dictionary } = storage
  const key = dictionary.key(test.key)
  if (key === -1) return () => false
  // Not a map: its growth would rehash all outcomes at once.
  let outcomes: TermTable<Uint8Array> | undefined
  return (slot) => {
    const pair = pairOf(storage, slot, key)
    if (pair === undefined) return false
    outcomes ??= new TermTable(dictionary.termCount, (terms) => new Uint8Array(terms))
    let outcome = outcomes.get(pair)
    if (outcome === 0) {
      outcome = testText(dictionary.text(pair), test.method, test.text) ? MATCHES : FAILS
      outcomes.set(pair, outcome)
    }
    return outcome === MATCHES
  }
}

function pairOf(storage: IndexStorage, slot: number, key: number): number | undefined {
  return storage.pairsOf(slot).find((pair) => storage.dictionary.keyOf(pair) === key)
}

/** Tests of names decode a text, so they come last. */
function cheapFirst(expressions: readonly Expression[]): readonly Expression[] {
  return expressions.toSorted((a, b) => Number(readsName(a)) - Number(readsName(b)))
}

function readsName(expression: Expression): boolean {
  if (expression.kind === 'and' || expression.kind === 'or') return expression.operands.some(readsName)
  if (expression.kind === 'not') return readsName(expression.operand)
  return expression.kind === 'name-text' || (expression.kind === 'member-in' && expression.member === 'name')
}
