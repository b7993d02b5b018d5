import type { DomainRole } from './types.ts'

type Policy = DomainRole['policy']

/** Actions that one statement of a policy may have. */
const ACTIONS_PER_STATEMENT = 100

/** The actions that a policy allows or denies. Every statement is about all resources, so one list says the same as several. */
export function actionsOf({ Statement }: Policy, effect: 'Allow' | 'Deny'): readonly string[] {
  return [...new Set(Statement.filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => Action))]
}

/** The policy of a form with one action a line; undefined if it has none. */
export function policyOf({ allows, denies }: { readonly allows: string; readonly denies: string }): Policy | undefined {
  const statements = [...statementsOf('Allow', allows), ...statementsOf('Deny', denies)]
  return statements.length === 0 ? undefined : { Version: '1.1', Statement: statements }
}

function statementsOf(effect: 'Allow' | 'Deny', lines: string): Policy['Statement'] {
  const actions = [...new Set(lines.split('\n').map((line) => line.trim()))].filter((line) => line !== '')
  const statements: Policy['Statement'] = []
  for (let i = 0; i < actions.length; i += ACTIONS_PER_STATEMENT) {
    statements.push({ Effect: effect, Action: actions.slice(i, i + ACTIONS_PER_STATEMENT) })
  }
  return statements
}
