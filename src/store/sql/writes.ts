import type { Verdict, WriteRequest } from '../store.ts'
import { accountWrites } from './account-writer.ts'
import { imageMemberWrites } from './image-member-writer.ts'
import { predefinedTagWrites } from './predefined-tag-writer.ts'
import type { SqlConnection } from './sql.ts'
import { TagWriter } from './tag-writer.ts'

/**
 * Every writing statement, over one connection of either engine. The caller opens a transaction before a call and
 * commits it afterwards; a call that throws must be rolled back.
 */
export function sqlWrites(db: SqlConnection) {
  const tags = new TagWriter(db)
  return {
    commit: (project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> =>
      tags.commit(project, requests),
    ...accountWrites(db),
    ...imageMemberWrites(db),
    ...predefinedTagWrites(db),
  }
}

/** The calls that write, by name. */
export type SqlWrites = ReturnType<typeof sqlWrites>
export type WriteMethod = keyof SqlWrites

/** The names, for whoever hands them on. The compiler holds the list to be complete. */
const WRITE_METHODS: Readonly<Record<WriteMethod, true>> = {
  commit: true,
  createInitialAccounts: true,
  ensureProject: true,
  createProject: true,
  updateProject: true,
  deleteProject: true,
  createUser: true,
  updateUser: true,
  deleteUser: true,
  addAssignment: true,
  removeAssignment: true,
  createRole: true,
  updateRole: true,
  deleteRole: true,
  createAccessKey: true,
  updateAccessKey: true,
  deleteAccessKey: true,
  revokeToken: true,
  forgetExpiredRevocations: true,
  addImageMember: true,
  updateImageMember: true,
  removeImageMember: true,
  putPredefinedTags: true,
  removePredefinedTags: true,
  replacePredefinedTag: true,
}

/** Gives every call that writes as one that is handed on by name, as to a thread of its own. */
export function handedOn(call: (method: WriteMethod, args: readonly unknown[]) => Promise<unknown>): SqlWrites {
  const handOn =
    (method: WriteMethod) =>
    (...args: readonly unknown[]) =>
      call(method, args)
  const methods = Object.keys(WRITE_METHODS) as WriteMethod[]
  return Object.fromEntries(methods.map((method) => [method, handOn(method)])) as unknown as SqlWrites
}
