import { foldKey, foldValue } from '../near-duplicates/fold.ts'
import type { Expression, Test } from './expression.ts'
import { type ExpressionCandidate, matchesExpression } from './matches-expression.ts'
import { printExpression } from './print-expression.ts'

/** A part of an expression, with its canonical text. */
export type Part = {
  readonly op: 'and' | 'or' | 'not' | 'test'
  readonly text: string
  readonly expression: Expression
  readonly children: readonly Part[]
}

/** A part of an expression on one resource. */
export type PartOnResource = {
  readonly op: Part['op']
  readonly text: string
  readonly holds: boolean
  /** What the resource has in place of what a test that fails asks for; null for an absent tag. */
  readonly actual?: string | number | null
  /** A key or value of the resource that differs from that of the test only in case, width or separators. */
  readonly near?: { readonly key: string; readonly value: string }
  readonly children: readonly PartOnResource[]
}

/** Takes an expression apart. */
export function partsOf(expression: Expression): Part {
  const text = printExpression(expression)
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { op: expression.kind, text, expression, children: expression.operands.map(partsOf) }
    case 'not':
      return { op: 'not', text, expression, children: [partsOf(expression.operand)] }
    default:
      return { op: 'test', text, expression, children: [] }
  }
}

/** Says of each part of an expression whether it holds for a resource, and what the resource has where a test fails. */
export function explainOn(resource: ExpressionCandidate, { op, text, expression, children }: Part): PartOnResource {
  const holds = matchesExpression(resource, expression)
  return {
    op,
    text,
    holds,
    ...(isFallible(expression) && !holds ? reasonOf(resource, expression as FallibleTest) : {}),
    children: children.map((child) => explainOn(resource, child)),
  }
}

/** A test that can fail. */
type FallibleTest = Exclude<Test, { kind: 'true' }>

function isFallible({ kind }: Expression): boolean {
  return kind !== 'and' && kind !== 'or' && kind !== 'not' && kind !== 'true'
}

function reasonOf(resource: ExpressionCandidate, test: FallibleTest): Pick<PartOnResource, 'actual' | 'near'> {
  switch (test.kind) {
    case 'tag-in':
      return reasonOfTag(resource, test.key, test.values)
    case 'has-tag':
    case 'tag-text':
      return reasonOfTag(resource, test.key, [])
    case 'tag-count':
      return { actual: resource.tags.length }
    case 'member-in':
      return { actual: resource[test.member] as string }
    case 'name-text':
      return { actual: resource.name }
    case 'time':
      return {
        actual: new Date(
          (test.member === 'created' ? resource.createdAtMs : resource.updatedAtMs) as number,
        ).toISOString(),
      }
  }
}

function reasonOfTag(
  { tags }: ExpressionCandidate,
  key: string,
  values: readonly string[],
): Pick<PartOnResource, 'actual' | 'near'> {
  const own = tags.find((tag) => tag.key === key)
  if (own === undefined) {
    const near = tags.find((tag) => foldKey(tag.key) === foldKey(key))
    return { actual: null, ...(near && { near }) }
  }
  const isNear = values.some((value) => foldValue(value) === foldValue(own.value))
  return { actual: own.value, ...(isNear && { near: own }) }
}
