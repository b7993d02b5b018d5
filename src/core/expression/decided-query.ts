import type { ResourceType } from '../resource-types.ts'
import type { TagQuery } from '../tag-query.ts'
import type { Test } from './expression.ts'
import { simplify } from './simplify-expression.ts'

/** A query within a project: the tests of the project are decided, because an index does not know it. */
export function inProject(query: TagQuery, project: string): TagQuery {
  return decided(query, 'project', project)
}

/** A query for the resources of one type. */
export function ofType(query: TagQuery, type: ResourceType): TagQuery {
  return decided(query, 'type', type)
}

function decided(query: TagQuery, member: 'project' | 'type', value: string): TagQuery {
  const { filter } = query
  if (filter === undefined) return query
  const outcome = (test: Test) =>
    test.kind === 'member-in' && test.member === member ? test.values.includes(value) : undefined
  return { ...query, filter: simplify(filter, outcome) }
}
