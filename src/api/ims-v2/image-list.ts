import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import { copyOf, type IndexedResource } from '../../core/resource.ts'
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
  return selectImages(images, project, filter, order, (revision, candidates) => {
    const matching = matchingAfter(candidates, filter, order, after)
    const page = order.isByCreation ? firstOf(matching, limit + 1) : smallestOf(matching, limit + 1, order)
    return { revision, images: page.slice(0, limit), hasMore: page.length > limit }
  })
}

/** The images that match and sort after the marker. */
function* matchingAfter(
  candidates: Iterable<VisibleImage>,
  { conditions }: ImageFilter,
  order: Order,
  after: VisibleImage | undefined,
): Generator<VisibleImage> {
  const last = after && order.toSortable(after)
  for (const image of candidates) {
    if (last !== undefined && order.compare(order.toSortable(image), last) <= 0) continue
    if (conditions.every((holds) => holds(image))) yield image
  }
}

function firstOf(images: Iterable<VisibleImage>, count: number): readonly VisibleImage[] {
  const first: VisibleImage[] = []
  for (const image of images) {
    first.push(copied(image))
    if (first.length === count) break
  }
  return first
}

/** The first `count` images of an order, by partial sort. */
function smallestOf(
  images: Iterable<VisibleImage>,
  count: number,
  { toSortable, compare }: Order,
): readonly VisibleImage[] {
  const smallest: Sortable[] = []
  for (const image of images) {
    const sortable = toSortable(image)
    const largest = smallest.length === count ? smallest.at(-1) : undefined
    if (largest !== undefined && compare(sortable, largest) >= 0) continue
    if (largest !== undefined) smallest.pop()
    let low = 0
    for (let high = smallest.length; low < high; ) {
      const middle = (low + high) >>> 1
      if (compare(sortable, smallest[middle] as Sortable) < 0) high = middle
      else low = middle + 1
    }
    smallest.splice(low, 0, sortable)
  }
  return smallest.map(({ image }) => copied(image))
}

/** Copies the image, because a selection is only valid until the next await. */
function copied({ resource, ...image }: VisibleImage): VisibleImage {
  return { ...image, resource: copyOf(resource) }
}

/** Passes every matching image to `visit`, in unspecified order. Gives the project's revision. */
export function forEachImage(
  images: Images,
  project: string,
  filter: ImageFilter,
  visit: (image: VisibleImage) => void,
): Promise<number> {
  return selectImages(images, project, filter, orderBy('created_at', false), (revision, candidates) => {
    for (const image of candidates) if (filter.conditions.every((holds) => holds(image))) visit(image)
    return revision
  })
}

async function markerOf(images: Images, project: string, marker: string, filter: ImageFilter): Promise<VisibleImage> {
  const image = await images.findListed(project, marker, filter)
  if (image !== undefined) return image
  throw invalid('marker', { name: 'well-formed', what: 'the id of an image' }, marker, 'marker-invalid')
}

/**
 * Passes the images that match tags, name and id to `use`, in order of creation where that is the requested order.
 * `use` must be synchronous, because a selection is only valid until the next await (see `Catalog.select`).
 */
async function selectImages<T>(
  images: Images,
  project: string,
  filter: ImageFilter,
  order: Order,
  use: (revision: number, candidates: Iterable<VisibleImage>) => T,
): Promise<T> {
  const shared = await images.shared.listMatching(project, filter)
  const others = shared.map(order.toSortable).sort(order.compare)
  const selection = await images.catalog.select(project, 'images', filter.query)
  const own = order.isDescending ? selection.newestFirst() : selection.oldestFirst()
  return use(selection.revision, mergeShared(own, project, others, order))
}

/** Merges shared images into the project's own; in order of creation where that is the requested order. */
function* mergeShared(
  own: Iterable<IndexedResource>,
  owner: string,
  others: readonly Sortable[],
  { isByCreation, toSortable, compare }: Order,
): Generator<VisibleImage> {
  let next = 0
  for (const resource of own) {
    const image: VisibleImage = { resource, owner, membership: undefined }
    for (let other = isByCreation ? others[next] : undefined; other !== undefined; other = others[++next]) {
      if (compare(other, toSortable(image)) > 0) break
      yield other.image
    }
    yield image
  }
  for (const { image } of others.slice(next)) yield image
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
