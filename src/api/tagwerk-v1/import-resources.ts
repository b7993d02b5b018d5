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
import { type FoundProject, type ProjectFinder, projectFinder } from './projects.ts'
import type { ResourceLine } from './resource-line.ts'

const ACTION = 'tagwerk:resources:import'

/** Lines that are written together; half of what one commit takes, so that other writers share it. */
const LINES_PER_BATCH = 500
/** Batches that may be on their way to the disk while the next one is read: one is written, the other is ready to be. */
const BATCHES_UNDER_WAY_MAX = 2
/** Lines are read for this long before the import yields to the event loop. */
const SLICE_MS = 2
/** How often and how long to wait for room in the write queue before giving up. */
const OVERLOAD_TRIES = 100
const OVERLOAD_WAIT_MS = 50

type Parsed = { readonly number: number; readonly resource: ResourceLine }

/** For each change what it did, or what it was refused with. */
type Results = readonly (Changed | DomainError<string>)[]

/** Applies changes to one project in their order. Comes back when all have their place in the order of writes. */
type Write = (
  project: FoundProject,
  changes: readonly ResourceChange[],
) => Promise<{ readonly results: Promise<Results> }>

/** A batch whose lines all have their place in the order of writes; `done` when they are written and counted. */
type Placed = { readonly done: Promise<void> }

/**
 * Registers resources from a stream of lines, one resource a line. What a line says replaces what the resource was, tags
 * included, so that importing a file again changes nothing. A bad line is reported and holds up no other.
 */
export function importResources(catalog: Catalog, accounts: Accounts, profile: Profile): Route {
  return defineRoute({
    id: 'ImportResources',
    method: 'POST',
    path: '/tagwerk/v1/import',
    summary: 'Register resources from NDJSON, one a line',
    access: 'any',
    action: ACTION,
    query: Type.Object({
      dry_run: Type.Boolean({ default: false, description: 'True: say what would happen, change nothing.' }),
      project: Type.Optional(Type.String({ description: 'Name of the project for lines that name none.' })),
    }),
    streamsBody: true,
    responses: { 200: importReport },
    handle: async ({ body, query, caller, requestId, isAborted, reauthorize }) => {
      const projects = projectFinder(accounts, caller.principal, ACTION, query.project, query.dry_run)
      const author = authorOf({ caller, requestId })
      const write = query.dry_run ? previewer(catalog) : writer(catalog, author)
      const report = new ImportReport()
      const underWay: Promise<void>[] = []
      let placed: Promise<Placed> = Promise.resolve({ done: Promise.resolve() })
      let batch: Parsed[] = []
      const send = async () => {
        if (underWay.length === BATCHES_UNDER_WAY_MAX) await underWay.shift()
        // What is written so far stays; whoever may no longer do this gets no further.
        await reauthorize()
        placed = placeBatch(batch, projects, write, report, placed)
        underWay.push(later(placed.then(({ done }) => done)))
        batch = []
      }
      let bytes = 0
      const slice = new TimeSlice(SLICE_MS)
      for await (const lines of linesOf(body as AsyncIterable<Uint8Array>, LINE_BYTES_MAX)) {
        for (const line of lines) {
          // Nobody would read the report; what is written so far stays, and the same file can be sent again.
          if (isAborted()) break
          bytes += line.bytes?.length ?? 0
          if (query.dry_run && bytes > DRY_RUN_BYTES_MAX) {
            throw invalid('body', { name: 'bytes-max', limit: DRY_RUN_BYTES_MAX }, undefined, 'body-too-large')
          }
          if (slice.isOver) await slice.yield()
          const resource = report.read(line, profile)
          if (resource === undefined) continue
          batch.push({ number: line.number, resource })
          if (batch.length === LINES_PER_BATCH) await send()
        }
        if (isAborted()) break
      }
      await send()
      for (const written of underWay) await written
      return { status: 200, body: report.toBody(query.dry_run, projects.created) }
    },
  })
}

/** A promise whose failure is thrown where it is awaited, and does not count as unhandled until then. */
function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

/** Gives the lines of a batch their places after those before: for one project in their order, projects beside each other. */
async function placeBatch(
  batch: readonly Parsed[],
  projects: ProjectFinder,
  write: Write,
  report: ImportReport,
  before: Promise<Placed>,
): Promise<Placed> {
  const found = await findProjects(batch, projects)
  await before
  const ofProject = new Map<unknown, { readonly project: FoundProject; readonly lines: Parsed[] }>()
  for (const line of batch) {
    const project = found.get(line.resource.project)
    if (project instanceof Error || project === undefined) {
      report.refuse(line.number, project)
      continue
    }
    // By id, because lines may name a project in two ways.
    const key = project.id ?? project
    const group = ofProject.get(key)
    if (group === undefined) ofProject.set(key, { project, lines: [line] })
    else group.lines.push(line)
  }
  const groups = await Promise.all(
    Array.from(ofProject.values(), async ({ project, lines }) => ({
      lines,
      results: (await write(project, lines.map(toChange))).results,
    })),
  )
  const counted = groups.map(async ({ lines, results }) => {
    for (const [i, result] of (await results).entries()) {
      if (result instanceof DomainError) report.refuse((lines[i] as Parsed).number, result)
      else report.count(result)
    }
  })
  return { done: later(Promise.all(counted).then(() => undefined)) }
}

/** Finds each project that lines name, once; an error where there is none that they may be for. */
async function findProjects(
  batch: readonly Parsed[],
  projects: ProjectFinder,
): Promise<ReadonlyMap<string | undefined, FoundProject | Error>> {
  const names = [...new Set(batch.map(({ resource }) => resource.project))]
  const found = await Promise.allSettled(names.map((name) => projects.find(name)))
  return new Map(
    found.map((result, i) => [names[i], result.status === 'fulfilled' ? result.value : (result.reason as Error)]),
  )
}

function toChange({ resource: { type, id, state, createdAtMs } }: Parsed): ResourceChange {
  return { type, id, change: { kind: 'register', state, ...(createdAtMs !== undefined && { createdAtMs }) } }
}

function writer(catalog: Catalog, author: Author): Write {
  return async (project, changes) => {
    const parts: Promise<Results>[] = []
    let taken = 0
    let tries = 0
    const onAccepted = (count: number) => {
      taken += count
      tries = 0
    }
    while (taken < changes.length) {
      const before = taken
      const rest = before === 0 ? changes : changes.slice(before)
      const part = later(catalog.changeFirst(project.id as string, rest, author, onAccepted))
      if (taken > before) parts.push(part)
      else {
        await part.catch((error: unknown) => {
          tries++
          if (!(error instanceof DomainError) || error.code !== 'overloaded' || tries === OVERLOAD_TRIES) throw error
        })
        await new Promise((resolve) => setTimeout(resolve, OVERLOAD_WAIT_MS))
      }
    }
    return { results: later(Promise.all(parts).then((results) => results.flat())) }
  }
}

/** Says what writes would do, each project as of the first line for it. */
function previewer(catalog: Catalog): Write {
  const previews = new Map<unknown, ReturnType<Catalog['preview']>>()
  return async (project, changes) => {
    const key = project.id ?? project
    let preview = previews.get(key)
    if (preview === undefined) {
      preview = catalog.preview(project.id)
      previews.set(key, preview)
    }
    const previewed = await preview
    const results = changes.map(({ type, id, change }) => {
      try {
        return previewed(type, id, change)
      } catch (error) {
        if (error instanceof DomainError) return error
        throw error
      }
    })
    return { results: Promise.resolve(results) }
  }
}
