import { Type } from 'typebox'
import type { Author, Catalog, Changed, ResourceChange } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import type { Profile } from '../../core/profile.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { ImportReport, importReport } from './import-report.ts'
import { DRY_RUN_BYTES_MAX, LINE_BYTES_MAX } from './limits.ts'
import { linesOf } from './lines.ts'
import { type ProjectResolver, projectResolver, type TargetProject } from './projects.ts'
import type { ResourceLine } from './resource-line.ts'

const ACTION = 'tagwerk:resources:import'

/** Lines per batch: half of what one commit takes, which leaves room for other writers. */
const LINES_PER_BATCH = 500
/** Batches in flight while the next one is parsed: one is being committed, the other is queued. */
const BATCHES_IN_FLIGHT_MAX = 2
/** Lines are parsed for this long before the import yields to the event loop. */
const SLICE_MS = 2
/** Retries, and the wait before each, while the write queue is full. */
const OVERLOAD_TRIES_MAX = 100
const OVERLOAD_WAIT_MS = 50

type ParsedLine = { readonly number: number; readonly resource: ResourceLine }

/** The effect of each change, or the error with which it was refused. */
type Results = readonly (Changed | DomainError<string>)[]

/** Writes changes to one project in order. Resolves when all are accepted into the write queue. */
type Write = (
  project: TargetProject,
  changes: readonly ResourceChange[],
) => Promise<{ readonly results: Promise<Results> }>

/** A batch accepted into the write queue. `done` resolves when its lines are committed and counted. */
type AcceptedBatch = { readonly done: Promise<void> }

/**
 * Registers resources from a stream of lines, one resource per line. A line replaces the whole resource, tags included,
 * so importing a file again is idempotent. An invalid line is reported and does not affect other lines.
 */
export function importResources(catalog: Catalog, accounts: Accounts, profile: Profile): Route {
  return defineRoute({
    id: 'ImportResources',
    method: 'POST',
    path: '/tagwerk/v1/import',
    summary: 'Import resources from NDJSON, one per line',
    access: 'any',
    action: ACTION,
    query: Type.Object({
      dry_run: Type.Boolean({ default: false, description: 'True: report what the import would do, without changes.' }),
      project: Type.Optional(Type.String({ description: 'Project of lines that name none.' })),
    }),
    streamsBody: true,
    responses: { 200: importReport },
    handle: async ({ body, query, caller, requestId, isAborted, reauthorize }) => {
      const projects = projectResolver(accounts, caller.principal, ACTION, query.project, query.dry_run)
      const author = authorOf({ caller, requestId })
      const write = query.dry_run ? previewer(catalog) : writer(catalog, author)
      const report = new ImportReport()
      const inFlight: Promise<void>[] = []
      let accepted: Promise<AcceptedBatch> = Promise.resolve({ done: Promise.resolve() })
      let batch: ParsedLine[] = []
      const send = async () => {
        if (inFlight.length === BATCHES_IN_FLIGHT_MAX) await inFlight.shift()
        // A caller whose access was revoked meanwhile is refused; batches written before remain.
        await reauthorize()
        accepted = submitBatch(batch, projects, write, report, accepted)
        inFlight.push(handledLater(accepted.then(({ done }) => done)))
        batch = []
      }
      let bytes = 0
      const slice = new TimeSlice(SLICE_MS)
      for await (const lines of linesOf(body as AsyncIterable<Uint8Array>, LINE_BYTES_MAX)) {
        for (const line of lines) {
          // The client is gone. Lines written before remain; sending the file again is idempotent.
          if (isAborted()) break
          bytes += line.bytes?.length ?? 0
          if (query.dry_run && bytes > DRY_RUN_BYTES_MAX) {
            throw invalid('body', { name: 'bytes-max', limit: DRY_RUN_BYTES_MAX }, undefined, 'body-too-large')
          }
          if (slice.isOver) await slice.yield()
          const resource = report.parse(line, profile)
          if (resource === undefined) continue
          batch.push({ number: line.number, resource })
          if (batch.length === LINES_PER_BATCH) await send()
        }
        if (isAborted()) break
      }
      await send()
      for (const done of inFlight) await done
      return { status: 200, body: report.toBody(query.dry_run, projects.created) }
    },
  })
}

/** Returns a promise that is awaited later: a rejection before then is not reported as unhandled. */
function handledLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

/**
 * Submits a batch to the write queue after the previous one. Lines of one project stay in order; projects are written
 * concurrently.
 */
async function submitBatch(
  batch: readonly ParsedLine[],
  projects: ProjectResolver,
  write: Write,
  report: ImportReport,
  previous: Promise<AcceptedBatch>,
): Promise<AcceptedBatch> {
  const targets = await resolveProjects(batch, projects)
  await previous
  const byProject = new Map<unknown, { readonly project: TargetProject; readonly lines: ParsedLine[] }>()
  for (const line of batch) {
    const project = targets.get(line.resource.project)
    if (project instanceof Error || project === undefined) {
      report.refuse(line.number, project)
      continue
    }
    // By id, because lines may refer to a project by name or by id.
    const key = project.id ?? project
    const group = byProject.get(key)
    if (group === undefined) byProject.set(key, { project, lines: [line] })
    else group.lines.push(line)
  }
  const groups = await Promise.all(
    Array.from(byProject.values(), async ({ project, lines }) => ({
      lines,
      results: (await write(project, lines.map(toChange))).results,
    })),
  )
  const counted = groups.map(async ({ lines, results }) => {
    for (const [i, result] of (await results).entries()) {
      if (result instanceof DomainError) report.refuse((lines[i] as ParsedLine).number, result)
      else report.count(result)
    }
  })
  return { done: handledLater(Promise.all(counted).then(() => undefined)) }
}

/** Resolves each distinct project of a batch; an error for a project that the caller may not import into. */
async function resolveProjects(
  batch: readonly ParsedLine[],
  projects: ProjectResolver,
): Promise<ReadonlyMap<string | undefined, TargetProject | Error>> {
  const names = [...new Set(batch.map(({ resource }) => resource.project))]
  const results = await Promise.allSettled(names.map((name) => projects.resolve(name)))
  return new Map(
    results.map((result, i) => [names[i], result.status === 'fulfilled' ? result.value : (result.reason as Error)]),
  )
}

function toChange({ resource: { type, id, state, createdAtMs } }: ParsedLine): ResourceChange {
  return { type, id, change: { kind: 'register', state, ...(createdAtMs !== undefined && { createdAtMs }) } }
}

/** Writes changes, with a retry of those that do not fit in the write queue. */
function writer(catalog: Catalog, author: Author): Write {
  return async (project, changes) => {
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
      const part = handledLater(catalog.changeFirst(project.id as string, rest, author, onAccepted))
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

/** Computes the effects of changes for a dry run, each project as of its first line. */
function previewer(catalog: Catalog): Write {
  const previews = new Map<unknown, ReturnType<Catalog['preview']>>()
  return async (project, changes) => {
    const key = project.id ?? project
    let preview = previews.get(key)
    if (preview === undefined) {
      preview = catalog.preview(project.id)
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
