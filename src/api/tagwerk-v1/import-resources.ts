import { Type } from 'typebox'
import type { Author, Catalog, Changed, ResourceChange } from '../../catalog/catalog.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import type { Profile } from '../../core/profile.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { authorOf } from '../author.ts'
import { defineRoute, type Route } from '../route.ts'
import { ImportReport, importReport } from './import-report.ts'
import { DRY_RUN_BYTES_MAX, LINE_BYTES_MAX } from './limits.ts'
import { linesOf } from './lines.ts'
import { type FoundProject, type ProjectFinder, projectFinder } from './projects.ts'
import type { ResourceLine } from './resource-line.ts'

const ACTION = 'tagwerk:resources:import'

/** Lines that are written together; half of what one commit takes, so that other writers share it. */
const LINES_PER_BATCH = 500
/** Lines that are read before something else gets a turn, in bytes: one or two milliseconds' work. */
const TURN_BYTES = 64 * 1024
/** What a refused line counts as, however short it is: as many bytes as are read in the time that a refusal takes. */
const REFUSAL_BYTES = 2048
/** How often and how long to wait for room in the write queue before giving up. */
const OVERLOAD_TRIES = 100
const OVERLOAD_WAIT_MS = 50

type Parsed = { readonly number: number; readonly resource: ResourceLine }

/** Applies changes to one project in their order. Gives for each what it did, or what it was refused with. */
type Write = (project: FoundProject, changes: readonly ResourceChange[]) => Promise<readonly (Changed | DomainError)[]>

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
    handle: async ({ body, query, caller, requestId, callerIsGone, stillMay }) => {
      const projects = projectFinder(accounts, caller.principal, ACTION, query.project, query.dry_run)
      const author = authorOf({ caller, requestId })
      const write = query.dry_run ? previewer(catalog) : writer(catalog, author)
      const report = new ImportReport()
      // One batch is written while the next one is read.
      let underWay: Promise<unknown> = Promise.resolve()
      let batch: Parsed[] = []
      const send = async () => {
        await underWay
        // What is written so far stays; whoever may no longer do this gets no further.
        await stillMay()
        underWay = importBatch(batch, projects, write, report)
        // A failure is thrown where the batch is awaited; until then it must not count as unhandled.
        underWay.catch(() => undefined)
        batch = []
      }
      let bytes = 0
      let workOfTurn = 0
      for await (const lines of linesOf(body as AsyncIterable<Uint8Array>, LINE_BYTES_MAX)) {
        for (const line of lines) {
          // Nobody would read the report; what is written so far stays, and the same file can be sent again.
          if (callerIsGone()) break
          bytes += line.bytes?.length ?? 0
          if (query.dry_run && bytes > DRY_RUN_BYTES_MAX) {
            throw invalid('body', { name: 'bytes-max', limit: DRY_RUN_BYTES_MAX }, undefined, 'body-too-large')
          }
          const resource = report.read(line, profile)
          workOfTurn += resource === undefined ? REFUSAL_BYTES : (line.bytes as Uint8Array).length
          if (workOfTurn > TURN_BYTES) {
            await nextTurn()
            workOfTurn = 0
          }
          if (resource === undefined) continue
          batch.push({ number: line.number, resource })
          if (batch.length === LINES_PER_BATCH) await send()
        }
        if (callerIsGone()) break
      }
      await send()
      await underWay
      return { status: 200, body: report.toBody(query.dry_run, projects.created) }
    },
  })
}

/** Lets everything else run that has come in meanwhile. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Imports a batch: the lines for one project in their order, projects beside each other. */
async function importBatch(
  batch: readonly Parsed[],
  projects: ProjectFinder,
  write: Write,
  report: ImportReport,
): Promise<void> {
  const found = await findProjects(batch, projects)
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
  await Promise.all(
    Array.from(ofProject.values(), async ({ project, lines }) => {
      const results = await write(project, lines.map(toChange))
      for (const [i, result] of results.entries()) {
        if (result instanceof DomainError) report.refuse((lines[i] as Parsed).number, result)
        else report.count(result)
      }
    }),
  )
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
    const results: (Changed | DomainError)[] = []
    for (let tries = 1; results.length < changes.length; ) {
      try {
        const rest = results.length === 0 ? changes : changes.slice(results.length)
        results.push(...(await catalog.changeFirst(project.id as string, rest, author)))
        tries = 1
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'overloaded' || tries === OVERLOAD_TRIES) throw error
        tries++
        await new Promise((resolve) => setTimeout(resolve, OVERLOAD_WAIT_MS))
      }
    }
    return results
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
    return changes.map(({ type, id, change }) => {
      try {
        return previewed(type, id, change)
      } catch (error) {
        if (error instanceof DomainError) return error
        throw error
      }
    })
  }
}
