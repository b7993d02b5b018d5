import type { Family, Route, ServiceErrors } from '../route.ts'
import { ACTION_ROWS } from './action-rows.ts'
import { addTag } from './add-tag.ts'
import { batchTags } from './batch-tags.ts'
import { bindTags } from './bind-tags.ts'
import { countByTags } from './count-by-tags.ts'
import { createPrefixedTags } from './create-prefixed-tags.ts'
import { createTags } from './create-tags.ts'
import { createTagsById } from './create-tags-by-id.ts'
import { deleteTags } from './delete-tags.ts'
import { deleteTagsById } from './delete-tags-by-id.ts'
import { deleteTagsByKey } from './delete-tags-by-key.ts'
import { deleteTagsOfKeys } from './delete-tags-of-keys.ts'
import { errorsOf } from './errors.ts'
import { filterByTags } from './filter-by-tags.ts'
import { FILTER_ROWS } from './filter-rows.ts'
import { findByAction } from './find-by-action.ts'
import { listPrefixedTags } from './list-prefixed-tags.ts'
import { listResourceTags } from './list-resource-tags.ts'
import { listTagsById } from './list-tags-by-id.ts'
import { listTagsInUse } from './list-tags-in-use.ts'
import { OWN_ROWS } from './own-rows.ts'
import { queryBoundResources } from './query-bound-resources.ts'
import { removeTag } from './remove-tag.ts'
import { RESOURCE_ROWS } from './resource-rows.ts'
import type { TagServiceRow, WriteCall } from './row.ts'
import { ServiceType, type SharedParts, type TagServiceParts } from './service-type.ts'
import { SharedSchemas } from './shared-schemas.ts'
import { unbindTags } from './unbind-tags.ts'

/** The rows of all services. */
export const TAG_SERVICE_ROWS: readonly TagServiceRow[] = [
  ...ACTION_ROWS,
  ...FILTER_ROWS,
  ...RESOURCE_ROWS,
  ...OWN_ROWS,
]

/** The tag calls of the services that have no family of their own, made from their rows (contract 12). */
export function tagServices(parts: TagServiceParts): Family {
  const known = new Map<string, ServiceErrors>()
  const shared: SharedParts = {
    ...parts,
    schemas: new SharedSchemas(),
    errorsOf: (row) => {
      const kind = `${row.codePrefix} ${row.envelope}`
      const errors = known.get(kind) ?? errorsOf(row)
      known.set(kind, errors)
      return errors
    },
  }
  const routes = TAG_SERVICE_ROWS.flatMap((row) => routesOf(shared, row))
  const documented = new Set<string>()
  return {
    ...errorsOf({ codePrefix: 'TAG', envelope: 'flat' }),
    name: 'tag-services',
    title: 'Tag calls of the other services',
    version: 'v1',
    paths: pathsOf(TAG_SERVICE_ROWS),
    languages: [],
    hasRevisions: true,
    sharesParts: true,
    routes: routes.map((route) => {
      const call = `${route.method} ${route.path}`
      const isUndocumented = documented.has(call)
      documented.add(call)
      return { ...route, isUndocumented }
    }),
  }
}

function routesOf(parts: SharedParts, row: TagServiceRow): readonly Route[] {
  const segments = row.isTypeParameter ? [undefined] : Object.keys(row.types)
  return segments.flatMap((segment) => routesOfType(new ServiceType(parts, row, segment)))
}

function routesOfType(type: ServiceType): readonly Route[] {
  const { query, writes, hidesTags, inUse, form } = type.row
  if (form !== undefined) return FORMS[form].map((define) => define(type))
  const finds =
    query === undefined
      ? []
      : query.shape === 'filter'
        ? [filterByTags(type, query), countByTags(type, query)]
        : query.segments.map((segment) => findByAction(type, query, segment))
  return [
    ...(hidesTags ? [] : [listResourceTags(type)]),
    ...writes.map((write) => WRITES[write](type)),
    ...(inUse === 'none' ? [] : [listTagsInUse(type)]),
    ...finds,
  ]
}

const WRITES: Readonly<Record<WriteCall, (type: ServiceType) => Route>> = {
  'POST tags': addTag,
  'POST tags of many': (type) => createTags(type, 'tags'),
  'DELETE tags/{key}': removeTag,
  'DELETE tags by key': deleteTagsByKey,
  'POST tags/action': batchTags,
  'POST tags/create': (type) => createTags(type, 'tags/create'),
  'POST tags/delete': (type) => deleteTags(type, 'POST', 'tags/delete'),
  'DELETE tags/delete': (type) => deleteTags(type, 'DELETE', 'tags/delete'),
  'POST tags/batch-create': (type) => createTags(type, 'tags/batch-create'),
  'POST tags/batch-delete': (type) => deleteTags(type, 'POST', 'tags/batch-delete'),
}

const FORMS: Readonly<Record<NonNullable<TagServiceRow['form']>, readonly ((type: ServiceType) => Route)[]>> = {
  'id-in-body': [listTagsById, createTagsById, deleteTagsById],
  bound: [bindTags, unbindTags, queryBoundResources],
  prefixed: [listPrefixedTags, createPrefixedTags, deleteTagsOfKeys],
}

/** Matches the paths of all types that no other family has. */
function pathsOf(rows: readonly TagServiceRow[]): RegExp {
  const starts = rows
    .filter(({ hosts }) => hosts === undefined)
    .flatMap(({ base, types }) => Object.keys(types).map((segment) => `${base}/${segment}`))
    .map((path) => path.replace(/[.+]/g, '\\$&').replace(/\{\w+\}/g, '[^/?]+'))
  return new RegExp(`^(?:${[...new Set(starts)].join('|')})/`)
}
