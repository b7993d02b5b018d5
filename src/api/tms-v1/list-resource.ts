import { type Static, Type } from 'typebox'
import type { Catalog, PageShape } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import type { ResourceType, ResourceTypes } from '../../core/resource-types.ts'
import { refuseRepeatedKey } from '../../core/tag.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import { projectsOfDomain } from '../../iam/domain-projects.ts'
import { findInPlaces, type Place } from '../find-in-places.ts'
import { defineRoute, type Route } from '../route.ts'
import { taggedPage } from '../tagged-page.ts'
import { checkMembers, checkTagItems, closed, isObject, missing } from './body-members.ts'
import { projectOfDomain } from './domain-projects.ts'
import type { TmsErrorCode } from './error-codes.ts'
import { QUERY_LIMITS, RESOURCE_PAGE_LIMITS, WIDE_TAG_LIMITS } from './limits.ts'
import { TypeResolver } from './resource-types.ts'

const ACTION = 'tms:resources:list'

const { limitDefault, limitMax } = RESOURCE_PAGE_LIMITS

const filter = closed(
  Type.Object({
    key: Type.String({
      minLength: 1,
      maxLength: WIDE_TAG_LIMITS.keyCharactersMax,
      pattern: '\\S',
      'x-error': 'key-invalid',
      'x-rule': 'not-blank',
    }),
    values: Type.Array(Type.String({ maxLength: WIDE_TAG_LIMITS.valueCharactersMax, 'x-error': 'value-invalid' }), {
      maxItems: QUERY_LIMITS.valuesPerKeyMax,
      'x-error': 'values-too-many',
      description: 'Alternatives; an empty array means any value.',
    }),
  }),
)

const body = closed(
  Type.Object({
    project_id: Type.Optional(Type.String({ description: 'Default: all projects of the domain.' })),
    resource_types: Type.Array(Type.String(), { minItems: 1, 'x-error': 'resource-type-unknown' }),
    tags: Type.Optional(
      Type.Array(filter, {
        minItems: 1,
        maxItems: QUERY_LIMITS.keysMax,
        description: 'Conditions that a resource must all meet. Required unless without_any_tag is true.',
      }),
    ),
    without_any_tag: Type.Optional(
      Type.Boolean({ description: 'True selects resources without tags; tags is ignored.' }),
    ),
    // COMPAT: integers, where the image service has strings (contract 5, T8).
    offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, 'x-error': 'offset-invalid' })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
    ),
  }),
)

const resource = Type.Object({
  project_id: Type.String(),
  project_name: Type.String(),
  resource_type: Type.String(),
  resource_id: Type.String(),
  resource_name: Type.String(),
  resource_detail: Type.Object({}, { additionalProperties: true }),
  tags: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })),
})

/**
 * Finds resources of several types by tag (contract 5, T8), with the exact total of all matches. Order: types as in
 * the request, then project name, then oldest first.
 */
export function listResource(catalog: Catalog, accounts: Accounts, types: ResourceTypes): Route {
  const shapes = new Shapes()
  return defineRoute({
    id: 'ListResource',
    method: 'POST',
    path: '/v1.0/resource-instances/filter',
    summary: 'Find resources by tag',
    access: 'domain',
    action: ACTION,
    asOf: 'any',
    body,
    prepareBody: checkedBody,
    responses: {
      200: Type.Object({
        resources: Type.Array(resource),
        errors: Type.Array(
          Type.Object({
            error_code: Type.String(),
            error_msg: Type.String(),
            project_id: Type.String(),
            resource_type: Type.String(),
          }),
          { description: 'Always empty: an error fails the whole request.' },
        ),
        total_count: Type.Integer({ description: 'Number of all matching resources, on every page.' }),
      }),
    },
    handle: async ({ body, caller: { principal } }) => {
      const query = toQuery(body)
      const projects =
        body.project_id === undefined
          ? await projectsOfDomain(accounts, principal, ACTION)
          : [await projectOfDomain(accounts, principal, ACTION, body.project_id)]
      const ids = projects.map(({ id }) => id)
      const named = await new TypeResolver(types, catalog, ids).resolveAll(body.resource_types, 'resource_types')
      const page = { offset: body.offset ?? 0, limit: body.limit ?? limitDefault }
      const { total, parts, release } = await findInPlaces(catalog, placesOf(named, projects), query, page, shapes.of)
      const end = Buffer.from(`],"errors":[],"total_count":${total}}`)
      return { status: 200, encoded: [Buffer.from('{"resources":['), ...parts, end], release }
    },
  })
}

/** Validates the members of a body, and drops the tags where they are ignored (contract D16). */
function checkedBody(given: unknown): unknown {
  checkMembers(given, '', body, { resource_types: 'resource-type-unknown' })
  if (!isObject(given)) return given
  if (given.without_any_tag === true) {
    const { tags, ...rest } = given
    return rest
  }
  if (given.tags === undefined || given.tags === null) throw missing('tags', 'tags-missing')
  checkTagItems(given.tags, 'tags', filter, { key: 'key-invalid', values: 'values-missing' })
  return given
}

function toQuery({ tags = [], without_any_tag }: Static<typeof body>): TagQuery {
  if (without_any_tag) return { withoutAnyTag: true }
  refuseRepeatedKey(tags, 'tags', 'tag-key-repeated')
  for (const [i, { values }] of tags.entries()) {
    const again = values.findIndex((value, j) => values.indexOf(value) < j)
    if (again >= 0) {
      throw invalid<TmsErrorCode>(`tags[${i}].values[${again}]`, { name: 'unique' }, values[again], 'value-invalid')
    }
  }
  return { tags }
}

/** `name`: the type's name in the request. */
type NamedPlace = Place & { readonly project: Project; readonly name: string }

function placesOf(types: ReadonlyMap<ResourceType, string>, projects: readonly Project[]): readonly NamedPlace[] {
  return [...types].flatMap(([type, name]) =>
    projects.map((project) => ({ projectId: project.id, project, type, name })),
  )
}

/** Shapes that are kept: an index prepares each once. */
const SHAPES_MAX = 10_000

/** The shapes of the resources of places. */
class Shapes {
  readonly #known = new Map<string, PageShape>()

  readonly of = ({ project, name }: NamedPlace): PageShape => {
    const head = JSON.stringify({ project_id: project.id, project_name: project.name, resource_type: name })
    let shape = this.#known.get(head)
    if (shape === undefined) {
      shape = shapeWith(head)
      if (this.#known.size >= SHAPES_MAX) this.#known.clear()
      this.#known.set(head, shape)
    }
    return shape
  }
}

/** The shape of resources that begin with some members. The detail is shown as it is stored. */
function shapeWith(head: string): PageShape {
  const [first, ...others] = taggedPage((detail) => detail).shape.pieces
  const { text } = first as { readonly text: string }
  return { pieces: [{ text: `${head.slice(0, -1)},${text.slice(1)}` }, ...others], detail: (detail) => detail }
}
