import type { AccountWorld } from './account-calls.ts'

export const ROLES = '/tagwerk/v1/domain/roles'
export const USERS = '/tagwerk/v1/domain/users'
export const ASSIGNMENTS = '/tagwerk/v1/domain/role-assignments'

/** A policy that allows actions. */
export const allowing = (...actions: readonly string[]) => ({
  Version: '1.1',
  Statement: [{ Effect: 'Allow', Action: actions }],
})

/** The id of a system role by its name. */
export async function systemRole({ ask }: AccountWorld, name: string): Promise<string> {
  const { roles } = (await ask('GET', ROLES)).body
  return roles.find((role: { name: string }) => role.name === name).id
}

/** Creates a custom role and gives its id. */
export async function newRole({ ask }: AccountWorld, display_name: string, ...actions: readonly string[]) {
  const body = { display_name, scope: 'project', policy: allowing(...actions) }
  return (await ask('POST', ROLES, body)).body.id as string
}

/** The roles of a user as `role` or `role in project`, in the order of the list. */
export async function rolesOf({ ask }: AccountWorld, user: string): Promise<string[]> {
  const { assignments } = (await ask('GET', `${ASSIGNMENTS}?user_id=${user}`)).body
  return assignments.map(
    ({ role, project }: { role: { display_name: string }; project?: { name: string } }) =>
      `${role.display_name}${project === undefined ? '' : ` in ${project.name}`}`,
  )
}
