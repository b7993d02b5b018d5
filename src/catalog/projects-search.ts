import { DomainError } from '../core/errors.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { CombinedRequest, CombinedResult, Cursor, Facet } from './combined-request.ts'
import { FacetSum } from './facet-sum.ts'
import type { FoundResource } from './page-search.ts'
import { TimeSlice } from './time-slice.ts'

/** A position in a walk over the matches of several projects. */
export type ProjectsCursor = { readonly project: string; readonly cursor: Cursor }

/** A search of several projects, whose pages go through them in order. */
export type ProjectsRequest = Omit<CombinedRequest, 'after'> & {
  readonly projects: readonly string[]
  /** Number of the projects that come before the cursor, and the cursor in the next one. */
  readonly after: { readonly projectsBefore: number; readonly cursor: Cursor | undefined }
  /** See `TimeSlice`. */
  readonly owner: string
}

/** The matches of one project, at a revision of its own. */
export type ProjectTotals = {
  readonly project: string
  readonly revision: number
  readonly totals: ReadonlyMap<ResourceType, number>
}

export type ProjectsResult = {
  readonly projects: readonly ProjectTotals[]
  readonly resources: readonly (FoundResource & { readonly project: string })[]
  readonly next: ProjectsCursor | undefined
  readonly facets: readonly Facet[]
  readonly counts: readonly number[]
}

/** Projects that are searched side by side. */
const PROJECTS_AT_ONCE = 16
/** Values of one facet over all projects: a list of all takes 30 MB. */
export const FACET_TEXTS_MAX = 200_000

/** Searches one project. */
type SearchOne = (project: string, request: CombinedRequest) => Promise<CombinedResult>

/**
 * Searches several projects: a page that goes through them in order, with the sums of their facets and counts. Each project is
 * searched once, and so is at one revision. Throws `request-invalid` for a facet with too many values.
 */
export async function searchProjects(search: SearchOne, request: ProjectsRequest): Promise<ProjectsResult> {
  const { projects, limit, owner } = request
  const slice = new TimeSlice(owner)
  const page = new ProjectsPage(limit)
  const totals: ProjectTotals[] = []
  const sums = request.facets.map(({ limit: listed }) => new FacetSum(listed))
  const counts = request.counted.map(() => 0)
  let size = 1
  for (let from = 0; from < projects.length; from += size, size = nextSize(size)) {
    const some = projects.slice(from, from + size)
    const found = await Promise.all(some.map((project, i) => search(project, requestOf(request, page, from + i))))
    for (const [i, result] of found.entries()) {
      const project = some[i] as string
      totals.push({ project, revision: result.revision, totals: result.totals })
      if (from + i >= request.after.projectsBefore) page.add(project, result)
      for (const [at, count] of result.counts.entries()) counts[at] = (counts[at] as number) + count
      for (const [at, facet] of result.facets.entries()) {
        const sum = sums[at] as FacetSum
        await sum.add(facet, slice)
        if (sum.size > FACET_TEXTS_MAX) throw tooManyTexts(at)
      }
    }
  }
  const facets: Facet[] = []
  for (const sum of sums) facets.push(await sum.finish(slice))
  return { projects: totals, resources: page.resources, next: page.next, facets, counts }
}

/** Few at first: each reads as many resources as the page has room for. */
function nextSize(size: number): number {
  return Math.min(2 * size, PROJECTS_AT_ONCE)
}

function requestOf(
  { query, facets, counted, after }: ProjectsRequest,
  page: ProjectsPage,
  at: number,
): CombinedRequest {
  const isBefore = at < after.projectsBefore
  return {
    query,
    counted,
    limit: isBefore ? 0 : page.room,
    after: at === after.projectsBefore ? after.cursor : undefined,
    facets: facets.map((facet) => ({ ...facet, limit: undefined })),
  }
}

/** Collects the resources of a page from one project after the other. */
class ProjectsPage {
  readonly #limit: number
  readonly #resources: (FoundResource & { readonly project: string })[] = []
  #last: ProjectsCursor | undefined
  #hasMore = false

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Resources that it has room for. */
  get room(): number {
    return this.#limit - this.#resources.length
  }

  get resources(): readonly (FoundResource & { readonly project: string })[] {
    return this.#resources
  }

  /** The cursor of the next page; undefined after the last. */
  get next(): ProjectsCursor | undefined {
    return this.#hasMore ? this.#last : undefined
  }

  add(project: string, { revision, totals, resources, next, last }: CombinedResult): void {
    const { room } = this
    if (room === 0) {
      this.#hasMore ||= [...totals.values()].some((total) => total > 0)
      return
    }
    // The others of its group have taken room since it was searched.
    const taken = resources.slice(0, room)
    for (const { type, resource } of taken) this.#resources.push({ project, type, resource })
    const isCut = taken.length < resources.length
    const end = isCut ? cursorAfter(taken, revision) : last
    if (end !== undefined) this.#last = { project, cursor: end }
    this.#hasMore ||= isCut || next !== undefined
  }
}

/** The cursor of the last of some resources, which are the first ones of their project. */
function cursorAfter(taken: readonly FoundResource[], revision: number): Cursor | undefined {
  const last = taken.at(-1)
  if (last === undefined) return undefined
  const offset = taken.filter(({ type }) => type === last.type).length
  return { type: last.type, sequence: last.resource.sequence, revision, offset }
}

function tooManyTexts(facet: number): DomainError {
  return new DomainError('request-invalid', {
    field: `values of facets[${facet}]`,
    rule: { name: 'items-max', limit: FACET_TEXTS_MAX },
  })
}
