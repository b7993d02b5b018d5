import { TriangleAlert } from 'lucide-react'
import { ApiError } from '../api/client.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { TagValue } from '../ui/marks.tsx'
import type { Conflict, PlanItem } from './plan-types.ts'
import { useResourceFacts } from './resource-facts.ts'
import { applyTexts } from './texts.ts'

/** The conflicts that a call of apply was refused for; undefined for any other failure. */
export function conflictsOf(
  error: unknown,
): { readonly count: number; readonly conflicts: readonly Conflict[] } | undefined {
  if (!(error instanceof ApiError) || error.code !== 'plan-conflicts') return undefined
  const { count, conflicts } = error.body as { readonly count: number; readonly conflicts: readonly Conflict[] }
  return { count, conflicts }
}

const SHOWN_MAX = 5

type Props = {
  readonly count: number
  readonly conflicts: readonly Conflict[]
  readonly items: readonly PlanItem[]
  readonly whyNoPlan: string | undefined
  readonly whyNoSkip: string | undefined
  readonly isPlanning: boolean
  readonly isSkipping: boolean
  readonly onPlanAgain: () => void
  readonly onSkip: () => void
}

/** Says why nothing was applied, what the values were and are, and what can be done. */
export function ConflictCard(props: Props) {
  const { count, conflicts, items } = props
  const texts = useTexts(applyTexts)
  const format = useFormat()
  const shown = conflicts.slice(0, SHOWN_MAX)
  return (
    <div role="alert" className="flex flex-col gap-2 rounded-card border border-edge bg-surface p-3">
      <p className="flex items-center gap-1.5 font-medium text-warn">
        <TriangleAlert className="size-4" aria-hidden="true" />
        {texts.conflicts(format.number(count), count === 1)}
      </p>
      <p className="text-small text-ink-2">{texts.nothingApplied}</p>
      <ul className="flex flex-col gap-1.5 text-body text-ink-2">
        {shown.map((conflict) => (
          <ConflictLine
            key={`${conflict.resource_type}/${conflict.resource_id}`}
            conflict={conflict}
            expected={expectedOf(conflict, items)}
          />
        ))}
      </ul>
      {count > shown.length && (
        <p className="text-small text-ink-3">{texts.moreConflicts(format.number(count - shown.length))}</p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button why={props.whyNoPlan} isPending={props.isPlanning} onPress={props.onPlanAgain}>
          {texts.planAgain}
        </Button>
        <Button variant="quiet" why={props.whyNoSkip} isPending={props.isSkipping} onPress={props.onSkip}>
          {texts.skip(count === 1)}
        </Button>
      </div>
    </div>
  )
}

/** The value that the plan expects; undefined if the item is not loaded. */
function expectedOf(
  { resource_type, resource_id, key }: Conflict,
  items: readonly PlanItem[],
): string | null | undefined {
  const item = items.find((each) => each.resource_type === resource_type && each.resource_id === resource_id)
  return key === undefined ? undefined : item?.expect[key]
}

function ConflictLine({
  conflict,
  expected,
}: {
  readonly conflict: Conflict
  readonly expected: string | null | undefined
}) {
  const texts = useTexts(applyTexts)
  const { resource_type, resource_id, error_code, key, value } = conflict
  const facts = useResourceFacts(resource_type, resource_id)
  const name = <span className="font-medium wrap-anywhere text-ink">{facts?.name || resource_id}</span>
  if (key === undefined) {
    const isGone = error_code === 'resource-not-found'
    return (
      <li>
        {name} {isGone ? texts.goneSince : error_code === 'tag-quota-exceeded' ? texts.tooMany : error_code}
      </li>
    )
  }
  return (
    <li>
      {name} {texts.changedAfter} <span className="font-mono text-ink">{key}</span>
      {expected !== undefined && (
        <>
          {' '}
          {texts.was} <TagValue value={expected ?? undefined} />,
        </>
      )}{' '}
      {texts.is} <TagValue value={value ?? undefined} />
    </li>
  )
}
