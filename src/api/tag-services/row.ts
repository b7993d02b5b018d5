/** The lists with which resources are queried; `tags` is always one. */
export type ListName = 'tags' | 'tags_any' | 'not_tags' | 'not_tags_any' | 'without_any_tag' | 'matches'

/** How the resources of a service are queried by tag. */
export type TagServiceQuery = {
  /** `action`: one call with `filter` or `count` in its body. `filter`: one call for each. */
  readonly shape: 'action' | 'filter'
  /** The segments of the call's path; a service may have both spellings. */
  readonly segments: readonly ('resource_instances' | 'resource-instances')[]
  readonly lists: readonly ListName[]
  /** The type of `limit` and `offset` in a body. `text` also takes numbers (contract D17). */
  readonly limitKind: 'text' | 'number'
  readonly limitIn: 'body' | 'query' | 'both'
  readonly limitDefault: number
  readonly limitMax: number
  /** True: a name in `matches` is compared as a whole, rather than searched for. */
  readonly hasExactNames?: boolean
}

/** The calls that change tags of one resource, by method and the end of their path. */
export type WriteCall =
  | 'POST tags'
  | 'POST tags of many'
  | 'DELETE tags/{key}'
  | 'DELETE tags by key'
  | 'POST tags/action'
  | 'POST tags/create'
  | 'POST tags/delete'
  | 'DELETE tags/delete'
  | 'POST tags/batch-create'
  | 'POST tags/batch-delete'

/** The tag calls of one service for some resource types. A service is one row or several. */
export type TagServiceRow = {
  /** Name of the service: the first part of its actions, and its type in the catalogue. */
  readonly service: string
  /** Path before the segment of the type. With `{project_id}`, or for resources of a domain, which may name `{domain_id}`. */
  readonly base: string
  /** Registered names of the resource types by the segment of the path. */
  readonly types: Readonly<Record<string, string>>
  /** True: the segment is a parameter of one path, rather than a path for each type. */
  readonly isTypeParameter?: true
  /** Undefined: the resources cannot be queried. */
  readonly query?: TagServiceQuery
  /** Path before `resource_instances`, where it is not that of the type. */
  readonly queryBase?: string
  readonly writes: readonly WriteCall[]
  /** True: the tags of one resource are not listed under this path. */
  readonly hidesTags?: true
  /**
   * How the tags in use are listed: `plain`, `paged` with `limit` and `offset`, `map` as an object with an array for each
   * key, or `none`.
   */
  readonly inUse: 'plain' | 'paged' | 'map' | 'none'
  /** Path of the tags in use, where it is not `tags` below that of the type. */
  readonly inUsePath?: string
  /** Segment of the tags of one resource. Default: `tags`. */
  readonly tagsSegment?: string
  /**
   * The form of all calls, where it is not one of the two shapes: `id-in-body` names the resource in query and body,
   * `bound` binds tags to it, `prefixed` has tags with `tag_key` and `tag_value` (contract 12.5).
   */
  readonly form?: 'id-in-body' | 'bound' | 'prefixed'
  /** Shape of error bodies: flat, or an object `error`. */
  readonly envelope: 'flat' | 'error-object'
  /** First part of error codes. */
  readonly codePrefix: string
  /** Status of a successful change. */
  readonly writeStatus: 200 | 204
  /** First labels of the hosts that select this service, whose paths other services have too. */
  readonly hosts?: readonly string[]
}

/** What most rows of a service leave out. */
type Options = Partial<Omit<TagServiceRow, 'service' | 'base' | 'types'>> &
  Partial<Pick<TagServiceQuery, 'segments' | 'limitKind' | 'limitIn' | 'limitDefault' | 'limitMax' | 'hasExactNames'>>

/** Letters of the lists: `a` tags_any, `n` not_tags, `o` not_tags_any, `w` without_any_tag, `m` matches. */
const LISTS: Readonly<Record<string, ListName>> = {
  a: 'tags_any',
  n: 'not_tags',
  o: 'not_tags_any',
  w: 'without_any_tag',
  m: 'matches',
}

/** Limits of a page, where no page of the vendor was read (contract 4.3). */
const PAGE = { limitDefault: 1000, limitMax: 1000 } as const

/** A row whose resources are queried by `resource_instances/action`, and changed by `tags/action`. */
export function byAction(
  service: string,
  base: string,
  types: TagServiceRow['types'],
  limitKind: TagServiceQuery['limitKind'],
  lists: string,
  {
    segments = ['resource_instances'],
    limitIn = 'body',
    limitDefault,
    limitMax,
    hasExactNames,
    ...options
  }: Options = {},
): TagServiceRow {
  const query = {
    ...({ shape: 'action', segments, lists: listsOf(lists), limitKind, limitIn } as const),
    limitDefault: limitDefault ?? PAGE.limitDefault,
    limitMax: limitMax ?? PAGE.limitMax,
    ...(hasExactNames && { hasExactNames }),
  }
  const writes = ['POST tags', 'DELETE tags/{key}', 'POST tags/action'] as const
  return { ...defaultsOf(service), base, types, writes, query, ...options }
}

/** A row whose resources are queried by `resource-instances/filter` and `count`, and changed by `tags/create`. */
export function byFilter(
  service: string,
  base: string,
  types: TagServiceRow['types'],
  deleteMethod: 'POST' | 'DELETE',
  lists: string,
  { segments = ['resource-instances'], limitKind = 'number', limitIn = 'query', ...more }: Options = {},
): TagServiceRow {
  const { limitDefault = PAGE.limitDefault, limitMax = PAGE.limitMax, ...options } = more
  const page = { limitDefault, limitMax }
  const query = { shape: 'filter', segments, lists: listsOf(lists), limitKind, limitIn, ...page } as const
  const writes = ['POST tags/create', `${deleteMethod} tags/delete`] as const
  return { ...defaultsOf(service), base, types, writes, query, ...options }
}

/** A row whose resources cannot be queried by tag. */
export function withoutQuery(
  service: string,
  base: string,
  types: TagServiceRow['types'],
  writes: readonly WriteCall[],
  options: Options = {},
): TagServiceRow {
  return { ...defaultsOf(service), base, types, writes, ...options }
}

function defaultsOf(service: string) {
  return {
    service,
    inUse: 'plain',
    envelope: 'flat',
    codePrefix: service.toUpperCase(),
    writeStatus: 204,
  } as const
}

function listsOf(letters: string): readonly ListName[] {
  return ['tags', ...[...letters].map((letter) => LISTS[letter] as ListName)]
}
