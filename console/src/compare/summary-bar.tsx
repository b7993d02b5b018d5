import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { answerOf, api } from '../api/client.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { CopyAs, shellQuoted } from '../ui/copy-as.tsx'
import { downloadText } from '../ui/download.ts'
import { Menu } from '../ui/menu.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { useMomentWords } from './banner.tsx'
import { MOVEMENTS, type Movement } from './difference.ts'
import { MovementSign } from './difference-table.tsx'
import { bodyOf, type Comparison, useIsBehind, type useSummary } from './queries.ts'
import type { CompareSearch } from './search.ts'
import { compareTexts } from './texts.ts'
import { WayBackButton } from './way-back-dialog.tsx'

/** How many resources differ, which of them are shown, and what can be done with all of them. */
export function SummaryBar({
  comparison,
  summary,
  search: { movement },
  change,
  onRefresh,
}: {
  readonly comparison: Comparison
  readonly summary: ReturnType<typeof useSummary>
  readonly onRefresh: () => void
  readonly search: CompareSearch
  readonly change: (changes: Partial<CompareSearch>) => void
}) {
  const texts = useTexts(compareTexts)
  const format = useFormat()
  const words = useMomentWords()
  const isBehind = useIsBehind(comparison, summary.data)
  const project = useProject()
  const exporting = useExport(comparison)
  const { data } = summary
  if (data === undefined) return null
  return (
    <>
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-4 py-1">
        <h2 aria-live="polite" className="text-lead font-semibold tabular-nums">
          {data.resources === 1 ? texts.differOne : texts.differ(format.number(data.resources))}
        </h2>
        <Movements counts={data} movement={movement} onChange={(next) => change({ movement: next })} />
        {isBehind && (
          <span className="flex items-center gap-2 text-small text-ink-2">
            {texts.behind}
            <Button size="small" onPress={onRefresh}>
              {texts.refresh}
            </Button>
          </span>
        )}
        <span className="ml-auto flex flex-wrap items-center gap-2">
          <CopyAs
            call={{ method: 'POST', path: `/tagwerk/v1/${project.id}/diff`, body: bodyOf(comparison) }}
            command={commandOf(comparison, project.name)}
          />
          <Menu
            button={
              <>
                <Download className="size-4" aria-hidden="true" />
                {texts.export}
              </>
            }
            entries={[
              { id: 'csv', label: texts.exportCsv, onAction: () => exporting.mutate('csv') },
              { id: 'ndjson', label: texts.exportNdjson, onAction: () => exporting.mutate('ndjson') },
            ]}
          />
          <WayBackButton comparison={comparison} summary={data} movement={movement} moment={words(comparison.from)} />
        </span>
      </div>
      {exporting.isError && <ErrorNotice error={exporting.error} />}
    </>
  )
}

/** The movements as filters: at most one is chosen, none means all. */
function Movements({
  counts,
  movement,
  onChange,
}: {
  readonly counts: Readonly<Record<Movement, number>>
  readonly movement: Movement | undefined
  readonly onChange: (movement: Movement | undefined) => void
}) {
  const texts = useTexts(compareTexts)
  const format = useFormat()
  return (
    <ToggleButtonGroup
      aria-label={texts.movement}
      selectionMode="single"
      selectedKeys={movement === undefined ? [] : [movement]}
      onSelectionChange={(keys) => {
        const [next] = keys
        onChange(MOVEMENTS.find((each) => each === next))
      }}
      className="flex gap-1"
    >
      {MOVEMENTS.map((each) => (
        <ToggleButton
          key={each}
          id={each}
          className="flex h-7 items-center gap-1.5 rounded-control border border-transparent px-2 text-body text-ink-2 tabular-nums focus-ring data-hovered:bg-hover data-selected:border-tint-edge data-selected:bg-tint data-selected:font-medium data-selected:text-accent"
        >
          <span aria-hidden="true">
            <MovementSign movement={each} />
          </span>
          {texts[each](format.number(counts[each]))}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

function useExport(comparison: Comparison) {
  const { id, name } = useProject()
  return useMutation({
    mutationFn: async (format: 'csv' | 'ndjson') => {
      const params = { path: { project_id: id } }
      const body = { ...bodyOf(comparison), ...(format === 'csv' && { format: 'csv' as const }) }
      const call = api.POST('/tagwerk/v1/{project_id}/diff', { params, body, parseAs: 'text' })
      const text: unknown = await answerOf(call)
      const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson'
      downloadText(`${name}-diff.${format}`, String(text), type)
    },
  })
}

/** The same as a command. */
export function commandOf({ from, to, filter }: Comparison, project: string): string {
  const parts = ['tagwerk diff', `--from ${shellQuoted(from)}`]
  if (to !== undefined) parts.push(`--to ${shellQuoted(to)}`)
  if (filter !== undefined) parts.push(`--filter ${shellQuoted(filter)}`)
  return [...parts, `--project ${shellQuoted(project)}`].join(' ')
}
