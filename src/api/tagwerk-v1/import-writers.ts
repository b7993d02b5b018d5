import type { Author, Catalog, Changed, Previewed, ResourceChange } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import { typesRefusal, UNREGISTERED_TYPES_MAX } from '../../core/project-quota.ts'
import type { ResourceType, ResourceTypes } from '../../core/resource-types.ts'
import type { TargetProject } from './projects.ts'

/** Retries, and the wait before each, while the write queue is full. */
const OVERLOAD_TRIES_MAX = 100
const OVERLOAD_WAIT_MS = 50

/** The effect of each change, or the error with which it was refused. */
type Results = readonly (Changed | Previewed | DomainError<string>)[]

/** Writes changes to one project in order. Resolves when all are accepted into the write queue. */
export type Write = (
  project: TargetProject,
  changes: readonly ResourceChange[],
) => Promise<{ readonly results: Promise<Results> }>

/** Writes changes, with a retry of those that do not fit in the write queue. */
export function writer(catalog: Catalog, author: Author): Write {
  return async (project, changes) => {
    const quota = await catalog.bulk.quota(project.id as string)
    const parts: Promise<Results>[] = []
    let accepted = 0
    let tries = 0
    const onAccepted = (count: number) => {
      accepted += count
      tries = 0
    }
    while (accepted < changes.length) {
      const before = accepted
      const rest = before === 0 ? changes : changes.slice(before)
      const part = handledLater(catalog.bulk.changeFirst(project.id as string, rest, author, quota, onAccepted))
      if (accepted > before) parts.push(part)
      else {
        await part.catch((error: unknown) => {
          tries++
          const isOverload = error instanceof DomainError && error.code === 'overloaded'
          if (!isOverload || tries === OVERLOAD_TRIES_MAX) throw error
        })
        await new Promise((resolve) => setTimeout(resolve, OVERLOAD_WAIT_MS))
      }
    }
    return { results: handledLater(Promise.all(parts).then((results) => results.flat())) }
  }
}

/**
 * Computes the effects of changes for a dry run, each project as of its first line. `isStateless`: changes do not see the
 * ones before them, which takes no memory.
 */
export function previewer(catalog: Catalog, isStateless: boolean): Write {
  const previews = new Map<unknown, ReturnType<Catalog['bulk']['preview']>>()
  return async (project, changes) => {
    const key = project.id ?? project
    let preview = previews.get(key)
    if (preview === undefined) {
      preview = catalog.bulk.preview(project.id, isStateless)
      previews.set(key, preview)
    }
    const previewChange = await preview
    const results = changes.map(({ type, id, change }) => {
      try {
        return previewChange(type, id, change)
      } catch (error) {
        if (error instanceof DomainError) return error
        throw error
      }
    })
    return { results: Promise.resolve(results) }
  }
}

/**
 * Refuses resources of types with which a project would have more than `UNREGISTERED_TYPES_MAX` types that are not in the
 * registry. Imports that run at the same time may exceed it by what one of them writes.
 */
export function withinTypes(catalog: Catalog, registry: ResourceTypes, write: Write): Write {
  const inUse = new Map<unknown, Set<ResourceType>>()
  const isUnregistered = (type: ResourceType) => registry.row(type) === undefined
  const typesOf = async (project: TargetProject) => {
    const known = inUse.get(project.id ?? project)
    if (known !== undefined) return known
    const types = new Set(project.id === undefined ? [] : (await catalog.types(project.id)).filter(isUnregistered))
    inUse.set(project.id ?? project, types)
    return types
  }
  return async (project, changes) => {
    if (!changes.some(({ type }) => isUnregistered(type))) return write(project, changes)
    const types = await typesOf(project)
    const isWithin = ({ type, change }: ResourceChange) => {
      if (change.kind !== 'register' || !isUnregistered(type) || types.has(type)) return true
      if (types.size < UNREGISTERED_TYPES_MAX) types.add(type)
      return types.has(type)
    }
    const verdicts = changes.map(isWithin)
    if (!verdicts.includes(false)) return write(project, changes)
    const { results } = await write(
      project,
      changes.filter((_, i) => verdicts[i]),
    )
    return { results: handledLater(results.then((written) => withRefusals(verdicts, written))) }
  }
}

/** The results of all changes: those of the written ones, and a refusal for each other one. */
function withRefusals(isWritten: readonly boolean[], written: Results): Results {
  const { code, facts } = typesRefusal()
  let next = 0
  return isWritten.map((is) => (is ? (written[next++] as Results[number]) : new DomainError<string>(code, facts)))
}

/** Returns a promise that is awaited later: a rejection before then is not reported as unhandled. */
export function handledLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
