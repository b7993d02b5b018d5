/**
 * Makes all who ask a question in one turn of the event loop share its answer. It is asked when the turn is over, so
 * the answer is never older than what any of them knew.
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
