import { ChevronRight } from 'lucide-react'
import { Button as AriaButton, TreeItem, TreeItemContent } from 'react-aria-components'
import { KeyMarks, keyChangesOf } from '../changes/effect.tsx'
import { ActorName, Cause } from '../changes/origin.tsx'
import { TypeIcon } from '../explore/type-icon.tsx'
import { useOpenResource } from '../resource/search.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { Badge } from '../ui/marks.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import type { Group } from './groups.ts'
import { type Change, useGroupChanges } from './queries.ts'
import type { ActivitySearch } from './search.ts'
import { useSentence } from './sentence.ts'
import { activityTexts } from './texts.ts'

const ROW = 'border-b border-line bg-surface focus-ring-inside data-hovered:bg-hover cursor-default'

/** A row for a group of changes; expanded, it lists the changed resources with the tags that changed. */
export function GroupItem({
  group,
  search,
  isExpanded,
  onToggle,
}: {
  readonly group: Group
  readonly search: ActivitySearch
  readonly isExpanded: boolean
  readonly onToggle: () => void
}) {
  const texts = useTexts(activityTexts)
  const sentence = useSentence()(group)
  return (
    <TreeItem
      id={group.id}
      textValue={`${group.actor.name ?? ''} ${sentence}`}
      onAction={onToggle}
      className={`${ROW} ${isExpanded ? 'bg-hover' : ''}`}
    >
      <TreeItemContent>
        <div className="grid min-h-[30px] grid-cols-[1.25rem_9.5rem_minmax(0,1fr)] items-center gap-x-2 px-3 py-1 @min-[56rem]:grid-cols-[1.25rem_9.5rem_8rem_minmax(0,1fr)_8rem_11rem]">
          <AriaButton
            slot="chevron"
            aria-label={texts.open(sentence)}
            className="flex size-5 items-center justify-center rounded-mark text-ink-3 focus-ring data-hovered:bg-press"
          >
            <ChevronRight className={`size-4 ${isExpanded ? 'rotate-90' : ''}`} aria-hidden="true" />
          </AriaButton>
          <span className="text-small text-ink-2 tabular-nums">
            <Time at={group.last.at} />
          </span>
          <span className="truncate text-ink-2 @max-[56rem]:hidden">
            <ActorName actor={group.actor} />
          </span>
          <span className="min-w-0 truncate" title={sentence}>
            <span className="text-ink-2 @min-[56rem]:hidden">
              <ActorName actor={group.actor} />{' '}
            </span>
            {sentence}
          </span>
          <span className="truncate text-small @max-[56rem]:hidden">
            {group.cause !== undefined && <Cause cause={group.cause} />}
          </span>
          <Revisions group={group} />
        </div>
      </TreeItemContent>
      {isExpanded ? <Resources group={group} search={search} /> : <Unread id={group.id} />}
    </TreeItem>
  )
}

/** A placeholder child while the resources load: React Aria expands by keyboard only items that have a child. */
function Unread({ id }: { readonly id: string }) {
  const texts = useTexts(activityTexts)
  return (
    <TreeItem id={`${id} unread`} textValue={texts.loading}>
      <TreeItemContent>{texts.loading}</TreeItemContent>
    </TreeItem>
  )
}

function Revisions({ group: { first, last } }: { readonly group: Group }) {
  const texts = useTexts(activityTexts)
  const format = useFormat()
  const [low, high] = [format.number(first.revision), format.number(last.revision)]
  return (
    <span className="truncate text-right text-small text-ink-3 tabular-nums @max-[56rem]:hidden">
      {low === high ? texts.revision(high) : texts.revisions(low, high)}
    </span>
  )
}

function Resources({ group, search }: { readonly group: Group; readonly search: ActivitySearch }) {
  const texts = useTexts(activityTexts)
  const { open } = useOpenResource()
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useGroupChanges(group, search)
  const changes = data?.pages.flatMap((page) => page.changes) ?? []
  const id = (part: string | number) => `${group.id} ${part}`
  return (
    <>
      {changes.map((change) => (
        <TreeItem
          key={change.revision}
          id={id(change.revision)}
          textValue={change.resource_name || change.resource_id}
          onAction={() => open({ type: change.resource_type, id: change.resource_id })}
          className={ROW}
        >
          <TreeItemContent>
            <ChangeRow change={change} />
          </TreeItemContent>
        </TreeItem>
      ))}
      {error !== null && (
        <TreeItem id={id('error')} textValue={String(error)} className={ROW}>
          <TreeItemContent>
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          </TreeItemContent>
        </TreeItem>
      )}
      {(hasNextPage || data === undefined) && error === null && (
        <TreeItem
          id={id('more')}
          textValue={isFetching ? texts.loading : texts.more}
          onAction={() => void fetchNextPage()}
          className={ROW}
        >
          <TreeItemContent>
            <span className="flex min-h-[30px] items-center pl-11 text-accent">
              {isFetching ? texts.loading : texts.more}
            </span>
          </TreeItemContent>
        </TreeItem>
      )}
    </>
  )
}

/** Marks beyond these do not fit in a row; the timeline of the resource has all. */
const MARKS_MAX = 6

function ChangeRow({ change }: { readonly change: Change }) {
  const texts = useTexts(activityTexts)
  const format = useFormat()
  const typeName = useTypeName()
  const { resource_name: name, resource_id: id, resource_type: type, effect, detail_members: members = [] } = change
  const keys = keyChangesOf(change)
  return (
    <div className="flex min-h-[30px] items-center gap-3 overflow-hidden py-0.5 pr-3 pl-11">
      <span className="flex w-72 shrink-0 items-center gap-1.5" title={`${typeName(type)}: ${name || id}`}>
        <TypeIcon type={type} />
        <span className="sr-only">{typeName(type)} </span>
        <span className={`truncate ${name === '' ? 'font-mono' : 'font-medium'}`}>{name || id}</span>
      </span>
      {effect === 'created' && <Badge tone="good">{texts.effectCreated}</Badge>}
      {effect === 'deleted' && <Badge tone="bad">{texts.effectDeleted}</Badge>}
      {change.name !== undefined && effect === 'updated' && (
        <KeyMarks change={{ key: 'name', before: change.name.before, after: change.name.after }} />
      )}
      {members.length > 0 && (
        <span className="shrink-0 text-small text-ink-2">
          {texts.detail} <span className="font-mono">{format.list(members, 'and')}</span>
        </span>
      )}
      {keys.slice(0, MARKS_MAX).map((each) => (
        <span key={each.key} className="shrink-0">
          <KeyMarks change={each} />
        </span>
      ))}
      {keys.length > MARKS_MAX && (
        <span className="shrink-0 text-small text-ink-3">{texts.andMore(format.number(keys.length - MARKS_MAX))}</span>
      )}
    </div>
  )
}
