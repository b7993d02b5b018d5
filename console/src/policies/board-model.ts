import { combine, type Expression, negate } from '../../../src/core/expression/expression.ts'
import { printExpression } from '../../../src/core/expression/print-expression.ts'
import type { PolicyRule } from '../../../src/core/policy/effective-policy.ts'
import {
  PROBLEMS,
  type Problem,
  problemsOfResource,
  type ResourceProblem,
} from '../../../src/core/policy/judge-resource.ts'
import { typeTest } from '../../../src/core/policy/policy-types.ts'
import { problemExpression } from '../../../src/core/policy/problem-expression.ts'
import { foldKeyCase } from '../../../src/core/policy/tag-policy.ts'
import type { ResourceType } from '../../../src/core/resource-types.ts'
import type { Tag } from '../../../src/core/tag.ts'
import type { CoverageAnswer, Rule } from './queries.ts'
import type { View } from './search.ts'

/** The numbers of a key in one type, or in all. */
export type Cell = {
  /** Undefined: all types. */
  readonly type: string | undefined
  readonly resources: number
  readonly tagged: number
  /** Undefined for a key without rules. */
  readonly valid: number | undefined
}

export type BoardRow = {
  readonly key: string
  readonly rule: Rule | undefined
  readonly all: Cell
  /** In the order of the columns. */
  readonly cells: readonly Cell[]
}

export type Board = {
  readonly types: readonly { readonly type: string; readonly resources: number }[]
  readonly rows: readonly BoardRow[]
}

/** Arranges the counts: the largest types first; keys with rules first, then the most used. */
export function boardOf({ now }: CoverageAnswer, rules: readonly Rule[]): Board {
  const types = (now.types ?? [])
    .filter(({ resources }) => resources > 0)
    .map(({ resource_type, resources }) => ({ type: resource_type, resources }))
    .sort((a, b) => b.resources - a.resources)
  const rows = now.keys.map(({ key, types: ofTypes = [], ...all }) => {
    const byType = new Map(ofTypes.map((each) => [each.resource_type, each]))
    const cells = types.map(({ type, resources }) => toCell(type, byType.get(type) ?? { resources, tagged: 0 }))
    return { key, rule: rules.find(({ tag_key }) => tag_key === key), all: toCell(undefined, all), cells }
  })
  const rank = ({ rule, all }: BoardRow) => (rule === undefined ? 0 : 1e15) + all.tagged
  return { types, rows: rows.sort((a, b) => rank(b) - rank(a)) }
}

type Numbers = { readonly resources: number; readonly tagged: number; readonly valid?: number | undefined }

function toCell(type: string | undefined, { resources, tagged, valid }: Numbers): Cell {
  return { type, resources, tagged, valid }
}

/** The share that a cell shows; undefined where there is nothing to show. A key that is demanded shows its nought. */
export function shareOf(
  { type, resources, tagged, valid }: Cell,
  rule: Rule | undefined,
  view: View,
): number | undefined {
  if (resources === 0) return undefined
  if (view === 'validity') return valid === undefined ? undefined : valid / resources
  return tagged === 0 && !isDemanded(rule, type) ? undefined : tagged / resources
}

function isDemanded(rule: Rule | undefined, type: string | undefined): boolean {
  if (rule === undefined) return false
  return type === undefined ? rule.report_required_tag_for.length > 0 : isOneOf(rule.report_required_tag_for, type)
}

/** Types come from the service, which knows them. */
function isOneOf(selectors: readonly string[], type: string): boolean {
  return typeTest(selectors)(type as ResourceType)
}

/** Whether changes of a type are refused that break the rule; of any type without one. */
export function isEnforced({ enforced_for }: Rule, type: string | undefined): boolean {
  return type === undefined ? enforced_for.length > 0 : isOneOf(enforced_for, type)
}

/** Whether resources of a type must have the key; of some type without one. */
export function isRequired(rule: Rule, type: string | undefined): boolean {
  return isDemanded(rule, type)
}

export const HEAT_LEVELS = [0, 1, 2, 3, 4, 5] as const
export type HeatLevel = (typeof HEAT_LEVELS)[number]

/** The colour of a share. The last one is for everything, not for nearly everything. */
export function heatLevel(share: number): HeatLevel {
  if (share <= 0) return 0
  if (share >= 1) return 5
  return (1 + Math.floor(share * 4)) as HeatLevel
}

/** The rule as the core has it. */
export function toPolicyRule({ tag_key, tag_value, ...rule }: Rule): PolicyRule {
  return {
    key: tag_key,
    ...(tag_value !== undefined && { values: tag_value }),
    enforcedFor: rule.enforced_for,
    requiredFor: rule.report_required_tag_for,
    requiredOnCreate: rule.required_on_create,
  }
}

/** The problems of a resource with the rule of a key, or with any rule. */
export function problemsWith(
  rules: readonly Rule[],
  key: string | undefined,
  type: string,
  tags: readonly Tag[],
): readonly ResourceProblem[] {
  const meant = key === undefined ? rules : rules.filter(({ tag_key }) => tag_key === key)
  return problemsOfResource({ rules: meant.map(toPolicyRule) }, type as ResourceType, tags)
}

/** What a filter is made for: all types of the project, the one that is meant, and the spellings of the key in use. */
export type FilterScope = {
  readonly types: readonly string[]
  readonly type: string | undefined
  readonly spellings: readonly string[]
}

/** The filter for the resources with a problem, for Explore and for plans. */
export function problemFilter(rule: Rule, problem: Problem, scope: FilterScope): string {
  return printExpression(ofType(scope.type, problemOf(rule, problem, scope)))
}

/** The filter for the resources without any problem with a rule. */
export function compliantFilter(rule: Rule, scope: FilterScope): string {
  const none = PROBLEMS.map((problem) => negate(problemOf(rule, problem, scope))).filter((each) => each.kind !== 'true')
  return printExpression(ofType(scope.type, none.length === 0 ? { kind: 'true' } : combine('and', none)))
}

/** The filter for the resources with a key, or without. */
export function keyFilter(key: string, has: boolean, type: string | undefined): string {
  const test: Expression = { kind: 'has-tag', key }
  return printExpression(ofType(type, has ? test : negate(test)))
}

function problemOf(rule: Rule, problem: Problem, { types, type, spellings }: FilterScope): Expression {
  const searched = (type === undefined ? types : [type]) as ResourceType[]
  return problemExpression(toPolicyRule(rule), problem, { types: searched, spellings })
}

function ofType(type: string | undefined, expression: Expression): Expression {
  if (type === undefined) return expression
  const isType: Expression = { kind: 'member-in', member: 'type', values: [type] }
  return expression.kind === 'true' ? isType : combine('and', [isType, expression])
}

/** The keys that differ from that of a rule in case alone. */
export function otherSpellings(key: string, keys: readonly string[]): readonly string[] {
  return keys.filter((each) => each !== key && foldKeyCase(each) === foldKeyCase(key))
}
