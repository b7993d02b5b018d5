import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { SmallestItems } from '../../core/smallest-items.ts'
import { compareCodePoints } from '../../core/text.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { projectsOfDomain } from '../../iam/domain-projects.ts'
import type { Principal } from '../../iam/principal.ts'
import { fromMarker, toMarker } from '../marker.ts'
import { RESOURCE_PAGE_LIMITS } from './limits.ts'

const { limitDefault, limitMax } = RESOURCE_PAGE_LIMITS

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
 * Yields the tags in use of every project and type of the caller's domain. Skips projects in which the caller is denied the
 * action.
 */
export async function* tagsOfDomain(catalog: Catalog, accounts: Accounts, principal: Principal, action: string) {
  for (const project of await projectsOfDomain(accounts, principal, action)) {
    for (const type of await catalog.types(project.id)) {
      yield (await catalog.tagsInUse(project.id, type, principal.scope.domain.id)).tags
    }
  }
}

/** Decodes the cursor of a page; undefined for the first page. Throws `marker-invalid`. */
export function placeOf(marker: string | undefined): string | undefined {
  return marker === undefined || marker === '' ? undefined : (fromMarker(marker, ['string'])[0] as string)
}

/** Collects a page of distinct strings after a cursor, ascending by code point. */
export class TextPage {
  readonly #place: string | undefined
  readonly #limit: number
  readonly #slice: TimeSlice
  /** One more than the page, which shows that there is a next page. */
  readonly #smallest: SmallestItems<string>
  readonly #kept = new Set<string>()

  /** `owner`: see `TimeSlice`. */
  constructor(place: string | undefined, limit: number, owner: string) {
    this.#place = place
    this.#limit = limit
    this.#slice = new TimeSlice(owner)
    this.#smallest = new SmallestItems(limit + 1, compareCodePoints)
  }

  /** Adds texts that ascend, in time slices. */
  async addAll(texts: Iterable<string>): Promise<void> {
    for (const text of texts) {
      if (this.#slice.isOver) await this.#slice.yield()
      if (this.#place !== undefined && compareCodePoints(text, this.#place) <= 0) continue
      if (this.#kept.has(text)) continue
      if (!this.#smallest.wouldKeep(text)) return
      this.#smallest.add(text)
      this.#kept.add(text)
    }
  }

  get body() {
    const { sorted } = this.#smallest
    const shown = sorted.slice(0, this.#limit)
    const next_marker = sorted.length > shown.length ? toMarker([shown.at(-1) as string]) : ''
    return { shown, page_info: { next_marker, current_count: shown.length } }
  }
}
