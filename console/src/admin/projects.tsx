import { useMemo } from 'react'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import type { TableColumn } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/states.tsx'
import { StateBadge } from './page.tsx'
import { NewProjectDrawer, ProjectDrawer } from './project-drawer.tsx'
import { projectTexts } from './project-texts.ts'
import { useDomainProjects } from './queries.ts'
import { RecordsPage } from './records-page.tsx'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { DomainProject } from './types.ts'

const nameOf = ({ name }: DomainProject) => name

/** The projects of the domain. */
export function ProjectsPage() {
  const words = useTexts(adminTexts)
  const texts = useTexts(projectTexts)
  const whyNot = useWhyNotInDomain()
  const { openRecord, close } = useAdminSearch('projects')
  return (
    <RecordsPage
      section="projects"
      kind={words.project}
      about={texts.about}
      command="tagwerk project list"
      found={useDomainProjects()}
      why={whyNot('iam:projects:listProjects')}
      create={{ words: texts.create, why: whyNot('iam:projects:createProject') }}
      columns={useProjectColumns()}
      nameOf={nameOf}
      none={<EmptyState title={texts.none}>{texts.noneHint}</EmptyState>}
      drawer={(project) => <ProjectDrawer key={project.id} project={project} onClose={close} />}
      newDrawer={<NewProjectDrawer onClose={close} onCreated={({ id }) => openRecord(id)} />}
    />
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
