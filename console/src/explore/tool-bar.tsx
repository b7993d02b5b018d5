import { ChartLine, Download, GitCompareArrows, SlidersHorizontal } from 'lucide-react'
import type { ReactNode } from 'react'
import { useHref } from '../hrefs.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { BarWords } from '../ui/bar-words.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { CopyAs, shellQuoted } from '../ui/copy-as.tsx'
import { Menu } from '../ui/menu.tsx'
import { AsOfButton } from './as-of.tsx'
import type { ExportFormat } from './export.ts'
import { bodyOf, type Condition, PAGE_ROWS } from './queries.ts'
import type { ChangeSearch, ExploreSearch } from './search.ts'
import { exploreTexts } from './texts.ts'

type Props = {
  readonly search: ExploreSearch
  readonly change: ChangeSearch
  readonly condition: Condition
  /** Undefined: no answer yet. */
  readonly total: number | undefined
  readonly all: number | undefined
  readonly revision: number | undefined
  /** Asks again for rows that are behind the project. */
  readonly onNewer: (() => void) | undefined
  readonly onExport: (format: ExportFormat) => void
  readonly onFilters: () => void
  readonly columnsButton: ReactNode
}

/** What is shown, and what can be done with all of it. */
export function ToolBar(props: Props) {
  const { search, change, condition, total, onExport, onFilters, columnsButton } = props
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const href = useHref()
  const count = format.number(total ?? 0)
  return (
    <div className="@container/bar flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-3 py-1">
      <span className="facets:hidden">
        <Button onPress={onFilters} aria-haspopup="dialog">
          <SlidersHorizontal className="size-4" aria-hidden="true" />
          {texts.filters}
        </Button>
      </span>
      <Totals {...props} />
      <div className="ml-auto flex flex-wrap items-center">
        <AsOfButton asOf={search.asOf} onChange={(asOf) => change({ asOf })} />
        <Button
          variant="quiet"
          aria-expanded={search.isCoverageShown}
          onPress={() => change({ isCoverageShown: !search.isCoverageShown }, 'replace')}
        >
          <ChartLine className="size-4" aria-hidden="true" />
          {texts.coverage}
        </Button>
        {columnsButton}
        <ButtonLink variant="quiet" href={href('compare', { filter: search.filter })}>
          <GitCompareArrows className="size-4" aria-hidden="true" />
          <BarWords>{texts.compare}</BarWords>
        </ButtonLink>
        <Menu
          button={
            <>
              <Download className="size-4" aria-hidden="true" />
              <BarWords>{texts.export}</BarWords>
            </>
          }
          entries={[
            { id: 'csv', label: texts.exportCsv(count), onAction: () => onExport('csv') },
            { id: 'ndjson', label: texts.exportNdjson(count), onAction: () => onExport('ndjson') },
          ]}
        />
        <CopySearch condition={condition} />
      </div>
    </div>
  )
}

function Totals({ total, all, revision, onNewer }: Props) {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  if (total === undefined) return null
  const words = total === 1 ? texts.oneResource : texts.resources(format.number(total))
  return (
    <div className="flex min-w-0 flex-wrap items-baseline gap-x-2">
      <h1 aria-live="polite" className="text-lead font-semibold tabular-nums">
        {words}
      </h1>
      {all !== undefined && (
        <span className="text-body text-ink-2 tabular-nums">{texts.ofAll(format.number(all))}</span>
      )}
      {revision !== undefined && (
        <span className="border-l border-line pl-2 text-small text-ink-2 tabular-nums">
          {texts.revision(format.number(revision))}
        </span>
      )}
      {onNewer !== undefined && (
        <Button size="small" variant="quiet" onPress={onNewer}>
          {texts.newer}
        </Button>
      )}
    </div>
  )
}

/** The search as a call of curl and as a command. The command cannot look at the past: it is left out then. */
function CopySearch({ condition }: { readonly condition: Condition }) {
  const { id, name } = useProject()
  const { filter, types, asOf } = condition
  const command = ['tagwerk search', ...(filter === undefined ? [] : [shellQuoted(filter)])]
  for (const type of types) command.push('--type', shellQuoted(type))
  command.push('--limit', String(PAGE_ROWS), '--project', shellQuoted(name))
  return (
    <CopyAs
      call={{
        method: 'POST',
        path: `/tagwerk/v1/${id}/resources/search`,
        body: { ...bodyOf(condition), limit: PAGE_ROWS },
      }}
      command={asOf === undefined ? command.join(' ') : exportCommand(condition, name)}
    />
  )
}

/** An export can look at the past, of one type at most. */
function exportCommand({ filter, types, asOf }: Condition, project: string): string | undefined {
  if (types.length > 1) return undefined
  const parts = ['tagwerk export', '--project', shellQuoted(project)]
  if (filter !== undefined) parts.push('--filter', shellQuoted(filter))
  for (const type of types) parts.push('--type', shellQuoted(type))
  if (asOf !== undefined) parts.push('--as-of', shellQuoted(asOf))
  return parts.join(' ')
}
