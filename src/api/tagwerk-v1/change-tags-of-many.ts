import { type Static, Type } from 'typebox'
import type { Catalog, SelectedResource, Selection } from '../../catalog/catalog.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import { onState } from '../../core/expression/simplify-expression.ts'
import type { Profile } from '../../core/profile.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import type { TagChange } from '../../core/tag-change.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { prepareTagQuery } from '../tag-query-body.ts'
import { batchSchema, type WrittenBatch, writeInBatches } from './changed-batches.ts'
import { tagChangeMembers, toTagChange } from './changed-tags.ts'
import { conditionMembers, toConditions } from './conditions.ts'
import type { TagwerkErrorCode } from './error-codes.ts'
import { sumOf } from './found-resource.ts'
import { CHANGES_SINCE_MAX, SELECTION_MAX, SELECTION_SHOWN_MAX } from './limits.ts'
import { searchedTypes, toSearchedTypes } from './searched-types.ts'
import type { WorkLimit } from './work-limit.ts'

const body = Type.Object({
  select: Type.Object({ resource_types: searchedTypes, ...conditionMembers }),
  ...tagChangeMembers,
  dry_run: Type.Optional(Type.Boolean({ default: false, description: 'Reports without changing anything.' })),
  if_revision: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: '`X-Tagwerk-Revision` of a dry run: nothing is changed if other resources may match since.',
    }),
  ),
  expect_count: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Nothing is changed unless this number of resources matches.' }),
  ),
})

const named = { resource_type: Type.String(), resource_id: Type.String() }

/** Adds or removes tags of all resources of a project that match (contract 10.13). */
export function changeTagsOfMany(catalog: Catalog, profile: Profile, limit: WorkLimit): Route {
  return defineRoute({
    id: 'ChangeTagsOfMany',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/resources/tags',
    summary: 'Add or remove tags of all resources that match',
    access: 'project',
    action: 'tagwerk:tags:update',
    params: Type.Object({ project_id: Type.String() }),
    body,
    prepareBody: preparedSelection,
    responses: {
      200: Type.Object({
        dry_run: Type.Boolean(),
        total_count: Type.Integer({ description: 'Number of resources that match.' }),
        counts: Type.Record(Type.String(), Type.Integer(), { description: 'The same by resource type.' }),
        changed: Type.Integer(),
        unchanged: Type.Integer({ description: 'Resources that are as the change would make them.' }),
        refused: Type.Integer({ description: 'Resources that cannot be changed so. In a dry run only.' }),
        resources: Type.Array(Type.Object({ ...named, resource_name: Type.String() }), {
          description: `The first ${SELECTION_SHOWN_MAX} that change.`,
        }),
        refusals: Type.Array(Type.Object({ ...named, error_code: Type.String() })),
        batches: Type.Array(batchSchema, {
          description: 'In the order in which they were applied; the last may be refused.',
        }),
      }),
    },
    handle: async ({ params: { project_id: project }, body, caller, requestId, reauthorize, isAborted }) => {
      const types = await toSearchedTypes(
        body.select.resource_types,
        profile.types,
        catalog,
        [project],
        'select.resource_types',
      )
      const query = toConditions(body.select, 'select.filter')
      const work = await limit.begin(caller.principal)
      try {
        await refuseTooMany(catalog, project, types, query)
        const changeOf = oncePerType((type) => toTagChange(body, profile.tagRulesOf(type)))
        const selection = await catalog.bulk.select(project, types, query, changeOf)
        if (body.dry_run) return { status: 200, body: toBody(true, selection, []), revision: selection.revision }
        await checkSelection(catalog, project, selection, body)
        const conditional = conditionalOn(query, project, changeOf)
        const write = { catalog, project, author: authorOf({ caller, requestId }), reauthorize, isAborted }
        const { batches, revision } = await writeInBatches(selection.changed, conditional, write)
        return { status: 200, body: toBody(false, selection, batches), revision: revision ?? selection.revision }
      } finally {
        work.end()
      }
    },
  })
}

/** Makes the change of each type once: a hundred thousand resources have few types. */
function oncePerType(make: (type: ResourceType) => TagChange): (type: ResourceType) => TagChange {
  const made = new Map<ResourceType, TagChange>()
  return (type) => {
    const change = made.get(type) ?? make(type)
    made.set(type, change)
    return change
  }
}

