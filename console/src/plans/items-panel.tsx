import { useMemo } from 'react'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Segments } from '../ui/choice.tsx'
import { EmptyState, ErrorNotice, Loading, LoadingLine } from '../ui/states.tsx'
import { renamesOf } from './diff.ts'
import { ItemsTree } from './items-tree.tsx'
import { originOf, type Plan } from './plan-types.ts'
import { usePlanItems } from './queries.ts'
import { PLAN_VIEWS, type PlanTab, type PlanView } from './search.ts'
import { plansTexts } from './texts.ts'

/** The items of one tab of a plan. `count`: how many there are. */
export function ItemsPanel({
  plan,
  tab,
  count,
  view,
  onView,
}: {
  readonly plan: Plan
  readonly tab: PlanTab
  readonly count: number
  readonly view: PlanView
  readonly onView: (view: PlanView) => void
}) {
  const texts = useTexts(plansTexts)
  const format = useFormat()
  const found = usePlanItems(plan, tab)
  const renames = useMemo(() => renamesOf(originOf(plan)?.actions ?? []), [plan])
  const { items } = found
  if (found.isError) return <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
  if (items === undefined) return <Loading />
  if (items.length === 0 && !found.hasNextPage) return <NoItems tab={tab} />
  const names = { groups: texts.groups, resources: texts.resources }
  return (
    <>
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-1">
        <Segments
          label={texts.view}
          options={PLAN_VIEWS.map((id) => ({ id, label: names[id] }))}
          value={view}
          onChange={onView}
        />
        <p className="text-small text-ink-2">{plan.state === 'planned' ? texts.changesHint : texts.appliedHint}</p>
      </div>
      <LoadingLine isLoading={found.isFetching} />
      <ItemsTree label={texts[tab]} items={items} renames={renames} view={view} />
      {found.hasNextPage && (
        <div className="flex items-center gap-3 border-t border-line px-4 py-1.5 text-small text-ink-2">
          <span className="tabular-nums">{texts.loadedOf(format.number(items.length), format.number(count))}</span>
          <Button size="small" isPending={found.isFetchingNextPage} onPress={() => void found.fetchNextPage()}>
            {texts.loadMore}
          </Button>
        </div>
      )}
    </>
  )
}

function NoItems({ tab }: { readonly tab: PlanTab }) {
  const texts = useTexts(plansTexts)
  if (tab === 'changes') return <EmptyState title={texts.noChanges}>{texts.noChangesHint}</EmptyState>
  return <EmptyState title={tab === 'refused' ? texts.noRefused : texts.noConflicts} />
}
