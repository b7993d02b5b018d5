import { useState } from 'react'
import { Link } from 'react-aria-components'
import { answerOf, api } from '../api/client.ts'
import { useHref } from '../hrefs.ts'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { useFieldErrors } from '../ui/field-errors.tsx'
import { TextField } from '../ui/fields.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { DeleteButton, DrawerForm, DrawerSection, EnableButton, RecordDrawer } from './drawer-parts.tsx'
import { ProjectRoles } from './project-roles.tsx'
import { projectTexts } from './project-texts.ts'
import { useChange, useRefreshSession } from './queries.ts'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { DomainProject } from './types.ts'

const PROJECTS = '/tagwerk/v1/domain/projects'
const PROJECT = `${PROJECTS}/{project_id}` as const
const FIELDS = ['name', 'description'] as const

/** The form of a new project. */
export function NewProjectDrawer({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void
  readonly onCreated: (project: DomainProject) => void
}) {
  const words = useTexts(adminTexts)
  const texts = useTexts(projectTexts)
  const whyNot = useWhyNotInDomain()
  const refresh = useRefreshSession()
  const [fields, setFields] = useState({ name: '', description: '' })
  const [isTried, setTried] = useState(false)
  const create = useChange(
    (body: typeof fields) => answerOf(api.POST(PROJECTS, { body })),
    (project) => {
      void refresh()
      onCreated(project)
    },
  )
  return (
    <RecordDrawer kind={words.project} title={texts.create} onClose={onClose}>
      <ProjectForm
        fields={fields}
        onChange={setFields}
        isTried={isTried}
        submit={words.create}
        why={whyNot('iam:projects:createProject')}
        change={create}
        onSubmit={() => {
          setTried(true)
          if (fields.name !== '') create.mutate(fields)
        }}
      />
    </RecordDrawer>
  )
}

type Fields = { readonly name: string; readonly description: string }

function ProjectForm({
  fields,
  onChange,
  isTried,
  submit,
  why,
  whyNotYet,
  change,
  done,
  onSubmit,
}: {
  readonly fields: Fields
  readonly onChange: (fields: Fields) => void
  readonly isTried: boolean
  readonly submit: string
  readonly why: string | undefined
  readonly whyNotYet?: string | undefined
  readonly change: { readonly isPending: boolean; readonly error: unknown }
  readonly done?: string | undefined
  readonly onSubmit: () => void
}) {
  const words = useTexts(adminTexts)
  const errors = useFieldErrors(change.error, FIELDS)
  return (
    <DrawerForm
      submit={submit}
      why={why}
      whyNotYet={whyNotYet}
      isPending={change.isPending}
      error={errors.isPlaced ? undefined : change.error}
      done={done}
      onSubmit={onSubmit}
    >
      <TextField
        label={words.name}
        isRequired
        autoComplete="off"
        value={fields.name}
        onChange={(name) => onChange({ ...fields, name })}
        error={isTried && fields.name === '' ? words.nameMissing : errors.of('name')}
      />
      <TextField
        label={words.description}
        value={fields.description}
        onChange={(description) => onChange({ ...fields, description })}
        error={errors.of('description')}
      />
    </DrawerForm>
  )
}

/** One project: its settings, and who has roles in it. */
export function ProjectDrawer({ project, onClose }: { readonly project: DomainProject; readonly onClose: () => void }) {
  const words = useTexts(adminTexts)
  const texts = useTexts(projectTexts)
  const { tab, change } = useAdminSearch('projects')
  return (
    <RecordDrawer kind={words.project} title={project.name} id={project.id} onClose={onClose}>
      <Tabs
        label={project.name}
        value={tab === 'roles' ? 'roles' : 'settings'}
        onChange={(next) => change({ tab: next })}
        tabs={[
          {
            id: 'settings' as const,
            label: words.settings,
            content: <ProjectSettings project={project} onClose={onClose} />,
          },
          { id: 'roles' as const, label: texts.who, content: <ProjectRoles project={project} /> },
        ]}
      />
    </RecordDrawer>
  )
}

function ProjectSettings({ project, onClose }: { readonly project: DomainProject; readonly onClose: () => void }) {
  const words = useTexts(adminTexts)
  const texts = useTexts(projectTexts)
  const format = useFormat()
  const here = useProject()
  const href = useHref()
  const whyNot = useWhyNotInDomain()
  const refresh = useRefreshSession()
  const { open, tab } = useAdminSearch('projects')
  const [fields, setFields] = useState({ name: project.name, description: project.description })
  const [isTried, setTried] = useState(false)
  const path = { project_id: project.id }
  const isHere = here.id === project.id
  const update = useChange(
    (body: Partial<Fields & { readonly enabled: boolean }>) => answerOf(api.PATCH(PROJECT, { params: { path }, body })),
    async ({ name }) => {
      await refresh()
      // The address of this page has the name of the project.
      if (isHere && name !== here.name) href.open('admin/projects', { open, tab }, name)
    },
  )
  const toggle = useChange(
    (enabled: boolean) => answerOf(api.PATCH(PROJECT, { params: { path }, body: { enabled } })),
    () => void refresh(),
  )
  const remove = useChange(
    () => answerOf(api.DELETE(PROJECT, { params: { path } })),
    () => {
      void refresh()
      onClose()
    },
  )
  const isUnchanged = fields.name === project.name && fields.description === project.description
  const { resources } = project
  const whyHere = isHere ? texts.isHere : undefined
  const whyFull = resources > 0 ? texts.hasResources(format.number(resources), resources === 1) : undefined
  return (
    <>
      <ProjectForm
        fields={fields}
        onChange={setFields}
        isTried={isTried}
        submit={words.save}
        why={whyNot('iam:projects:updateProject')}
        whyNotYet={isUnchanged && !update.isSuccess ? words.unchanged : undefined}
        change={update}
        done={update.isSuccess && isUnchanged ? words.saved : undefined}
        onSubmit={() => {
          setTried(true)
          if (fields.name !== '') update.mutate(fields)
        }}
      />
      <DrawerSection>
        <Link href={href('admin/limits', { of: project.id })} className="rounded-mark text-accent focus-ring">
          {texts.toLimits}
        </Link>
      </DrawerSection>
      <DrawerSection>
        <EnableButton
          isEnabled={project.enabled}
          hint={texts.disableHint}
          why={whyNot('iam:projects:updateProject') ?? (project.enabled ? whyHere : undefined)}
          isPending={toggle.isPending}
          error={toggle.error}
          onChange={(enabled) => toggle.mutate(enabled)}
        />
      </DrawerSection>
      <DrawerSection>
        <DeleteButton
          name={project.name}
          title={texts.deleteTitle(project.name)}
          hint={texts.deleteHint}
          why={whyNot('iam:projects:deleteProject') ?? whyHere ?? whyFull}
          isPending={remove.isPending}
          error={remove.error}
          onDelete={() => remove.mutate(undefined)}
        />
      </DrawerSection>
    </>
  )
}
