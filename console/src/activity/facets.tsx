import { useActivityCount } from '../changes/activity-query.ts'
import { useTickWords } from '../changes/edge-words.ts'
import { shortPlanId } from '../changes/origin.tsx'
import { changesTexts } from '../changes/texts.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Facet } from './facet.tsx'
import { daysOf, facetsOf } from './groups.ts'
import type { useLatestGroups } from './queries.ts'
import { type ActivitySearch, conditionsOf } from './search.ts'
import { activityTexts } from './texts.ts'

/** What the changes can be filtered by, with how many of the latest ones have it. */
export function ActivityFacets({
  latest: { data },
  search,
  change,
}: {
  readonly latest: ReturnType<typeof useLatestGroups>
  readonly search: ActivitySearch
  readonly change: (changes: Partial<ActivitySearch>) => void
}) {
  const texts = useTexts(activityTexts)
  const causeTexts = useTexts(changesTexts)
  const format = useFormat()
  const typeName = useTypeName()
  const groups = data?.groups ?? []
  const { actors, causes, types, keys } = facetsOf(groups)
  const counted = groups.reduce((sum, { changes }) => sum + changes, 0)
  const { actor, cause, key } = search
  const dayWords = useTickWords()
  const days = daysOf(useActivityCount(conditionsOf(search)).data)
  const one = (id: string | undefined) => (id === undefined ? [] : [id])
  const nameOfCause = (id: string) => {
    const [kind, plan = ''] = id.split(':')
    return kind === 'plan' || kind === 'undo' ? causeTexts[kind](shortPlanId(plan)) : id
  }
  const hasConditions = actor !== undefined || cause !== undefined || key !== undefined || search.types.length > 0
  return (
    <div className="flex flex-col gap-3 px-2 py-2">
      <Facet title={texts.actors} values={actors} chosen={one(actor)} onChange={([id]) => change({ actor: id })} />
      <Facet
        title={texts.types}
        values={types.map((each) => ({ ...each, name: typeName(each.id) }))}
        chosen={search.types}
        onChange={(next) => change({ types: next })}
        isMultiple
      />
      <Facet title={texts.keys} values={keys} chosen={one(key)} onChange={([id]) => change({ key: id })} isMono />
      <Facet
        title={texts.causes}
        values={causes.map((each) => ({ ...each, name: nameOfCause(each.id) }))}
        chosen={one(cause)}
        onChange={([id]) => change({ cause: id })}
      />
      <Facet
        title={texts.days}
        values={days.map((each) => ({ ...each, name: dayWords(each.id, 'day') }))}
        chosen={one(dayOf(search))}
        onChange={([id]) => change(id === undefined ? { since: undefined, until: undefined } : timesOfDay(id))}
      />
      {hasConditions && (
        <span className="px-2">
          <Button
            size="small"
            onPress={() => change({ actor: undefined, cause: undefined, key: undefined, types: [] })}
          >
            {texts.clearAll}
          </Button>
        </span>
      )}
      {data !== undefined && counted > 0 && (
        <p className="px-2 text-small text-ink-3">
          {data.next === undefined ? texts.aboutAll(format.number(counted)) : texts.about(format.number(counted))}
        </p>
      )}
    </div>
  )
}

/** The times of a day in UTC, both included. */
function timesOfDay(day: string) {
  return { since: `${day}T00:00:00.000Z`, until: `${day}T23:59:59.999Z` }
}

/** The day that the times of the address are; undefined if they are another part of the time. */
function dayOf({ since, until }: ActivitySearch): string | undefined {
  const day = since?.slice(0, 10) ?? ''
  const times = timesOfDay(day)
  return since === times.since && until === times.until ? day : undefined
}
