import { SlidersHorizontal } from 'lucide-react'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { Badge } from '../ui/marks.tsx'
import { useWhyNotFirst } from './first-domain.ts'
import { LIMITS, type LimitName, UNLIMITED_AT_0 } from './limit-names.ts'
import { limitTexts } from './limit-texts.ts'
import { LimitsDrawer } from './limits-drawer.tsx'
import { AdminPage, ListStates } from './page.tsx'
import { useDomainProjects, useLimits } from './queries.ts'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { ProjectLimits } from './types.ts'

type LimitRow = { readonly name: LimitName; readonly limits: ProjectLimits }

/** The limits of a project, by default of the open one. */
export function LimitsPage() {
  const words = useTexts(adminTexts)
  const texts = useTexts(limitTexts)
  const here = useProject()
  const whyNot = useWhyNotInDomain()
  const whyNotFirst = useWhyNotFirst()
  const { of, form, change, openForm, close } = useAdminSearch('limits')
  const projects = useDomainProjects()
  const projectId = of ?? here.id
  const why = whyNot('tagwerk:limits:get')
  const found = useLimits(projectId, why === undefined)
  const limits = found.data
  const columns = useLimitColumns()
  const known = projects.data ?? [here]
  const project = known.find(({ id }) => id === projectId)
  return (
    <AdminPage
      title={words.limits}
      about={texts.about}
      call={{ method: 'GET', path: `/tagwerk/v1/projects/${projectId}/limits` }}
      command={undefined}
      tools={
        <Select
          label={texts.of}
          isLabelHidden
          options={known.map(({ id, name }) => ({ id, label: name }))}
          value={projectId}
          onChange={(next) => change({ of: next, form: undefined })}
        />
      }
      action={
        <Button variant="solid" why={whyNotFirst('tagwerk:limits:update')} onPress={openForm}>
          <SlidersHorizontal className="size-3.5" aria-hidden="true" />
          {texts.set}
        </Button>
      }
      drawer={
        form === 'new' &&
        limits !== undefined && (
          <LimitsDrawer key={projectId} name={project?.name ?? projectId} limits={limits} onClose={close} />
        )
      }
    >
      <ListStates query={found} why={why}>
        {limits !== undefined && (
          <DataTable
            label={words.limits}
            columns={columns}
            items={LIMITS.map((name) => ({ name, limits }))}
            idOf={({ name }) => name}
            nameOf={({ name }) => texts[name]}
          />
        )}
      </ListStates>
    </AdminPage>
  )
}

function useLimitColumns(): readonly TableColumn<LimitRow>[] {
  const texts = useTexts(limitTexts)
  const format = useFormat()
  return [
    {
      id: 'limit',
      name: texts.limit,
      width: '2fr',
      minWidth: 176,
      isRowHeader: true,
      cell: ({ name }) => <span className="font-medium">{texts[name]}</span>,
    },
    {
      id: 'in-force',
      name: texts.inForce,
      width: 152,
      isNumber: true,
      cell: ({ name, limits }) => {
        const value = limits.limits[name]
        return value === 0 && UNLIMITED_AT_0.includes(name) ? texts.unlimited : format.number(value)
      },
    },
    {
      id: 'from',
      name: texts.from,
      width: 144,
      cell: ({ name, limits }) =>
        limits.own[name] === undefined ? (
          <span className="text-ink-2">{texts.service}</span>
        ) : (
          <Badge tone="accent">{texts.own}</Badge>
        ),
    },
    {
      id: 'used',
      name: texts.used,
      width: 152,
      isNumber: true,
      cell: ({ name, limits: { usage } }) => {
        if (name === 'resources_max') return format.number(usage.resources)
        return name === 'detail_bytes_max' ? format.number(usage.detail_bytes) : '–'
      },
    },
  ]
}
