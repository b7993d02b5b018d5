import { useParams, useSearch } from '@tanstack/react-router'
import { Link } from 'react-aria-components'
import { pathOf, useHref } from '../hrefs.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useTitle } from '../shell/title.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { ErrorNotice, Loading } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { ApplyPanel, useWhyNoApply } from './apply-panel.tsx'
import { ConflictCard, conflictsOf } from './conflict-card.tsx'
import { countsOf, Figures, KeyTable } from './figures.tsx'
import { ItemsPanel } from './items-panel.tsx'
import { PlanHead } from './plan-head.tsx'
import type { Plan } from './plan-types.ts'
import { usePlanTitle } from './plan-words.ts'
import { useApply, usePlan, usePlanAgain, usePlanItems } from './queries.ts'
import { fromPlanSearch, PLAN_TABS, type PlanSearch, toPlanSearch } from './search.ts'
import { applyTexts, plansTexts } from './texts.ts'

/** One plan: what it changes, and applying it. */
export function PlanPage() {
  const { plan = '' } = useParams({ strict: false })
  // What came of applying one plan is not said of another.
  return <PlanOf key={plan} planId={plan} />
}

function PlanOf({ planId }: { readonly planId: string }) {
  const texts = useTexts(plansTexts)
  const apply = useApply(planId)
  const found = usePlan(planId, apply.isPending)
  useTitle(texts.plan)
  if (found.data === undefined) {
    return found.isError ? <ErrorNotice error={found.error} onRetry={() => void found.refetch()} /> : <Loading />
  }
  return <OnePlan plan={found.data} apply={apply} />
}

function OnePlan({ plan, apply }: { readonly plan: Plan; readonly apply: ReturnType<typeof useApply> }) {
  const titleOf = usePlanTitle()
  useTitle(titleOf(plan))
  return (
    <>
      <PlanHead plan={plan} />
      <div className="flex min-h-0 grow flex-col overflow-auto min-[56rem]:flex-row min-[56rem]:overflow-hidden">
        <PlanItems plan={plan} />
        <Side plan={plan} apply={apply} />
      </div>
    </>
  )
}

function PlanItems({ plan }: { readonly plan: Plan }) {
  const texts = useTexts(plansTexts)
  const format = useFormat()
  const href = useHref()
  const search = toPlanSearch(useSearch({ strict: false }))
  const change = (changes: Partial<PlanSearch>) =>
    href.open(pathOf('plans', plan.id), fromPlanSearch({ ...search, ...changes }))
  const counts = countsOf(plan)
  return (
    <div className="flex min-h-112 min-w-0 grow flex-col bg-surface min-[56rem]:min-h-0">
      <Tabs
        label={texts.plan}
        value={search.tab}
        onChange={(tab) => change({ tab })}
        tabs={PLAN_TABS.map((tab) => ({
          id: tab,
          label: texts[tab],
          count: format.number(counts[tab]),
          content: (
            <ItemsPanel
              plan={plan}
              tab={tab}
              count={counts[tab]}
              view={search.view}
              onView={(view) => change({ view })}
            />
          ),
        }))}
      />
    </div>
  )
}

function Side({ plan, apply }: { readonly plan: Plan; readonly apply: ReturnType<typeof useApply> }) {
  const texts = useTexts(plansTexts)
  const words = useTexts(applyTexts)
  const format = useFormat()
  const href = useHref()
  const whyNot = useWhyNot()
  const whyNoApply = useWhyNoApply()
  const { items = [] } = usePlanItems(plan, 'changes')
  const again = usePlanAgain(({ id }) => href.open(pathOf('plans', id)))
  const refusal = conflictsOf(apply.error)
  const left = plan.summary.tags_left
  return (
    <aside
      aria-label={texts.figures}
      data-region="side"
      className="flex shrink-0 flex-col border-line bg-canvas max-[56rem]:border-t min-[56rem]:w-80 min-[56rem]:border-l"
    >
      <div className="flex min-h-0 grow flex-col gap-4 overflow-auto p-4">
        <Figures counts={countsOf(plan)} conflicts={refusal?.count} />
        {plan.undo_of !== undefined && (
          <p className="text-small">
            <Link href={href(pathOf('plans', plan.undo_of))} className="rounded-mark text-accent focus-ring">
              {words.toUndone}
            </Link>
          </p>
        )}
        {left > 0 && <p className="text-body text-warn">{texts.tagsLeft(format.number(left), left === 1)}</p>}
        <KeyTable plan={plan} />
        {refusal !== undefined && (
          <ConflictCard
            {...refusal}
            items={items}
            whyNoPlan={whyNot('tagwerk:plans:create')}
            whyNoSkip={whyNoApply}
            isPlanning={again.isPending}
            isSkipping={apply.isPending}
            onPlanAgain={() => again.mutate(plan)}
            onSkip={() => apply.mutate('skip')}
          />
        )}
        {apply.isError && refusal === undefined && <ErrorNotice error={apply.error} />}
        {again.isError && <ErrorNotice error={again.error} />}
      </div>
      <div className="border-t border-line p-4">
        <ApplyPanel plan={plan} isApplying={apply.isPending} onApply={() => apply.mutate('fail')} />
      </div>
    </aside>
  )
}
