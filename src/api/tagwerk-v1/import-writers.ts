import type { Author, Catalog, Changed, Previewed, ResourceChange } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
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
    const quota = await catalog.quota(project.id as string)
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
      const part = handledLater(catalog.changeFirst(project.id as string, rest, author, quota, onAccepted))
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
  const previews = new Map<unknown, ReturnType<Catalog['preview']>>()
  return async (project, changes) => {
    const key = project.id ?? project
    let preview = previews.get(key)
    if (preview === undefined) {
      preview = catalog.preview(project.id, isStateless)
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

/** Returns a promise that is awaited later: a rejection before then is not reported as unhandled. */
export function handledLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
