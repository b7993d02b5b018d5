import { useMemo } from 'react'
import { useTexts } from '../text/texts.ts'
import { Plot } from '../ui/plot.tsx'
import { ErrorNotice, LoadingLine } from '../ui/states.tsx'
import { useCoverage } from './queries.ts'
import { exploreTexts } from './texts.ts'

const LINES_MAX = 4

/** The coverage of the columns' keys over time. */
export function CoveragePlot({ keys, asOf }: { readonly keys: readonly string[]; readonly asOf: string | undefined }) {
  const texts = useTexts(exploreTexts)
  const shown = useMemo(() => keys.slice(0, LINES_MAX), [keys])
  const { data, error, isFetching, refetch } = useCoverage(shown, asOf)
  const { times, lines } = useMemo(() => {
    const points = data?.points ?? []
    return {
      times: points.map(({ day }) => day),
      lines: shown.map((name) => ({
        name,
        values: points.map((point) => point.keys.find(({ key }) => key === name)?.coverage ?? null),
      })),
    }
  }, [data, shown])
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (data !== undefined && times.length === 0) {
    return <p className="border-b border-line bg-surface px-4 py-3 text-body text-ink-2">{texts.noCoverage}</p>
  }
  return (
    <div className="shrink-0">
      <LoadingLine isLoading={isFetching} />
      <Plot
        title={texts.coverage}
        about={keys.length > LINES_MAX ? `${texts.coverageAbout}. ${texts.tooManyLines}` : texts.coverageAbout}
        times={times}
        lines={lines}
        unit="share"
        fileName="coverage"
        heightPx={104}
      />
    </div>
  )
}
