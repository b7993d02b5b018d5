import { useMemo } from 'react'
import { pathOf, useHref } from '../hrefs.ts'
import { useProject } from '../session/project.ts'
import { useTitle } from '../shell/title.ts'
import { useFormat } from '../text/format.ts'
import type { Format } from '../text/format-for.ts'
import { useTexts } from '../text/texts.ts'
import { ButtonLink } from '../ui/button.tsx'
import { CopyAs } from '../ui/copy-as.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { Badge } from '../ui/marks.tsx'
import { EmptyState, ErrorNotice, Loading } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { countsOf } from './figures.tsx'
import type { Plan } from './plan-types.ts'
import { usePlanState, usePlanTitle, useUserName } from './plan-words.ts'
import { usePlans } from './queries.ts'
import { plansTexts } from './texts.ts'

/** The plans of the project. */
export function Plans() {
  const texts = useTexts(plansTexts)
  const project = useProject()
  const href = useHref()
  const found = usePlans()
  const columns = usePlanColumns()
  const titleOf = usePlanTitle()
  useTitle(texts.plans)
  const plans = useMemo(() => found.data?.pages.flatMap((page) => page.plans), [found.data])
  const call = { method: 'GET', path: `/tagwerk/v1/${project.id}/plans` } as const
  return (
    <>
      <header className="flex min-h-14 shrink-0 flex-wrap items-center justify-between gap-2 border-b border-line bg-surface px-4 py-2">
        <div>
          <h1 className="text-title font-semibold">{texts.plans}</h1>
          <p className="text-small text-ink-2">{texts.about}</p>
        </div>
        <CopyAs call={call} command="tagwerk plan list" />
      </header>
      {found.isError && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading />}
      {plans !== undefined && plans.length === 0 && <NoPlans />}
      {plans !== undefined && plans.length > 0 && (
        <DataTable
          label={texts.plans}
          columns={columns}
          items={plans}
          idOf={({ id }) => id}
          nameOf={titleOf}
          onOpen={({ id }) => href.open(pathOf('plans', id))}
          onLoadMore={found.hasNextPage ? () => void found.fetchNextPage() : undefined}
          isLoadingMore={found.isFetchingNextPage}
        />
      )}
    </>
  )
}

function NoPlans() {
  const texts = useTexts(plansTexts)
  const href = useHref()
  return (
    <EmptyState title={texts.none}>
      <p>{texts.noneHint}</p>
      <p className="mt-4 flex justify-center gap-2">
        <ButtonLink href={href('clean-up')}>{texts.toCleanUp}</ButtonLink>
        <ButtonLink href={href('explore')}>{texts.toExplore}</ButtonLink>
      </p>
    </EmptyState>
  )
}

function usePlanColumns(): readonly TableColumn<Plan>[] {
  const texts = useTexts(plansTexts)
  const format = useFormat()
  const titleOf = usePlanTitle()
  const stateOf = usePlanState()
  const nameOf = useUserName()
  const number = (id: 'changes' | 'refused' | 'conflicts', name: string): TableColumn<Plan> => ({
    id,
    name,
    width: 96,
    isNumber: true,
    cell: (plan) => <Count value={countsOf(plan)[id]} format={format} />,
  })
  return [
    {
      id: 'plan',
      name: texts.plan,
      width: '3fr',
      minWidth: 220,
      isRowHeader: true,
      title: titleOf,
      cell: (plan) => <span className="font-medium">{titleOf(plan)}</span>,
    },
    {
      id: 'state',
      name: texts.state,
      width: 128,
      cell: (plan) => {
        const { words, tone } = stateOf(plan)
        return <Badge tone={tone}>{words}</Badge>
      },
    },
    {
      id: 'author',
      name: texts.author,
      width: '1fr',
      minWidth: 112,
      cell: ({ created_by, created_by_name: name }) => nameOf(created_by, name),
    },
    number('changes', texts.changes),
    number('refused', texts.refused),
    number('conflicts', texts.conflicts),
    { id: 'made', name: texts.made, width: 128, cell: ({ created_at }) => <Time at={created_at} as="ago" /> },
    { id: 'expires', name: texts.expires, width: 104, cell: ({ expires_at }) => <Time at={expires_at} as="day" /> },
  ]
}

function Count({ value, format }: { readonly value: number; readonly format: Format }) {
  return <span className={value === 0 ? 'text-ink-3' : ''}>{format.number(value)}</span>
}
