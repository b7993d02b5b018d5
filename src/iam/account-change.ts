import type { AccountLogTarget } from '../store/account-records.ts'
import type { LoggedAccountWrites } from '../store/account-store.ts'
import type { PolicyPlace } from '../store/tag-policy-store.ts'
import type { AccountEventName } from './security-event.ts'

/** What a write of accounts changes, for the logs. */
export type AccountChange = {
  readonly event: AccountEventName
  readonly target: AccountLogTarget
  /** Name of a record that is created. */
  readonly name?: string
  readonly detail: Readonly<Record<string, unknown>>
}

type Describers = {
  readonly [O in keyof LoggedAccountWrites]: (...args: Parameters<LoggedAccountWrites[O]>) => AccountChange
}

/** Describes each write by its arguments. Passwords, hashes and secret keys are not described. */
export const ACCOUNT_CHANGES: Describers = {
  createDomain: ({ domain: { id, name, enabled }, user }) =>
    change('domain.created', id, { enabled, ...(user !== undefined && { administrator: user.name }) }, name),
  updateDomain: (id, changes, administrator) =>
    change('domain.updated', id, {
      ...changedMembers(changes),
      ...(administrator !== undefined && { addedAdministrator: administrator.user.name }),
    }),
  deleteDomain: (id) => change('domain.deleted', id),
  ensureProject: ({ id, name }) => change('project.created', id, {}, name),
  createProject: ({ id, name, enabled }) => change('project.created', id, { enabled }, name),
  updateProject: (id, changes) => change('project.updated', id, changedMembers(changes)),
  addProjectTag: (id, tag) => change('project.updated', id, { changed: ['tags'], addedTag: tag }),
  removeProjectTag: (id, tag) => change('project.updated', id, { changed: ['tags'], removedTag: tag }),
  deleteProject: (id) => change('project.deleted', id),
  createUser: ({ id, name, enabled, passwordHash }) =>
    change('user.created', id, { enabled, hasPassword: passwordHash !== '' }, name),
  updateUser: (id, changes) => change('user.updated', id, changedMembers(changes)),
  deleteUser: (id) => change('user.deleted', id),
  addAssignment: ({ userId, ...assignment }) => change('role.assigned', userId, assignment),
  removeAssignment: ({ userId, ...assignment }) => change('role.unassigned', userId, assignment),
  createRole: ({ id, displayName, type }) => change('policy.created', id, { type }, displayName),
  updateRole: (id, { updatedAtMs: _updatedAtMs, ...changes }) => change('policy.updated', id, changedMembers(changes)),
  deleteRole: (id) => change('policy.deleted', id),
  createAccessKey: ({ accessKey, userId, active }) => change('access-key.created', accessKey, { userId, active }),
  updateAccessKey: (accessKey, changes, by) =>
    change('access-key.updated', accessKey, { ...changedMembers(changes), by }),
  deleteAccessKey: (accessKey) => change('access-key.deleted', accessKey),
  putTagPolicy: (place, { name }) => ofPolicy('tag-policy.updated', place, name),
  deleteTagPolicy: (place, name) => ofPolicy('tag-policy.deleted', place, name),
  rotateSigningKey: ({ id }, formerVerifiesUntilMs) => change('signing-key.rotated', id, { formerVerifiesUntilMs }),
}

function ofPolicy(event: AccountEventName, { level, id }: PolicyPlace, name: string): AccountChange {
  return change(event, `${id}/${name}`, { level, [level]: id }, name)
}

function change(
  event: AccountEventName,
  id: string,
  detail: AccountChange['detail'] = {},
  name?: string,
): AccountChange {
  const subject = event.slice(0, event.indexOf('.'))
  // A role is assigned to a user.
  const kind = subject === 'role' ? 'user' : (subject as AccountLogTarget['kind'])
  return { event, target: { kind, id }, ...(name !== undefined && { name }), detail }
}

/** The members of a record whose new values matter and are no secrets. */
const SHOWN = ['name', 'displayName', 'enabled', 'active', 'tags', 'limits'] as const

/** Names the members that change, and shows the values of a few. */
function changedMembers(changes: Readonly<Record<string, unknown>>): AccountChange['detail'] {
  const given = Object.keys(changes).filter((name) => changes[name] !== undefined)
  const changed = given.map((name) => (name === 'passwordHash' ? 'password' : name))
  return { changed, ...Object.fromEntries(SHOWN.filter((name) => given.includes(name)).map((n) => [n, changes[n]])) }
}
