import { ofType } from '../core/expression/decided-query.ts'
import { murmur3 } from '../core/murmur3.ts'
import type { EffectivePolicy } from '../core/policy/effective-policy.ts'
import { problemExpression } from '../core/policy/problem-expression.ts'
import type { TagIndex } from '../search-index/tag-index.ts'
import { countWrongValues, hasPatterns } from './compliance-counts.ts'
import type { ValidityRules } from './coverage-counts.ts'

/** Gives the rules of a policy for the values of its keys; undefined for a policy without keys. */
export function validityRulesOf({ rules }: EffectivePolicy): ValidityRules | undefined {
  if (rules.length === 0) return undefined
  const ofKey = new Map(rules.map((rule) => [rule.key, rule]))
  const text = JSON.stringify(rules.map(({ key, values }) => [key, values ?? null]))
  const hash = [0, 1].map((seed) => (murmur3(text, seed) >>> 0).toString(16).padStart(8, '0'))
  return {
    id: hash.join(''),
    keys: rules.map(({ key }) => key),
    countValid: (index: TagIndex, type, key) => {
      const rule = ofKey.get(key)
      if (rule === undefined) return undefined
      const tagged = index.countOf(key)
      if (tagged === 0 || !hasPatterns(rule)) return tagged - countWrongValues(index, rule)
      const filter = problemExpression(rule, 'wrong-value', { types: [type], spellings: [] })
      return tagged - index.count(ofType({ filter }, type))
    },
  }
}
