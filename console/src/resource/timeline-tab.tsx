import { EffectLines } from '../changes/effect.tsx'
import { ActorName, Cause } from '../changes/origin.tsx'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Badge } from '../ui/marks.tsx'
import { EmptyState, ErrorNotice, Loading } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { CopyResource } from './copy-resource.tsx'
import type { ResourceChange, useTimeline } from './queries.ts'
import type { ResourceId } from './resource-id.ts'
import { resourceTexts } from './texts.ts'

/** Everything that happened to a resource, newest first, across its deletions. */
export function TimelineTab({
  id,
  timeline,
  changes,
  isPast,
}: {
  readonly id: ResourceId
  readonly timeline: ReturnType<typeof useTimeline>
  readonly changes: readonly ResourceChange[]
  readonly isPast: boolean
}) {
  const texts = useTexts(resourceTexts)
  const format = useFormat()
  const { data, error, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = timeline
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Loading />
  if (changes.length === 0) return <EmptyState title={texts.noHistory} />
  const horizon = data.pages.at(-1)?.horizon ?? 0
  return (
    <div className="flex flex-col gap-3 px-4 py-3">
      <ol className="flex flex-col">
        {changes.map((change, at) => (
          <Entry key={change.revision} change={change} isLatest={at === 0} isPast={isPast} />
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-2">
        {hasNextPage && (
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            {texts.earlier}
          </Button>
        )}
        <CopyResource id={id} what="timeline" />
      </div>
      {!hasNextPage && horizon > 0 && <p className="text-small text-ink-3">{texts.horizon(format.number(horizon))}</p>}
    </div>
  )
}

function Entry({
  change,
  isLatest,
  isPast,
}: {
  readonly change: ResourceChange
  readonly isLatest: boolean
  readonly isPast: boolean
}) {
  const texts = useTexts(resourceTexts)
  const format = useFormat()
  const filled = isPast ? 'border-past bg-past' : 'border-accent bg-accent'
  return (
    <li className="group relative flex gap-3 pb-4">
      <span className="absolute top-3 bottom-0 left-[4px] w-px bg-line group-last:hidden" aria-hidden="true" />
      <span
        className={`relative mt-1.5 size-[9px] shrink-0 rounded-full border ${isLatest ? filled : 'border-control bg-surface'}`}
        aria-hidden="true"
      />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="text-small text-ink-2">
          <span className="font-medium text-ink">
            <ActorName actor={change.actor} />
          </span>
          {' · '}
          <Time at={change.at} />
          {change.cause !== undefined && (
            <>
              {' · '}
              <Cause cause={change.cause} />
            </>
          )}
        </p>
        <EffectWord change={change} />
        <EffectLines effect={change} />
        <p className="text-small text-ink-3 tabular-nums">{texts.revision(format.number(change.revision))}</p>
      </div>
    </li>
  )
}

/** Says when a change began or ended the life of the resource. */
function EffectWord({ change: { effect, former_life: formerLife } }: { readonly change: ResourceChange }) {
  const texts = useTexts(resourceTexts)
  if (effect === 'updated') return null
  if (effect === 'deleted') {
    return (
      <p>
        <Badge tone="bad">{texts.deleted}</Badge>
      </p>
    )
  }
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-small text-ink-2">
      <Badge tone="good">{formerLife === undefined ? texts.registered : texts.returned}</Badge>
      {formerLife !== undefined && texts.formerLife}
    </p>
  )
}
