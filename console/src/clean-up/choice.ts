import { EXPRESSION_LIMITS, type Expression } from '../../../src/core/expression/expression.ts'
import { printExpression } from '../../../src/core/expression/print-expression.ts'
import type { operations } from '../api/schema.d.ts'
import type { IfBoth, PlanAction, PlanBody } from '../plans/plan-types.ts'

export type NearGroup =
  operations['ListNearDuplicates']['responses'][200]['content']['application/json']['groups'][number]

/** Actions of one plan, and values of one action. */
export const ACTIONS_MAX = 50

/** A spelling of a group. */
export type Spelling = { readonly text: string; readonly resources: number }

export function spellingsOf({ members }: NearGroup): readonly Spelling[] {
  return members.map(({ key, value = '', resources }) => ({ text: key ?? value, resources }))
}

/** A group that is to be corrected, with the spelling to keep. */
export type Correction = { readonly group: NearGroup; readonly kept: string }

/** The spellings that go away. */
export function goneOf({ group, kept }: Correction): readonly Spelling[] {
  return spellingsOf(group).filter(({ text }) => text !== kept)
}

/** The actions that leave one spelling of each group. */
export function actionsOf(corrections: readonly Correction[], ifBoth: IfBoth): PlanAction[] {
  return corrections.flatMap((correction): PlanAction[] => {
    const { group, kept } = correction
    const from = goneOf(correction).map(({ text }) => text)
    const { key } = group
    if (key === undefined) return from.map((each) => ({ rename_key: { from: each, to: kept, if_both: ifBoth } }))
    const parts = Array.from({ length: Math.ceil(from.length / ACTIONS_MAX) }, (_, at) =>
      from.slice(at * ACTIONS_MAX, (at + 1) * ACTIONS_MAX),
    )
    return parts.map((values) => ({ map_value: { key, from: values, to: kept } }))
  })
}

/** The resources that have a spelling which goes away; all of them, if an expression cannot name that many. */
export function selectOf(corrections: readonly Correction[]): PlanBody['select'] {
  const gone = corrections.flatMap((correction) =>
    goneOf(correction).map(({ text }) => ({ key: correction.group.key, text })),
  )
  const valuesOf = Map.groupBy(gone, ({ key }) => key)
  const tests = [...valuesOf].flatMap(([key, spellings]): Expression[] =>
    key === undefined
      ? spellings.map(({ text }) => ({ kind: 'has-tag', key: text }))
      : [{ kind: 'tag-in', key, values: spellings.map(({ text }) => text) }],
  )
  const fits =
    tests.length <= EXPRESSION_LIMITS.tests &&
    tests.every((test) => test.kind !== 'tag-in' || test.values.length <= EXPRESSION_LIMITS.listItems)
  const [only] = tests
  const filter = printExpression(tests.length === 1 && only ? only : { kind: 'or', operands: tests })
  return fits && filter.length <= EXPRESSION_LIMITS.characters ? { filter } : {}
}

/** The filter of Explore that finds the resources with a spelling. */
export function filterOf(key: string | undefined, text: string): string {
  return printExpression(key === undefined ? { kind: 'has-tag', key: text } : { kind: 'tag-in', key, values: [text] })
}

/** What the plan would do, in numbers. */
export type Sums = { readonly groups: number; readonly spellings: number; readonly tags: number; readonly both: number }

export function sumsOf(corrections: readonly Correction[]): Sums {
  const gone = corrections.flatMap(goneOf)
  return {
    groups: corrections.length,
    spellings: gone.length,
    tags: gone.reduce((sum, { resources }) => sum + resources, 0),
    both: corrections.reduce((sum, { group }) => sum + group.both, 0),
  }
}
