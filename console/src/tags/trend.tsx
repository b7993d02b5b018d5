import { useMemo } from 'react'
import { useTexts } from '../text/texts.ts'
import { Plot } from '../ui/plot.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { useTrend } from './queries.ts'
import { tagsTexts } from './texts.ts'

const DAYS = 365

/** The share of resources with a key over the last year, of the days that are stored. */
export function Trend({ of }: { readonly of: string }) {
  const texts = useTexts(tagsTexts)
  const { data, isError, error, refetch } = useTrend(of, DAYS)
  const lines = useMemo(() => [{ name: of, values: data?.shares ?? [] }], [of, data])
  if (isError) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (data === undefined) return null
  if (data.shares.every((share) => share === null)) {
    return (
      <p className="border-b border-line px-4 py-2 text-small text-ink-2">
        <span className="font-semibold text-ink">{texts.overTime}</span> · {texts.noDays}
      </p>
    )
  }
  return (
    <Plot
      title={texts.overTime}
      about={texts.overTimeAbout}
      times={data.days}
      lines={lines}
      unit="share"
      fileName={`coverage-${of}`}
    />
  )
}
