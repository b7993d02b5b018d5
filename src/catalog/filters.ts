import { inProject, ofType } from '../core/expression/decided-query.ts'
import type { Expression } from '../core/expression/expression.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** Collects the values in use that a filter compares, in time slices: afterwards the index can look them up at once. */
export async function prepareFilter(
  index: ProjectIndex,
  types: readonly ResourceType[],
  { filter }: TagQuery,
  owner: string,
): Promise<void> {
  if (filter === undefined || !comparesValues(filter)) return
  const slice = new TimeSlice(owner)
  for (const type of types) await collectValues(index, type, slice)
}

/** Collects the keys and values in use of one type, so that the index can compare them at once. */
export async function collectValues(index: ProjectIndex, type: ResourceType, slice: TimeSlice): Promise<void> {
  while (!index.of(type).tagsInUse.prepare()) if (slice.isOver) await slice.yield()
}

/** A query for the resources of one type in a project, which the index can answer at once. */
export async function readyFilter(
  index: ProjectIndex,
  project: string,
  type: ResourceType,
  query: TagQuery,
): Promise<TagQuery> {
  await prepareFilter(index, [type], query, project)
  return ofType(inProject(query, project), type)
}

/** True when an expression compares parts of the values of a key. */
function comparesValues(expression: Expression): boolean {
  if (expression.kind === 'and' || expression.kind === 'or') return expression.operands.some(comparesValues)
  if (expression.kind === 'not') return comparesValues(expression.operand)
  return expression.kind === 'tag-text'
}
