import { createHash } from 'node:crypto'
import type { Author, PlanRequest } from '../../catalog/catalog.ts'
import type { PlanRecord } from '../../store/plan-store.ts'
import { planLinesOfCsv } from './plan-csv.ts'
import { readPlanFile } from './plan-file.ts'
import type { PlanParts } from './plan-parts.ts'

type Stream = AsyncIterable<Uint8Array>

const CSV = 'text/csv'
/** The media types of files from which plans are made. */
export const PLAN_FILE_TYPES = ['application/x-ndjson', CSV]

/** Gives a body that is read as a stream; undefined for one of JSON. */
export function asStream(given: unknown): Stream | undefined {
  return typeof given === 'object' && given !== null && Symbol.asyncIterator in given ? (given as Stream) : undefined
}

/** A body that is read as a stream. */
type FileBody = { readonly stream: Stream; readonly contentType: string }

/** Makes a plan from a file. */
export async function planOfFile(
  { plans, profile }: PlanParts,
  project: string,
  { stream, contentType }: FileBody,
  author: Author,
  key: string | undefined,
): Promise<PlanRecord> {
  const hash = createHash('sha256').update(contentType)
  const bytes = hashed(stream, (chunk) => hash.update(chunk))
  // The hash is complete when all bytes were read.
  const request: PlanRequest | undefined = key === undefined ? undefined : { key, hash: once(() => hash.digest('hex')) }
  if (request !== undefined && (await plans.findByKey(project, request.key)) !== undefined) {
    for await (const _ of bytes);
    const repeated = await plans.repeated(project, request)
    if (repeated !== undefined) return repeated
  }
  if (contentType.startsWith(CSV)) {
    const lines = planLinesOfCsv(bytes, profile.types, project)
    return plans.make(project, { head: '{}', author }, { kind: 'lines', lines }, request)
  }
  const { head, lines } = await readPlanFile(bytes, project, profile.types)
  return plans.make(project, { head: JSON.stringify(head), author }, { kind: 'lines', lines }, request)
}

async function* hashed(stream: Stream, update: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    update(chunk)
    yield chunk
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
