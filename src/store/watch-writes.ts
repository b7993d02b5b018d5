import { forwardRecordWrites } from './sql/writes.ts'
import type { Store } from './store.ts'

/** Called with the outcome of each write. */
export type WriteEvents = { readonly onWritten: () => void; readonly onWriteFailed: (error: unknown) => void }

/** Gives a store that does the same as another and reports the outcome of its writes. Reads are not slowed down. */
export function watchWrites(store: Store, { onWritten, onWriteFailed }: WriteEvents): Store {
  const watch = async <T>(write: Promise<T>): Promise<T> => {
    try {
      const result = await write
      onWritten()
      return result
    } catch (error) {
      onWriteFailed(error)
      throw error
    }
  }
  return {
    ...store,
    ...forwardRecordWrites(({ operation, args, entry }) => {
      // The name of the operation decides the types of its arguments and its result, which the compiler cannot follow.
      const writes = entry === undefined ? store : { ...store, ...store.logged(entry) }
      const write = writes[operation] as (...args: readonly unknown[]) => Promise<never>
      return watch(write(...args))
    }),
    commit: (project, requests) => watch(store.commit(project, requests)),
  }
}
