import { Type } from 'typebox'
import {
  type Author,
  type Catalog,
  CHANGES_PER_COMMIT_MAX,
  type ResourceChange,
  type SelectedResource,
} from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { TagChange } from '../../core/tag-change.ts'
import { tagwerkMessage } from './errors.ts'

/** Retries, and the wait before each, while the write queue is full. */
const OVERLOAD_TRIES_MAX = 100
const OVERLOAD_WAIT_MS = 50

/** No batch begins after this time: an answer that came too late would not say what is changed. */
const BATCHES_MS_MAX = 20_000

/** The code of a change that is not applied because another one of its batch is refused. */
const NOT_APPLIED = 'not-applied'

/** Schema of a batch in an answer. */
export const batchSchema = Type.Object({
  resources: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer({ description: 'Resources that no longer matched, or had got the change meanwhile.' }),
  error_code: Type.Optional(
    Type.String({ description: 'Why no change of the batch was applied; no later one was tried.' }),
  ),
  error_msg: Type.Optional(Type.String()),
})

/** The outcome of a batch, whose changes are applied all or none. */
export type WrittenBatch = {
  readonly resources: number
  readonly changed: number
  readonly unchanged: number
  readonly error_code?: string
  readonly error_msg?: string
}

/** How changes are written. */
export type BatchWrite = {
  readonly catalog: Catalog
  readonly project: string
  readonly author: Author
  readonly reauthorize: () => Promise<void>
  readonly isAborted: () => boolean
  /** A monotonic clock. */
  readonly nowMs?: () => number
}

/**
 * Writes the changes of resources in batches, each all or none, and ends with the first that is refused, after twenty seconds, or when the
 * caller is gone or may no longer do this. Gives the last revision.
 */
export async function writeInBatches(
  resources: readonly SelectedResource[],
  changeOf: (resource: SelectedResource) => TagChange,
  write: BatchWrite,
): Promise<{ readonly batches: readonly WrittenBatch[]; readonly revision: number | undefined }> {
  const { nowMs = () => performance.now() } = write
  const startMs = nowMs()
  const batches: WrittenBatch[] = []
  let revision: number | undefined
  for (let start = 0; start < resources.length && !write.isAborted(); start += CHANGES_PER_COMMIT_MAX) {
    const batch = resources
      .slice(start, start + CHANGES_PER_COMMIT_MAX)
      .map((resource) => ({ type: resource.type, id: resource.id, change: changeOf(resource) }))
    let written: WrittenBatch
    try {
      if (nowMs() - startMs > BATCHES_MS_MAX) throw new DomainError('timed-out')
      if (start > 0) await write.reauthorize()
      const results = await writeBatch(batch, write, `${write.author.requestId}/${start}`)
      const last = results.at(-1)
      if (last !== undefined && !(last instanceof DomainError)) revision = last.revision
      written = outcomeOf(results)
    } catch (error) {
      // The batches before it are applied, and the answer has to say so.
      if (start === 0 || !(error instanceof DomainError)) throw error
      written = refusedBatch(batch.length, error)
    }
    batches.push(written)
    if (written.error_code !== undefined) break
  }
  return { batches, revision }
}

type Results = Awaited<ReturnType<Catalog['bulk']['changeTogether']>>

async function writeBatch(
  batch: readonly ResourceChange[],
  { catalog, project, author }: BatchWrite,
  unit: string,
): Promise<Results> {
  for (let tries = 1; ; tries++) {
    try {
      return await catalog.bulk.changeTogether(project, batch, author, unit)
    } catch (error) {
      const isOverload = error instanceof DomainError && error.code === 'overloaded'
      if (!isOverload || tries === OVERLOAD_TRIES_MAX) throw error
      await new Promise((resolve) => setTimeout(resolve, OVERLOAD_WAIT_MS))
    }
  }
}

function outcomeOf(results: Results): WrittenBatch {
  const refusal = results.find((result) => result instanceof DomainError && result.code !== NOT_APPLIED)
  if (refusal instanceof DomainError) return refusedBatch(results.length, refusal)
  const changed = results.filter((result) => !(result instanceof DomainError) && result.effect === 'updated').length
  return { resources: results.length, changed, unchanged: results.length - changed }
}

function refusedBatch(resources: number, { code }: DomainError<string>): WrittenBatch {
  return { resources, changed: 0, unchanged: 0, error_code: code, error_msg: tagwerkMessage(code) }
}
