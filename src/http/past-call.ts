import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingHttpHeaders } from 'node:http'
import { AS_OF_HEADER, type AskedMoment, toAskedMoment } from '../api/as-of.ts'
import type { Reply, Route } from '../api/route.ts'
import { invalid } from '../core/errors.ts'

/** Executes work such that all that it reads is as of a moment. */
export type ReadAsOf = <T>(asked: AskedMoment, work: () => T) => T

const HEADER = AS_OF_HEADER.toLowerCase()
const MEMBER = 'as_of'

/**
 * Gives the moment that a call asks to read as of: in the header, or in the parameter or member that some routes define.
 * Undefined for the present. A call that has no other moment refuses the header: ignoring it would answer for the present.
 */
export function askedMoment(
  { asOf }: Pick<Route, 'asOf'>,
  headers: IncomingHttpHeaders,
  query: Readonly<Record<string, unknown>>,
  body: unknown,
): AskedMoment | undefined {
  const inHeader = headers[HEADER]
  const named = asOf === undefined ? undefined : (query[MEMBER] ?? memberOf(body))
  if (inHeader === undefined && named === undefined) return undefined
  if (inHeader !== undefined && asOf === undefined) {
    const what = 'left out: this call reads or changes the present only'
    throw invalid(AS_OF_HEADER, { name: 'well-formed', what }, inHeader)
  }
  if (inHeader !== undefined && named !== undefined) {
    throw invalid(AS_OF_HEADER, { name: 'well-formed', what: `left out where ${MEMBER} is given` }, inHeader)
  }
  const given = (inHeader ?? named) as string | number
  return toAskedMoment(given, inHeader === undefined ? MEMBER : AS_OF_HEADER, asOf as 'any')
}

function memberOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null ? (body as { readonly as_of?: unknown }).as_of : undefined
}

/** Executes a call as of a moment, and what it streams afterwards, too. */
export function handleAsOf(readAsOf: ReadAsOf, asked: AskedMoment, handle: () => Promise<Reply>): Promise<Reply> {
  return readAsOf(asked, async () => {
    const reply = await handle()
    const { body } = reply
    return isStream(body) ? { ...reply, body: bound(body) } : reply
  })
}

function isStream(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

/** Binds a stream to the work in progress: it is read after the call has returned, and each part is made only then. */
function bound<T>(stream: AsyncIterable<T>): AsyncIterableIterator<T> {
  const run = AsyncLocalStorage.snapshot()
  const parts = stream[Symbol.asyncIterator]()
  const bounded: AsyncIterableIterator<T> = {
    next: () => run(() => parts.next()),
    return: (value) => run(() => parts.return?.(value) ?? Promise.resolve({ done: true as const, value })),
    [Symbol.asyncIterator]: () => bounded,
  }
  return bounded
}
