import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answerOf, api } from '../api/client.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { type Line, Plot } from '../ui/plot.tsx'
import { ErrorNotice, LoadingLine } from '../ui/states.tsx'
import { type CoverageAnswer, useCoverageDays } from './queries.ts'
import { SPANS, type Span } from './search.ts'
import { policiesTexts } from './texts.ts'

const DAY_MS = 86_400_000
const SPAN_DAYS: Readonly<Record<Span, number>> = { '30d': 30, '90d': 90, '1y': 365, '3y': 1095 }

/** How the coverage and the validity of a key became what they are. */
export function KeyPlot({
  keyName,
  type,
  span,
  onSpan,
}: {
  readonly keyName: string
  readonly type: string | undefined
  readonly span: Span
  readonly onSpan: (span: Span) => void
}) {
  const texts = useTexts(policiesTexts)
  const typeName = useTypeName()
  const from = dayBefore(SPAN_DAYS[span])
  const days = useCoverageDays(keyName, type, from, SPAN_DAYS[span] > 90 ? 'week' : 'day')
  const { times, lines } = useMemo(() => seriesOf(days.data, type, texts), [days.data, type, texts])
  const spans = SPANS.map((id) => ({ id, label: texts[`span${id}`] }))
  if (days.isError) return <ErrorNotice error={days.error} onRetry={() => void days.refetch()} />
  return (
    <section aria-label={texts.overTime} data-region="plot" className="border-t border-line">
      <LoadingLine isLoading={days.isFetching} />
      {times.length > 1 && (
        <Plot
          title={`${texts.overTime}: ${keyName}`}
          about={texts.plotAbout(keyName, type === undefined ? texts.everyType : typeName(type))}
          times={times}
          lines={lines}
          unit="share"
          fileName={`coverage-${keyName}${type === undefined ? '' : `-${type}`}`}
        />
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2 text-small text-ink-2">
        {times.length <= 1 && <h2 className="font-semibold text-ink">{`${texts.overTime}: ${keyName}`}</h2>}
        <Select label={texts.span} isLabelHidden options={spans} value={span} onChange={onSpan} />
        {days.data !== undefined && <Missing answer={days.data} from={from} keyName={keyName} />}
      </div>
    </section>
  )
}

function dayBefore(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)
}

type Words = { readonly plotHas: string; readonly plotValid: string }

/** The stored days, and now behind them. */
function seriesOf(answer: CoverageAnswer | undefined, type: string | undefined, words: Words) {
  if (answer === undefined) return { times: [], lines: [] }
  const moments = [...(answer.points ?? []).map(({ day, keys }) => ({ at: `${day}T23:59:59Z`, keys }))]
  moments.push({ at: new Date().toISOString(), keys: answer.now.keys })
  const numbers = moments.map(({ keys: [key] }) => {
    if (key === undefined || type === undefined) return key
    return key.types?.find(({ resource_type }) => resource_type === type)
  })
  const has = numbers.map((each) => each?.coverage ?? null)
  const valid = numbers.map((each) => each?.validity ?? null)
  const lines: Line[] = [{ name: words.plotHas, values: has }]
  if (valid.some((each) => each !== null)) lines.push({ name: words.plotValid, values: valid })
  return { times: moments.map(({ at }) => at), lines }
}

/** Days that are not counted, and the button that counts them. */
function Missing({
  answer,
  from,
  keyName,
}: {
  readonly answer: CoverageAnswer
  readonly from: string
  readonly keyName: string
}) {
  const texts = useTexts(policiesTexts)
  const format = useFormat()
  const whyNot = useWhyNot()
  const backfill = useBackfill()
  const { points = [], missing = [], known_from: knownFrom } = answer
  const countable = missing.filter((day) => knownFrom === undefined || day >= knownFrom)
  return (
    <>
      {points.length === 0 ? texts.noDays : missing.length > 0 && texts.fewDays(format.number(missing.length))}
      {countable.length > 0 && (
        <Button
          size="small"
          why={whyNot('tagwerk:coverage:update')}
          isPending={backfill.isPending}
          onPress={() => backfill.mutate({ from: countable[0] ?? from, key: keyName })}
        >
          {texts.countDays}
        </Button>
      )}
      {backfill.isSuccess && <span role="status">{texts.countedDays(format.number(backfill.data))}</span>}
      {backfill.isError && <ErrorNotice error={backfill.error} />}
    </>
  )
}

/** Has the service count days, call by call until none is left. Gives how many were counted. */
function useBackfill() {
  const { id } = useProject()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ from, key }: { readonly from: string; readonly key: string }) => {
      let made = 0
      let next: string | undefined = from
      while (next !== undefined) {
        const answer = await countDays(id, next, key)
        made += answer.days.filter(({ outcome }) => outcome === 'made').length
        next = answer.next
      }
      return made
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['project', id, 'coverage-days'] }),
  })
}

function countDays(project: string, from: string, key: string) {
  const params = { path: { project_id: project } }
  return answerOf(api.POST('/tagwerk/v1/{project_id}/coverage/backfill', { params, body: { from, keys: [key] } }))
}
