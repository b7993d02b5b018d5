import { parseExpression } from '../../src/core/expression/parse-expression.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { Random } from './random.ts'
import { type CountedPair, DENSE_SHARE, type Vocabulary } from './vocabulary.ts'

/** The test of one pair. */
function test({ key, value }: CountedPair): string {
  return `tags[${JSON.stringify(key)}] == ${JSON.stringify(value)}`
}

/** Queries by an expression as people write them: 8 tests of keys and values, some of them alternatives or excluded. */
export function usualExpressions(vocabulary: Vocabulary, count: number): readonly TagQuery[] {
  const random = new Random(41)
  const dense = vocabulary.between(DENSE_SHARE, 1)
  const common = dense.slice(0, Math.ceil(dense.length / 2))
  const [some, rare] = [vocabulary.keys.slice(8, 24), vocabulary.keys.slice(24)]
  const has = (keys: readonly string[]) => `${JSON.stringify(random.pick(keys))} in tags`
  return Array.from({ length: count }, () =>
    toQuery(
      `${test(random.pick(common))} && (${test(random.pick(dense))} || ${test(random.pick(dense))}) && ` +
        `!(${has(rare)}) && !(${test(random.pick(dense))}) && (${has(some)} || ${has(some)} || ${has(rare)})`,
    ),
  )
}

/** Queries by the largest expression: 64 tests of dense pairs, none of which decides the others. */
export function largestExpressions(vocabulary: Vocabulary, count: number): readonly TagQuery[] {
  const random = new Random(43)
  const dense = vocabulary.between(DENSE_SHARE, 1)
  const alternatives = () =>
    Array.from({ length: 4 }, () => `(${test(random.pick(dense))} && !(${test(random.pick(dense))}))`).join(' || ')
  return Array.from({ length: count }, () =>
    toQuery(Array.from({ length: 8 }, (_, i) => `${i % 4 === 3 ? '!' : ''}(${alternatives()})`).join(' && ')),
  )
}

/** A query by the text of an expression. */
export function toQuery(text: string): TagQuery {
  return { filter: parseExpression(text) }
}
