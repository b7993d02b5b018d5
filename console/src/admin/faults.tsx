import { CircleStop } from 'lucide-react'
import { answerOf, api } from '../api/client.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { faultTexts } from './fault-texts.ts'
import { FAMILIES, type FamilyRow, FaultsDrawer } from './faults-drawer.tsx'
import { useWhyNotFirst } from './first-domain.ts'
import { AdminPage, ListStates } from './page.tsx'
import { useChange, useFaults } from './queries.ts'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'

const CALL = { method: 'GET', path: '/tagwerk/v1/faults' } as const

/** The faults that the service injects into its answers, by API. */
export function FaultsPage() {
  const words = useTexts(adminTexts)
  const texts = useTexts(faultTexts)
  const whyNotFirst = useWhyNotFirst()
  const { open, openRecord, close } = useAdminSearch('faults')
  const why = whyNotFirst('tagwerk:faults:get')
  const found = useFaults(why === undefined)
  const endAll = useChange(() => answerOf(api.PUT('/tagwerk/v1/faults', { body: { families: {} } })))
  const plan = found.data
  const columns = useFaultColumns()
  const hasNone = plan !== undefined && Object.keys(plan).length === 0
  const opened = FAMILIES.find((family) => family === open)
  return (
    <AdminPage
      title={words.faults}
      about={texts.about}
      call={CALL}
      command={undefined}
      action={
        <Button
          variant="solid"
          why={whyNotFirst('tagwerk:faults:update') ?? (hasNone ? texts.nothingToEnd : undefined)}
          isPending={endAll.isPending}
          onPress={() => endAll.mutate(undefined)}
        >
          <CircleStop className="size-3.5" aria-hidden="true" />
          {texts.endAll}
        </Button>
      }
      drawer={
        opened !== undefined &&
        plan !== undefined && <FaultsDrawer key={opened} family={opened} plan={plan} onClose={close} />
      }
    >
      {endAll.isError && <ErrorNotice error={endAll.error} />}
      <ListStates query={found} why={why}>
        {plan !== undefined && (
          <DataTable
            label={words.faults}
            columns={columns}
            items={FAMILIES.map((family) => ({ family, faults: plan[family] ?? {} }))}
            idOf={({ family }) => family}
            nameOf={({ family }) => texts[family]}
            onOpen={({ family }) => openRecord(family)}
            openId={open}
          />
        )}
      </ListStates>
    </AdminPage>
  )
}

function useFaultColumns(): readonly TableColumn<FamilyRow>[] {
  const texts = useTexts(faultTexts)
  const format = useFormat()
  const share = (id: 'throttled' | 'internal' | 'unavailable' | 'late'): TableColumn<FamilyRow> => ({
    id,
    name: texts[id],
    width: 120,
    isNumber: true,
    cell: ({ faults }) => (faults[id] === undefined || faults[id] === 0 ? '–' : format.percent(faults[id])),
  })
  return [
    {
      id: 'api',
      name: texts.api,
      width: '2fr',
      minWidth: 176,
      isRowHeader: true,
      cell: ({ family }) => (
        <span className="inline-flex items-center gap-2">
          <span className="font-medium">{texts[family]}</span>
          <span className="font-mono text-small text-ink-3">{family}</span>
        </span>
      ),
    },
    share('throttled'),
    share('internal'),
    share('unavailable'),
    share('late'),
    {
      id: 'delay',
      name: texts.delay,
      width: 120,
      isNumber: true,
      cell: ({ faults: { late, late_milliseconds: ms } }) =>
        late === undefined || late === 0 ? '–' : texts.milliseconds(format.number(ms ?? 1000)),
    },
  ]
}
