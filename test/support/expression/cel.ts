import { Environment } from '@marcbachmann/cel-js'
import type { Expression } from '../../../src/core/expression/expression.ts'
import type { ExpressionCandidate } from '../../../src/core/expression/matches-expression.ts'
import { foldCase } from '../../../src/core/text.ts'
import { strictCel, TYPE_IN_CEL } from './strict-cel.ts'

// The library cel-js as an outside judge of expressions.

/** CEL has a function `type`, whose name its variables must not have in this implementation. */
export const CEL = new Environment({ limits: { maxAstNodes: 100_000 } })
  .registerVariable('tags', 'map<string, string>')
  .registerVariable('id', 'string')
  .registerVariable(TYPE_IN_CEL, 'string')
  .registerVariable('project', 'string')
  .registerVariable('name', 'string')
  .registerVariable('created', 'google.protobuf.Timestamp')
  .registerVariable('updated', 'google.protobuf.Timestamp')
  .registerFunction('string.containsFold(string): bool', (text: string, part: string) =>
    foldCase(text).includes(foldCase(part)),
  )

/** A resource as the variables of CEL. */
export function celContext(resource: Required<ExpressionCandidate>) {
  return {
    ...resource,
    [TYPE_IN_CEL]: resource.type,
    tags: new Map(resource.tags.map(({ key, value }) => [key, value])),
    created: new Date(resource.createdAtMs),
    updated: new Date(resource.updatedAtMs),
  }
}

/** An expression as a function of a context; it throws where strict CEL fails. */
export function celProgram(expression: Expression): (context: ReturnType<typeof celContext>) => unknown {
  return CEL.parse(strictCel(expression))
}
