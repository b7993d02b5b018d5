import type { AccountLogEntry } from '../account-records.ts'
import type { Verdict, WriteRequest } from '../store.ts'
import { accountLogWrites } from './account-log.ts'
import { accountWrites } from './account-writer.ts'
import { coverageWrites } from './coverage-writer.ts'
import { historyWrites } from './history-writer.ts'
import { ignoredGroupWrites } from './ignored-groups.ts'
import { imageMemberWrites } from './image-member-writer.ts'
import { leaseWrites } from './lease-writer.ts'
import { planWrites } from './plan-writer.ts'
import { predefinedTagWrites } from './predefined-tag-writer.ts'
import { lockAccounts } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'
import { tagPolicyWrites } from './tag-policy-writer.ts'
import { TagWriter } from './tag-writer.ts'

/**
 * All writes of a store, over one connection of either engine. The caller opens a transaction before each call and
 * commits it afterwards; a call that throws must be rolled back.
 */
export function sqlWrites(db: SqlConnection) {
  const tags = new TagWriter(db)
  return {
    commit: (project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> =>
      tags.commit(project, requests),
    ...accountLogWrites(db),
    ...recordWrites(db),
  }
}

/**
 * The writes of accounts, image members, predefined tags, plans, ignored groups, coverage, leases and tag policies, the end of old
 * history, and the probe.
 */
function recordWrites(db: SqlConnection) {
  return {
    ...accountWrites(db),
    ...imageMemberWrites(db),
    ...predefinedTagWrites(db),
    ...planWrites(db),
    ...ignoredGroupWrites(db),
    ...coverageWrites(db),
    ...leaseWrites(db),
    ...tagPolicyWrites(db),
    ...historyWrites(db),
    // A row is written that has the same content afterwards.
    probeWrite: (): Promise<void> => lockAccounts(db),
  }
}

export type SqlWrites = ReturnType<typeof sqlWrites>
export type RecordWrites = ReturnType<typeof recordWrites>
export type RecordOperation = keyof RecordWrites

/** Arguments and results of the operations on records, by name. */
type ArgsOf = { readonly [O in RecordOperation]: Parameters<RecordWrites[O]> }
type ResultOf = { readonly [O in RecordOperation]: Awaited<ReturnType<RecordWrites[O]>> }
type Operations = { readonly [O in RecordOperation]: (...args: ArgsOf[O]) => Promise<ResultOf[O]> }

/** One call of an operation on records, as a message: the name decides the type of the arguments. */
export type RecordWrite<O extends RecordOperation = RecordOperation> = {
  readonly [K in O]: {
    readonly operation: K
    readonly args: ArgsOf[K]
    /** What the account log keeps of it, if anything. */
    readonly entry?: AccountLogEntry
  }
}[O]

export type RecordResult<O extends RecordOperation = RecordOperation> = ResultOf[O]

/** Executes a call that came as a message. */
export function executeRecordWrite<O extends RecordOperation>(
  writes: SqlWrites,
  { operation, args, entry }: RecordWrite<O>,
): Promise<RecordResult<O>> {
  const operations: Operations = writes
  const write = (): Promise<RecordResult<O>> => operations[operation](...args)
  return entry === undefined ? write() : writes.logged(entry, write)
}

/** Returns all operations on records such that each passes its call on as a message. */
export function forwardRecordWrites(
  send: SendRecordWrite,
): RecordWrites & { logged(entry: AccountLogEntry): RecordWrites } {
  return { ...forwardWith(send, {}), logged: (entry) => forwardWith(send, { entry }) }
}

type SendRecordWrite = <O extends RecordOperation>(write: RecordWrite<O>) => Promise<RecordResult<O>>

function forwardWith(send: SendRecordWrite, log: { readonly entry?: AccountLogEntry }): RecordWrites {
  const forward =
    <O extends RecordOperation>(operation: O) =>
    (...args: ArgsOf[O]) =>
      send<O>({ operation, args, ...log })
  return {
    createInitialAccounts: forward('createInitialAccounts'),
    createDomain: forward('createDomain'),
    updateDomain: forward('updateDomain'),
    deleteDomain: forward('deleteDomain'),
    ensureProject: forward('ensureProject'),
    createProject: forward('createProject'),
    updateProject: forward('updateProject'),
    addProjectTag: forward('addProjectTag'),
    removeProjectTag: forward('removeProjectTag'),
    deleteProject: forward('deleteProject'),
    createUser: forward('createUser'),
    updateUser: forward('updateUser'),
    deleteUser: forward('deleteUser'),
    addAssignment: forward('addAssignment'),
    removeAssignment: forward('removeAssignment'),
    createRole: forward('createRole'),
    updateRole: forward('updateRole'),
    deleteRole: forward('deleteRole'),
    createAccessKey: forward('createAccessKey'),
    updateAccessKey: forward('updateAccessKey'),
    deleteAccessKey: forward('deleteAccessKey'),
    rotateSigningKey: forward('rotateSigningKey'),
    putTagPolicy: forward('putTagPolicy'),
    deleteTagPolicy: forward('deleteTagPolicy'),
    forgetAccountLog: forward('forgetAccountLog'),
    replaceSecrets: forward('replaceSecrets'),
    revokeToken: forward('revokeToken'),
    forgetExpiredRevocations: forward('forgetExpiredRevocations'),
    addImageMember: forward('addImageMember'),
    updateImageMember: forward('updateImageMember'),
    removeImageMember: forward('removeImageMember'),
    putPredefinedTags: forward('putPredefinedTags'),
    removePredefinedTags: forward('removePredefinedTags'),
    replacePredefinedTag: forward('replacePredefinedTag'),
    createPlan: forward('createPlan'),
    addPlanItems: forward('addPlanItems'),
    finishPlan: forward('finishPlan'),
    commitPlan: forward('commitPlan'),
    deletePlan: forward('deletePlan'),
    forgetPlans: forward('forgetPlans'),
    ignoreGroup: forward('ignoreGroup'),
    endIgnoringGroup: forward('endIgnoringGroup'),
    putCoverage: forward('putCoverage'),
    forgetCoverage: forward('forgetCoverage'),
    takeLease: forward('takeLease'),
    forgetHistory: forward('forgetHistory'),
    probeWrite: forward('probeWrite'),
  }
}
