import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import { copyOf, type IndexedResource } from '../../core/resource.ts'
import { IMAGES } from '../../core/resource-types.ts'
import { SmallestItems } from '../../core/smallest-items.ts'
import { compareCodePoints } from '../../core/text.ts'
import { oneOf, type PageLimits } from '../tag-query-body.ts'
import { type ImageFilter, imageFilterMembers, otherAttributes, toImageFilter } from './image-filter.ts'
import { ATTRIBUTE_DEFAULTS } from './image-view.ts'
import type { Images } from './images.ts'
import type { VisibleImage } from './visible-image.ts'

const SORT_KEYS = ['created_at', 'name', 'container_format', 'disk_format', 'status', 'id', 'size'] as const

const SORT_DIRECTIONS = ['desc', 'asc'] as const

// COMPAT: the vendor's Node SDK appends a blank to this key.
const SENT_SORT_KEYS = [...SORT_KEYS, 'status '] as const

/** The query schema of an image list: filters, order, marker and limit. */
export function imageListQuery({ limitDefault, limitMax }: PageLimits) {
  return Type.Object(
    {
      ...imageFilterMembers,
      sort_key: oneOf(SENT_SORT_KEYS, { default: 'created_at' }),
      sort_dir: oneOf(SORT_DIRECTIONS, { default: 'desc' }),
      sort: Type.Optional(
        Type.String({
          description:
            'Replaces sort_key and sort_dir: a key, a colon and a direction. Only the first of a comma-separated list is used.',
        }),
      ),
      limit: Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
      marker: Type.Optional(Type.String({ description: 'ID of the last image of the previous page.' })),
    },
    otherAttributes,
  )
}

type ImageListQuery = Static<ReturnType<typeof imageListQuery>>

/** One page of an image list. */
export type ImagePage = {
  readonly revision: number
  readonly images: readonly VisibleImage[]
  readonly hasMore: boolean
}

/**
 * Gives a page of the images visible to a project, by keyset pagination. Throws what `toImageFilter` throws, and
 * `marker-invalid` for a marker that is not a visible image. The marker need not match the filter: paging neither
 * repeats nor skips an image that stays.
 */
export async function listImagePage(images: Images, project: string, query: ImageListQuery): Promise<ImagePage> {
  const { limit, marker } = query
  const filter = toImageFilter(query)
  const after = marker === undefined ? undefined : await markerOf(images, project, marker, filter)
  const order = toOrder(query)
  const last = after && order.toSortable(after)
  const isAfter = (image: Sortable) => last === undefined || order.compare(image, last) > 0
  const page = new SmallestItems<Sortable>(limit + 1, order.compare)
  const revision = await forEachImage(
    images,
    project,
    filter,
    (image, isByTime) => {
      const sortable = order.toSortable(image)
      if (!isAfter(sortable)) return true
      // In the order of the list, all later images are beyond the page too.
      if (!page.wouldKeep(sortable)) return !(isByTime && order.isByCreation)
      page.add({ ...sortable, image: copied(image) })
      return true
    },
    order.isDescending,
  )
  const found = page.sorted.map(({ image }) => image)
  return { revision, images: found.slice(0, limit), hasMore: found.length > limit }
}

/** Copies an image that a scan passed. */
function copied({ resource, ...image }: VisibleImage): VisibleImage {
  return { ...image, resource: copyOf(resource) }
}

/**
 * Passes every matching image to `visit`, the shared ones first, then the project's own by sequence; see `Catalog.scan`.
 * Gives the project's revision.
 */
export async function forEachImage(
  images: Images,
  project: string,
  { query, conditions, ...shared }: ImageFilter,
  visit: (image: VisibleImage, isByTime: boolean) => boolean,
  isDescending = false,
): Promise<number> {
  const holds = (image: VisibleImage) => conditions.every((condition) => condition(image))
  for (const image of await images.shared.listMatching(project, { query, ...shared })) {
    if (holds(image)) visit(image, false)
  }
  const own = (resource: IndexedResource): VisibleImage => ({ resource, owner: project, membership: undefined })
  const options = { matches: (resource: IndexedResource) => holds(own(resource)), isDescending }
  return images.catalog.scan(project, IMAGES, query, options, (resource, isByTime) => visit(own(resource), isByTime))
}

async function markerOf(images: Images, project: string, marker: string, filter: ImageFilter): Promise<VisibleImage> {
  const image = await images.findListed(project, marker, filter)
  if (image !== undefined) return image
  throw invalid('marker', { name: 'well-formed', what: 'the id of an image' }, marker, 'marker-invalid')
}

/** An image with its sort value. */
type Sortable = { readonly image: VisibleImage; readonly value: unknown }

type Order = {
  readonly isByCreation: boolean
  readonly isDescending: boolean
  readonly toSortable: (image: VisibleImage) => Sortable
  /** A total order: no two images compare equal. */
  readonly compare: (a: Sortable, b: Sortable) => number
}

type SortKey = (typeof SORT_KEYS)[number]

/** Parses the order of a list. Throws `request-invalid`. */
function toOrder({ sort, sort_key, sort_dir }: ImageListQuery): Order {
  // COMPAT: Glance accepts both forms; the default direction is descending.
  const [first = ''] = sort?.split(',') ?? [`${sort_key}:${sort_dir}`]
  const [name = '', direction = 'desc', ...rest] = first.split(':').map((part) => part.trim())
  const key = SORT_KEYS.find((known) => known === name)
  if (key === undefined) throw invalid('sort', { name: 'one-of', allowed: SORT_KEYS }, sort)
  if (rest.length > 0 || !SORT_DIRECTIONS.some((known) => known === direction)) {
    throw invalid('sort', { name: 'well-formed', what: `a key, a colon and ${SORT_DIRECTIONS.join(' or ')}` }, sort)
  }
  return orderBy(key, direction === 'desc')
}

function orderBy(key: SortKey, isDescending: boolean): Order {
  const ascending = (a: Sortable, b: Sortable) => compareValues(a.value, b.value) || compareCreation(a.image, b.image)
  return {
    isByCreation: key === 'created_at',
    isDescending,
    toSortable: (image) => ({ image, value: sortValue(image, key) }),
    compare: isDescending ? (a, b) => ascending(b, a) : ascending,
  }
}

function sortValue({ resource }: VisibleImage, key: SortKey): unknown {
  if (key === 'created_at') return resource.createdAtMs
  if (key === 'id' || key === 'name') return resource[key]
  const defaults: Readonly<Record<string, unknown>> = ATTRIBUTE_DEFAULTS
  return (JSON.parse(resource.detail) as Readonly<Record<string, unknown>>)[key] ?? defaults[key]
}

/** Sorts missing values first, then numbers by size, then strings by code point. */
function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return rankOf(a) - rankOf(b) || compareCodePoints(String(a), String(b))
}

function rankOf(value: unknown): number {
  if (value === undefined || value === null) return 0
  return typeof value === 'number' ? 1 : 2
}

/** Sorts by time of creation. Ties: the project's own images first, by sequence. */
function compareCreation(a: VisibleImage, b: VisibleImage): number {
  return (
    a.resource.createdAtMs - b.resource.createdAtMs ||
    Number(a.membership !== undefined) - Number(b.membership !== undefined) ||
    compareCodePoints(a.owner, b.owner) ||
    a.resource.sequence - b.resource.sequence
  )
}
