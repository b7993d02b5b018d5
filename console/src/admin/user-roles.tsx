import { X } from 'lucide-react'
import { useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { EmptyState, ErrorNotice } from '../ui/states.tsx'
import { DrawerForm, DrawerSection } from './drawer-parts.tsx'
import { ListStates } from './page.tsx'
import { useAssignments, useChange, useDomainProjects, useDomainRoles } from './queries.ts'
import { useRoleName } from './role-words.ts'
import { adminTexts } from './texts.ts'
import type { DomainUser, RoleAssignment } from './types.ts'
import { userTexts } from './user-texts.ts'

const IN_DOMAIN = '/tagwerk/v1/domain/users/{user_id}/roles/{role_id}'
const IN_PROJECT = '/tagwerk/v1/domain/users/{user_id}/projects/{project_id}/roles/{role_id}'
/** Stands for the whole domain where a project is chosen; ids of projects are never empty. */
const EVERYWHERE = ''

/** A role of a user in a place. */
type Place = { readonly role: string; readonly project: string }

/** The roles of a user, and the form that grants one. */
export function UserRoles({ user }: { readonly user: DomainUser }) {
  const words = useTexts(adminTexts)
  const texts = useTexts(userTexts)
  const whyNot = useWhyNotInDomain()
  const roleName = useRoleName()
  const why = whyNot('iam:permissions:listRoleAssignments')
  const found = useAssignments({ user_id: user.id }, why === undefined)
  const [done, setDone] = useState<string>()
  const take = useChange(
    ({ role, project }: RoleAssignment) =>
      answerOf(
        project === undefined
          ? api.DELETE(IN_DOMAIN, { params: { path: { user_id: user.id, role_id: role.id } } })
          : api.DELETE(IN_PROJECT, {
              params: { path: { user_id: user.id, role_id: role.id, project_id: project.id } },
            }),
      ),
    (_, assignment) => setDone(texts.taken(...wordsFor(assignment))),
  )
  const wordsFor = ({ role, project }: RoleAssignment): [string, string] => [
    roleName(role),
    project?.name ?? words.wholeDomain,
  ]
  return (
    <>
      <ListStates query={found} why={why}>
        {found.data?.length === 0 && <EmptyState title={texts.noRoles} />}
        <ul aria-label={words.roles} className="flex flex-col">
          {found.data?.map((assignment) => {
            const [role, where] = wordsFor(assignment)
            const action = `iam:permissions:revokeRoleFromUserOn${assignment.project === undefined ? 'Domain' : 'Project'}`
            return (
              <li
                key={`${assignment.role.id} ${assignment.project?.id}`}
                className="flex items-center justify-between gap-2 border-b border-line px-4 py-1.5"
              >
                <span className="flex min-w-0 flex-col">
                  <span className="font-medium wrap-anywhere">{role}</span>
                  <span className="text-small text-ink-2 wrap-anywhere">{where}</span>
                </span>
                <Button
                  variant="quiet"
                  size="icon"
                  label={texts.takeRole(role, where)}
                  why={whyNot(action)}
                  onPress={() => take.mutate(assignment)}
                >
                  <X className="size-4" aria-hidden="true" />
                </Button>
              </li>
            )
          })}
        </ul>
        {take.isError && <ErrorNotice error={take.error} />}
      </ListStates>
      <p role="status" className="px-4 pt-2 text-small text-good">
        {done}
      </p>
      <GrantForm user={user} onGranted={setDone} />
    </>
  )
}

function GrantForm({ user, onGranted }: { readonly user: DomainUser; readonly onGranted: (words: string) => void }) {
  const words = useTexts(adminTexts)
  const texts = useTexts(userTexts)
  const whyNot = useWhyNotInDomain()
  const roleName = useRoleName()
  const whyNoRoles = whyNot('iam:roles:listRoles')
  const roles = useDomainRoles(whyNoRoles === undefined)
  const projects = useDomainProjects()
  const [chosen, setChosen] = useState<Partial<Place>>({})
  const role = chosen.role ?? roles.data?.find(({ name }) => name === 'readonly')?.id ?? ''
  const project = chosen.project ?? EVERYWHERE
  const places = [
    { id: EVERYWHERE, label: words.wholeDomain },
    ...(projects.data ?? []).map(({ id, name }) => ({ id, label: name })),
  ]
  const grant = useChange(
    ({ role: role_id, project: project_id }: Place) =>
      answerOf(
        project_id === EVERYWHERE
          ? api.PUT(IN_DOMAIN, { params: { path: { user_id: user.id, role_id } } })
          : api.PUT(IN_PROJECT, { params: { path: { user_id: user.id, role_id, project_id } } }),
      ),
    (_, place) => {
      const granted = roles.data?.find(({ id }) => id === place.role)
      const where = places.find(({ id }) => id === place.project)?.label ?? ''
      onGranted(texts.granted(granted === undefined ? '' : roleName(granted), where))
    },
  )
  const action = `iam:permissions:grantRoleToUserOn${project === EVERYWHERE ? 'Domain' : 'Project'}`
  return (
    <DrawerSection title={texts.grantTitle}>
      <div className="-mx-4 -mb-4 self-stretch">
        <DrawerForm
          submit={texts.grant}
          why={whyNoRoles ?? whyNot(action)}
          isPending={grant.isPending}
          error={grant.error}
          onSubmit={() => grant.mutate({ role, project })}
        >
          <Select
            label={words.role}
            options={(roles.data ?? []).map((each) => ({ id: each.id, label: roleName(each) }))}
            value={role}
            onChange={(next) => setChosen((before) => ({ ...before, role: next }))}
          />
          <Select
            label={texts.where}
            options={places}
            value={project}
            onChange={(next) => setChosen((before) => ({ ...before, project: next }))}
          />
        </DrawerForm>
      </div>
    </DrawerSection>
  )
}
