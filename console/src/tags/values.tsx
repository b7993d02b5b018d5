import { useMemo } from 'react'
import { Link } from 'react-aria-components'
import { filterOf } from '../clean-up/choice.ts'
import { useHref } from '../hrefs.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Segments } from '../ui/choice.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { Meter, TagValue } from '../ui/marks.tsx'
import { ErrorNotice, Loading } from '../ui/states.tsx'
import { type useMostUsed, useValuesByName, type ValueCount } from './queries.ts'
import { toRowId } from './row-id.ts'
import type { Order } from './search.ts'
import { tagsTexts } from './texts.ts'

type Props = {
  readonly of: string
  readonly mostUsed: NonNullable<ReturnType<typeof useMostUsed>['data']>
  readonly order: Order
  readonly onOrder: (order: Order) => void
  /** Keys of rows. */
  readonly chosen: ReadonlySet<string>
  readonly onChoose: (chosen: ReadonlySet<string>) => void
}

/** The values of a key, each with its number as a bar too. */
export function Values({ of, mostUsed, order, onOrder, chosen, onChoose }: Props) {
  const texts = useTexts(tagsTexts)
  const format = useFormat()
  const named = useValuesByName(of, order === 'name')
  const byName = useMemo(() => named.data?.pages.flatMap((page) => page.values), [named.data])
  const columns = useValueColumns(of, mostUsed)
  const items = order === 'count' ? mostUsed.values : byName
  const hasMore = order === 'name' && named.hasNextPage
  return (
    <>
      <div className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-1">
        <Segments
          label={texts.order}
          options={[
            { id: 'count', label: texts.byCount },
            { id: 'name', label: texts.byName },
          ]}
          value={order}
          onChange={onOrder}
        />
        {order === 'count' && mostUsed.more > 0 && (
          <p className="text-small text-ink-2">{texts.moreValues(format.number(mostUsed.more))}</p>
        )}
      </div>
      {order === 'name' && named.isError && <ErrorNotice error={named.error} onRetry={() => void named.refetch()} />}
      {items === undefined && !named.isError && <Loading />}
      {items !== undefined && (
        <DataTable
          label={texts.values}
          columns={columns}
          items={items}
          idOf={({ value }) => toRowId(value)}
          nameOf={({ value }) => value}
          selection={{
            selected: new Set(chosen),
            // All that are loaded: nobody has seen the others.
            onChange: (keys) => onChoose(new Set(keys === 'all' ? items.map(({ value }) => toRowId(value)) : keys)),
          }}
          onLoadMore={hasMore ? () => void named.fetchNextPage() : undefined}
          isLoadingMore={named.isFetchingNextPage}
        />
      )}
    </>
  )
}

function useValueColumns(of: string, { resources }: Props['mostUsed']): readonly TableColumn<ValueCount>[] {
  const texts = useTexts(tagsTexts)
  const format = useFormat()
  const href = useHref()
  const shareOf = (count: number) => Math.min(1, count / Math.max(1, resources))
  return [
    {
      id: 'value',
      name: texts.value,
      width: '2fr',
      minWidth: 140,
      isRowHeader: true,
      title: ({ value }) => value,
      cell: ({ value }) => (
        <span className="font-medium">
          <TagValue value={value} />
        </span>
      ),
    },
    {
      id: 'bar',
      name: texts.share,
      width: '2fr',
      minWidth: 120,
      cell: ({ count }) => (
        <span className="flex items-center gap-2">
          <Meter share={shareOf(count)} className="w-40 max-w-full" />
          <span className="text-ink-2 tabular-nums">{format.percent(shareOf(count))}</span>
        </span>
      ),
    },
    {
      id: 'count',
      name: texts.count,
      width: 112,
      isNumber: true,
      cell: ({ value, count }) => (
        <Link
          href={href('explore', { filter: filterOf(of, value) })}
          {...{ excludeFromTabOrder: true }}
          aria-label={texts.exploreValue(format.number(count), value)}
          className="rounded-mark text-accent focus-ring-inside data-hovered:underline"
        >
          {format.number(count)}
        </Link>
      ),
    },
  ]
}
