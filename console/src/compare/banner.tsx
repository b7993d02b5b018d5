import { ArrowRight, Clock } from 'lucide-react'
import { useEdgeWords } from '../changes/edge-words.ts'
import { useHref } from '../hrefs.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import type { Summary } from './queries.ts'
import { useCompareSearch } from './search.ts'
import { compareTexts } from './texts.ts'

/** Gives the function that says a moment in words: a revision, a time, or undefined for now. */
export function useMomentWords(): (moment: string | undefined) => string {
  const texts = useTexts(compareTexts)
  const format = useFormat()
  const edgeWords = useEdgeWords()
  return (moment) => {
    if (moment === undefined) return texts.now
    if (moment === '0') return texts.beginning
    return /^\d+$/.test(moment) ? texts.revision(format.number(Number(moment))) : edgeWords(moment, false)
  }
}

/** Says which two moments are compared. Who sees violet cannot write. */
export function CompareBanner({
  from,
  to,
  summary,
  onBack,
}: {
  readonly from: string
  readonly to: string | undefined
  readonly summary: Summary | undefined
  readonly onBack: () => void
}) {
  const texts = useTexts(compareTexts)
  const format = useFormat()
  const href = useHref()
  const { search } = useCompareSearch()
  const words = useMomentWords()
  const withRevision = (moment: string | undefined, revision: number | undefined) => (
    <>
      <strong className="font-semibold">{words(moment)}</strong>
      {revision !== undefined && !/^\d+$/.test(moment ?? '') && (
        <span className="tabular-nums">{texts.revision(format.number(revision))}</span>
      )}
    </>
  )
  return (
    <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 bg-past-tint px-4 py-1 text-past">
      <Clock className="size-4 shrink-0" aria-hidden="true" />
      <h1 className="flex flex-wrap items-center gap-x-2 text-body">
        {texts.youCompare} {withRevision(from, summary?.from)}
        <ArrowRight className="size-4" aria-hidden="true" />
        <span className="sr-only">{texts.with}</span>
        {withRevision(to, summary?.to)}
      </h1>
      <span className="text-small">{texts.readOnly}</span>
      <span className="ml-auto flex gap-1">
        <ButtonLink variant="quiet" size="small" href={href('explore', { filter: search.filter, as_of: from })}>
          {texts.lookAround}
        </ButtonLink>
        {to !== undefined && (
          <Button variant="quiet" size="small" onPress={onBack}>
            {texts.backToNow}
          </Button>
        )}
      </span>
    </div>
  )
}