/** The change of each resource, without effect if it no longer matches: its tags or name were changed since. */
function conditionalOn(
  query: TagQuery,
  project: string,
  changeOf: (type: ResourceType) => TagChange,
): (resource: SelectedResource) => TagChange {
  const { filter } = query
  if (filter === undefined) {
    const conditional = oncePerType((type) => ({ ...changeOf(type), onlyIf: query }) as TagChange)
    return ({ type }) => conditional(type)
  }
  return (resource) => {
    const onlyIf = { ...query, filter: onState(filter, { ...resource, project, tags: [] }) }
    return { ...changeOf(resource.type), onlyIf } as TagChange
  }
}

/** Prepares the conditions as those of a query. */
export function preparedSelection(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('select' in given)) return given
  return { ...given, select: prepareTagQuery(given.select) }
}

async function refuseTooMany(
  catalog: Catalog,
  project: string,
  types: readonly ResourceType[] | undefined,
  query: TagQuery,
): Promise<void> {
  const { totals } = await catalog.findAll(project, types, query, { offset: 0, limit: 0 })
  const total = sumOf(totals)
  if (total > SELECTION_MAX) throw invalid('select', { name: 'items-max', limit: SELECTION_MAX }, total)
}

/** Throws an error when the selection is not the expected one, or a resource of it cannot be changed. */
async function checkSelection(
  catalog: Catalog,
  project: string,
  { revision, counts, changed, refused }: Selection,
  { if_revision, expect_count }: Static<typeof body>,
): Promise<void> {
  const total = sumOf(counts)
  if (expect_count !== undefined && total !== expect_count) {
    throw preconditionFailed(`${total} resources match, not ${expect_count}; nothing was changed.`, revision)
  }
  if (if_revision !== undefined) await refuseOthers(catalog, project, changed, if_revision, revision)
  const [first] = refused
  if (first === undefined) return
  throw new DomainError<string>(first.code, {
    detail: `${refused.length} of ${total} resources cannot be changed, the first is ${first.type} ${first.id}; nothing was changed.`,
    revision,
  })
}

/** Throws `precondition-failed` when a resource that would change may not have matched at an earlier revision. */
async function refuseOthers(
  catalog: Catalog,
  project: string,
  changed: readonly SelectedResource[],
  earlier: number,
  revision: number,
): Promise<void> {
  if (earlier > revision) throw invalid('if_revision', { name: 'number-max', limit: revision }, earlier)
  const since = await catalog.bulk.changedSince(project, earlier, CHANGES_SINCE_MAX)
  if (since === undefined) {
    const detail = `More than ${CHANGES_SINCE_MAX} changes were made since revision ${earlier}; nothing was changed.`
    throw preconditionFailed(detail, revision)
  }
  const others = changed.filter(({ type, id }) => since.has(`${type}/${id}`)).length
  if (others === 0) return
  const detail = `${others} resources that match were changed since revision ${earlier}; nothing was changed.`
  throw preconditionFailed(detail, revision)
}

function preconditionFailed(detail: string, revision: number): DomainError<TagwerkErrorCode> {
  return new DomainError<TagwerkErrorCode>('precondition-failed', { detail, revision })
}

function toBody(isDryRun: boolean, selection: Selection, batches: readonly WrittenBatch[]) {
  const { counts, changed, unchanged, refused } = selection
  return {
    dry_run: isDryRun,
    total_count: sumOf(counts),
    counts: Object.fromEntries(counts),
    changed: isDryRun ? changed.length : batches.reduce((sum, batch) => sum + batch.changed, 0),
    unchanged: unchanged.length + batches.reduce((sum, batch) => sum + batch.unchanged, 0),
    refused: refused.length,
    resources: changed
      .slice(0, SELECTION_SHOWN_MAX)
      .map(({ type, id, name }) => ({ resource_type: type, resource_id: id, resource_name: name })),
    refusals: refused
      .slice(0, SELECTION_SHOWN_MAX)
      .map(({ type, id, code }) => ({ resource_type: type, resource_id: id, error_code: code })),
    batches,
  }
}
