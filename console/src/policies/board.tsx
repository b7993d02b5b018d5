import { useHref } from '../hrefs.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Segments } from '../ui/choice.tsx'
import { downloadCsv } from '../ui/download.ts'
import { EmptyState, LoadingLine } from '../ui/states.tsx'
import { uiTexts } from '../ui/texts.ts'
import type { Board } from './board-model.ts'
import { CellPanel } from './cell-panel.tsx'
import { HeatLegend, HeatMap } from './heat-map.tsx'
import { KeyPlot } from './key-plot.tsx'
import { usePoliciesSearch, VIEWS } from './search.ts'
import { policiesTexts } from './texts.ts'

/** Keys by types, the chosen cell at the right, the chosen key over time below. */
export function BoardTab({
  board,
  revision,
  coverage,
}: {
  readonly board: Board
  readonly revision: number
  readonly coverage: { readonly isFetching: boolean; readonly isPlaceholderData: boolean }
}) {
  const texts = useTexts(policiesTexts)
  const { search, change } = usePoliciesSearch()
  const { view, key, type } = search
  const hasRules = board.rows.some(({ rule }) => rule !== undefined)
  const chosen = board.rows.find((row) => row.key === key)
  const plotted = chosen ?? board.rows[0]
  if (board.types.length === 0) {
    return <EmptyState title={texts.noResources}>{texts.noResourcesHint}</EmptyState>
  }
  const cell = chosen && (type === undefined ? chosen.all : chosen.cells.find((each) => each.type === type))
  return (
    <div className="relative flex min-h-0 grow">
      <div className="flex min-w-0 grow flex-col overflow-y-auto">
        <LoadingLine isLoading={coverage.isPlaceholderData && coverage.isFetching} />
        {!hasRules && <NoPolicy />}
        <BoardHead board={board} revision={revision} />
        <BoardTable board={board} />
        {plotted !== undefined && (
          <KeyPlot
            key={plotted.key}
            keyName={plotted.key}
            type={chosen === undefined ? undefined : type}
            span={search.span}
            onSpan={(span) => change({ span })}
          />
        )}
      </div>
      {chosen !== undefined && cell !== undefined && (
        <CellPanel
          key={`${view} ${chosen.key} ${cell.type ?? ''}`}
          board={board}
          row={chosen}
          cell={cell}
          onClose={() => change({ key: undefined, type: undefined })}
        />
      )}
    </div>
  )
}

function BoardHead({ board, revision }: { readonly board: Board; readonly revision: number }) {
  const texts = useTexts(policiesTexts)
  const shared = useTexts(uiTexts)
  const format = useFormat()
  const { search, change } = usePoliciesSearch()
  const about = search.view === 'coverage' ? texts.coverageAbout : texts.validityAbout
  const views = VIEWS.map((id) => ({ id, label: texts[id] }))
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 pt-2 pb-1">
      <p className="text-small text-ink-2">{about(format.number(revision))}</p>
      <div className="ml-auto flex items-center gap-2">
        <Button variant="quiet" size="small" onPress={() => exportBoard(board)}>
          {shared.exportCsv}
        </Button>
        <Segments label={texts.view} options={views} value={search.view} onChange={(view) => change({ view })} />
      </div>
    </div>
  )
}

function BoardTable({ board }: { readonly board: Board }) {
  const texts = useTexts(policiesTexts)
  const format = useFormat()
  const { search, change } = usePoliciesSearch()
  const { view, key, type } = search
  const ruled = board.rows.filter(({ rule }) => rule !== undefined)
  const rows = view === 'validity' ? ruled : board.rows
  const hidden = board.rows.length - rows.length
  if (rows.length === 0) return <EmptyState title={texts.noValidity} />
  return (
    <>
      <HeatMap
        board={{ ...board, rows }}
        view={view}
        label={texts[view]}
        chosen={key === undefined ? undefined : { key, type }}
        onChoose={(nextKey, nextType) => change({ key: nextKey, type: nextType })}
      />
      {hidden > 0 && <p className="px-4 py-1 text-small text-ink-3">{texts.hidden(format.number(hidden))}</p>}
      <HeatLegend />
    </>
  )
}

/** What a policy is, for a project without any. */
function NoPolicy() {
  const texts = useTexts(policiesTexts)
  const href = useHref()
  return (
    <section
      aria-label={texts.noPolicyTitle}
      className="mx-4 mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border border-tint-edge bg-tint px-4 py-3"
    >
      <div className="min-w-64 grow basis-0">
        <h2 className="text-body font-semibold">{texts.noPolicyTitle}</h2>
        <p className="max-w-3xl text-small text-ink-2">{texts.noPolicyHint}</p>
      </div>
      <ButtonLink href={href('policies/new', { template: 'values' })}>{texts.fromTemplate}</ButtonLink>
    </section>
  )
}

/** The numbers of the board as a file, a row for each key and type. */
function exportBoard({ rows }: Board): void {
  const lines = rows.flatMap(({ key, all, cells }) =>
    [all, ...cells].map(({ type, resources, tagged, valid }) => [
      key,
      type ?? '',
      resources,
      tagged,
      resources === 0 ? '' : (tagged / resources).toFixed(4),
      valid ?? '',
      valid === undefined || resources === 0 ? '' : (valid / resources).toFixed(4),
    ]),
  )
  const head = ['key', 'resource_type', 'resources', 'tagged', 'coverage', 'valid', 'validity']
  downloadCsv('policies.csv', head, lines)
}
