/**
 * Coalesces calls of one event-loop tick: they share one read, which starts at the end of the tick, so that its result
 * is never older than the call.
 */
export function coalesce<T>(ask: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | undefined
  return () => {
    next ??= new Promise<T>((resolve, reject) => {
      setImmediate(() => {
        // From here on somebody who asks may know more than the answer.
        next = undefined
        ask().then(resolve, reject)
      })
    })
    return next
  }
}
