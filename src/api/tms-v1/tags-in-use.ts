import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { RESOURCE_TYPES, type ResourceType } from '../../core/resource-type.ts'
import { compareCodePoints } from '../../core/text.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'
import { projectsOfDomain } from './domain-projects.ts'
import { RESOURCE_PAGE_LIMITS } from './limits.ts'
import { fromMarker, toMarker } from './marker.ts'

const { limitDefault, limitMax } = RESOURCE_PAGE_LIMITS
const EVERYTHING = { offset: 0, limit: Number.MAX_SAFE_INTEGER } as const

/** Paging parameters of the key and value lists. */
export const textPageQuery = {
  region_id: Type.Optional(Type.String({ description: 'Other regions than the configured one have no tags.' })),
  limit: Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
  marker: Type.Optional(
    Type.String({ description: 'The next_marker of the previous page.', 'x-error': 'marker-invalid' }),
  ),
}

// COMPAT: an object, as in the table of the vendor's page; its sample shows an array (contract D16).
export const pageInfo = Type.Object({
  next_marker: Type.String({ description: 'Empty on the last page.' }),
  current_count: Type.Integer({ description: 'Number of entries on this page.' }),
})

/**
 * Yields the keys in use of every project and type of the caller's domain, each with values; a key can be repeated.
 * Skips projects in which the caller is denied the action.
 */
export async function* keysInUse(catalog: Catalog, accounts: Accounts, principal: Principal, action: string) {
  for (const project of await projectsOfDomain(accounts, principal, action)) {
    for (const type of RESOURCE_TYPES) yield* await everyKeyOf(catalog, project.id, type)
  }
}

/** Gives every key that resources of a type carry in a project, with its values. */
export async function everyKeyOf(catalog: Catalog, projectId: string, type: ResourceType) {
  return (await catalog.projectTags(projectId, type, EVERYTHING)).tags
}

/** Decodes the cursor of a page; undefined for the first page. Throws `marker-invalid`. */
export function placeOf(marker: string | undefined): string | undefined {
  return marker === undefined || marker === '' ? undefined : (fromMarker(marker, ['string'])[0] as string)
}

/** Gives a page of distinct strings after a cursor, ascending by code point. */
export function pageOf(texts: ReadonlySet<string>, place: string | undefined, limit: number) {
  const rest = [...texts].filter((text) => place === undefined || compareCodePoints(text, place) > 0)
  const shown = rest.sort(compareCodePoints).slice(0, limit)
  const last = shown.at(-1)
  const next_marker = last === undefined || shown.length === rest.length ? '' : toMarker([last])
  return { shown, page_info: { next_marker, current_count: shown.length } }
}
