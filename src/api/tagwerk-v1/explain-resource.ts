import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { explainOn, type PartOnResource, partsOf } from '../../core/expression/explain-expression.ts'
import { printExpression } from '../../core/expression/print-expression.ts'
import { type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import { asOfParameter } from '../as-of.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { typeName } from '../type-name.ts'
import { requiredFilter, toFilter } from './conditions.ts'

/** Says why a resource matches a filter, or why not (contract 10.22). */
export function explainResource(catalog: Catalog, known: ResourceTypes): Route {
  return defineRoute({
    id: 'ExplainResource',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/explain',
    summary: 'Explain why a resource matches an expression, or why not',
    access: 'project',
    action: 'tagwerk:resources:get',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String(), resource_type: typeName, resource_id: Type.String() }),
    query: listQuery({ filter: requiredFilter, as_of: asOfParameter }),
    responses: {
      200: Type.Object({
        matches: Type.Boolean(),
        filter: Type.String({ description: 'The canonical text of the filter.' }),
        tree: Type.Object(
          {
            op: Type.String(),
            text: Type.String(),
            holds: Type.Boolean(),
            children: Type.Array(Type.Object({}, { additionalProperties: true })),
          },
          {
            additionalProperties: true,
            description:
              'The parts of the filter. A test that does not hold has `actual`, and `hint` "near" with `near` if the resource has a key or value that differs only in case, width or separators.',
          },
        ),
      }),
    },
    handle: async ({ params: { project_id: project, resource_type, resource_id }, query }) => {
      const filter = toFilter(query.filter, 'filter')
      const type = toResourceType(known, resource_type, 'resource_type')
      const { revision, resource } = await catalog.get(project, type, resource_id)
      const explained = explainOn({ ...resource, type, project }, partsOf(filter))
      return {
        status: 200,
        body: { matches: explained.holds, filter: printExpression(filter), tree: toBody(explained) },
        revision,
      }
    },
  })
}

function toBody({ op, text, holds, actual, near, children }: PartOnResource): Tree {
  return {
    op,
    text,
    holds,
    ...(actual !== undefined && { actual }),
    ...(near && { hint: 'near', near }),
    children: children.map(toBody),
  }
}

type Tree = {
  readonly op: string
  readonly text: string
  readonly holds: boolean
  readonly children: readonly Tree[]
} & Readonly<Record<string, unknown>>
