import { useMemo, useState } from 'react'
import { KEYS_PER_PAGE, type TagKey, useKeysByName, useKeysByUse } from './queries.ts'
import type { TagsSearch } from './search.ts'

/** The keys that the list shows, in pages: what else is known of keys is asked for page by page. */
export type KeyList = {
  /** Undefined until they are there. */
  readonly keys: readonly TagKey[] | undefined
  readonly pages: readonly (readonly string[])[]
  readonly isFetching: boolean
  readonly error: unknown
  readonly onRetry: () => void
  readonly onLoadMore: (() => void) | undefined
  /** False: there are more keys than are sorted. */
  readonly isAll: boolean
}

/** The keys by use are there all at once, and shown as the end comes near; those by name are asked for page by page. */
export function useKeyList({ prefix, order }: TagsSearch): KeyList {
  const byName = useKeysByName(prefix, order === 'name')
  const byUse = useKeysByUse(prefix, order === 'count')
  const [shown, setShown] = useState(KEYS_PER_PAGE)
  const found = order === 'name' ? byName : byUse
  const all = order === 'name' ? undefined : byUse.data?.keys
  const named = order === 'name' ? byName.data?.pages : undefined
  const keys = useMemo(() => named?.flatMap((page) => page.keys) ?? all?.slice(0, shown), [named, all, shown])
  const pages = useMemo(() => pagesOf(keys?.map(({ key }) => key) ?? []), [keys])
  const hasMore = order === 'name' ? byName.hasNextPage : (all?.length ?? 0) > shown
  const loadMore = () => {
    if (order === 'name') void byName.fetchNextPage()
    else setShown((before) => before + KEYS_PER_PAGE)
  }
  return {
    keys,
    pages,
    isFetching: found.isFetching,
    error: found.error,
    onRetry: () => void found.refetch(),
    onLoadMore: hasMore ? loadMore : undefined,
    isAll: order === 'name' || (byUse.data?.isAll ?? true),
  }
}

function pagesOf(keys: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(keys.length / KEYS_PER_PAGE) }, (_, at) =>
    keys.slice(at * KEYS_PER_PAGE, (at + 1) * KEYS_PER_PAGE),
  )
}
