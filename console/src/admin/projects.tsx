import { Plus } from 'lucide-react'
import { useMemo } from 'react'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/states.tsx'
import { UnknownDrawer } from './drawer-parts.tsx'
import { AdminPage, FindField, ListStates, matching, StateBadge } from './page.tsx'
import { NewProjectDrawer, ProjectDrawer } from './project-drawer.tsx'
import { projectTexts } from './project-texts.ts'
import { useDomainProjects } from './queries.ts'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { DomainProject } from './types.ts'

const CALL = { method: 'GET', path: '/tagwerk/v1/domain/projects' } as const

/** The projects of the domain. */
export function ProjectsPage() {
  const words = useTexts(adminTexts)
  const texts = useTexts(projectTexts)
  const whyNot = useWhyNotInDomain()
  const { find, open, form, change, openRecord, openForm, close } = useAdminSearch('projects')
  const found = useDomainProjects()
  const projects = found.data ?? []
  const shown = useMemo(() => matching(found.data ?? [], find, ({ name }) => name), [found.data, find])
  const columns = useProjectColumns()
  const opened = projects.find(({ id }) => id === open)
  return (
    <AdminPage
      title={words.projects}
      about={texts.about}
      call={CALL}
      command="tagwerk project list"
      tools={<FindField value={find} onChange={(text) => change({ find: text })} />}
      action={
        <Button variant="solid" why={whyNot('iam:projects:createProject')} onPress={openForm}>
          <Plus className="size-3.5" aria-hidden="true" />
          {texts.create}
        </Button>
      }
      drawer={
        form === 'new' ? (
          <NewProjectDrawer onClose={close} onCreated={({ id }) => openRecord(id)} />
        ) : opened !== undefined ? (
          <ProjectDrawer key={opened.id} project={opened} onClose={close} />
        ) : (
          open !== undefined && found.data !== undefined && <UnknownDrawer kind={words.project} onClose={close} />
        )
      }
    >
      <ListStates query={found} why={whyNot('iam:projects:listProjects')}>
        <DataTable
          label={words.projects}
          columns={columns}
          items={shown}
          idOf={({ id }) => id}
          nameOf={({ name }) => name}
          onOpen={({ id }) => openRecord(id)}
          openId={open}
          empty={
            projects.length === 0 ? (
              <EmptyState title={texts.none}>{texts.noneHint}</EmptyState>
            ) : (
              <EmptyState title={words.noneFound(find)} />
            )
          }
        />
      </ListStates>
    </AdminPage>
  )
}

function useProjectColumns(): readonly TableColumn<DomainProject>[] {
  const words = useTexts(adminTexts)
  const texts = useTexts(projectTexts)
  const format = useFormat()
  return useMemo(
    () => [
      {
        id: 'name',
        name: words.name,
        width: '2fr',
        minWidth: 160,
        isRowHeader: true,
        title: ({ name }) => name,
        cell: ({ name }) => <span className="font-medium">{name}</span>,
      },
      {
        id: 'description',
        name: words.description,
        width: '3fr',
        title: ({ description }) => description,
        cell: ({ description }) => <span className="text-ink-2">{description}</span>,
      },
      { id: 'state', name: words.state, width: 112, cell: ({ enabled }) => <StateBadge isEnabled={enabled} /> },
      {
        id: 'resources',
        name: texts.resources,
        width: 112,
        isNumber: true,
        cell: ({ resources }) => format.number(resources),
      },
    ],
    [words, texts, format],
  )
}
