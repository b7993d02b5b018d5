import { Type } from 'typebox'
import type { Author, Catalog, Changed } from '../../catalog/catalog.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import type { Profile } from '../../core/profile.ts'
import type { ResourceType } from '../../core/resource-type.ts'
import type { TagChange } from '../../core/tag-change.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { authorOf } from '../author.ts'
import { defineRoute, type Route } from '../route.ts'
import { ImportReport, importReport } from './import-report.ts'
import { DRY_RUN_BYTES_MAX, LINE_BYTES_MAX } from './limits.ts'
import { linesOf } from './lines.ts'
import { type FoundProject, projectFinder } from './projects.ts'
import type { ResourceLine } from './resource-line.ts'

const ACTION = 'tagwerk:resources:import'

/** Lines that are written together; half of what one commit takes, so that other writers share it. */
const LINES_PER_BATCH = 500
/** How often and how long to wait for room in the write queue before giving up. */
const OVERLOAD_TRIES = 100
const OVERLOAD_WAIT_MS = 50

type Parsed = { readonly number: number; readonly resource: ResourceLine }

type Write = (project: FoundProject, type: ResourceType, id: string, change: TagChange) => Promise<Changed>

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
      const importResource = async (
        number: number,
        { type, id, project, state, createdAtMs }: ResourceLine,
        earlier: Promise<void>,
      ) => {
        try {
          const found = await projects.find(project)
          await earlier
          const change = { kind: 'register', state, ...(createdAtMs !== undefined && { createdAtMs }) } as const
          report.count(await write(found, type, id, change))
        } catch (error) {
          report.refuse(number, error)
        }
      }
      // One batch is written while the next one is read.
      let underWay: Promise<unknown> = Promise.resolve()
      let batch: Parsed[] = []
      let bytes = 0
      const send = async () => {
        await underWay
        // What is written so far stays; whoever may no longer do this gets no further.
        await stillMay()
        underWay = Promise.all(inOrderOfEachId(batch, importResource))
        // A failure is thrown where the batch is awaited; until then it must not count as unhandled.
        underWay.catch(() => undefined)
        batch = []
      }
      for await (const line of linesOf(body as AsyncIterable<Uint8Array>, LINE_BYTES_MAX)) {
        // Nobody would read the report; what is written so far stays, and the same file can be sent again.
        if (callerIsGone()) break
        bytes += line.bytes?.length ?? 0
        if (query.dry_run && bytes > DRY_RUN_BYTES_MAX) {
          throw invalid('body', { name: 'bytes-max', limit: DRY_RUN_BYTES_MAX }, undefined, 'body-too-large')
        }
        const resource = report.read(line, profile)
        if (resource === undefined) continue
        batch.push({ number: line.number, resource })
        if (batch.length === LINES_PER_BATCH) await send()
      }
      await send()
      await underWay
      return { status: 200, body: report.toBody(query.dry_run, projects.created) }
    },
  })
}

/**
 * Starts every import of a batch, lines of the same resource one after the other: a line that has to wait for room must
 * not be overtaken by a later one for the same resource.
 */
function inOrderOfEachId(
  batch: readonly Parsed[],
  importResource: (number: number, resource: ResourceLine, earlier: Promise<void>) => Promise<void>,
): Promise<void>[] {
  const last = new Map<string, Promise<void>>()
  return batch.map(({ number, resource }) => {
    // Without the project, which lines may name in two ways; to wait once too often does no harm.
    const key = `${resource.type} ${resource.id}`
    const done = importResource(number, resource, last.get(key) ?? Promise.resolve())
    last.set(key, done)
    return done
  })
}

function writer(catalog: Catalog, author: Author): Write {
  return async (project, type, id, change) => {
    for (let tries = 1; ; tries++) {
      try {
        return await catalog.change(project.id as string, type, id, change, author)
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'overloaded' || tries === OVERLOAD_TRIES) throw error
        await new Promise((resolve) => setTimeout(resolve, OVERLOAD_WAIT_MS))
      }
    }
  }
}

/** Says what writes would do, each project as of the first line for it. */
function previewer(catalog: Catalog): Write {
  const previews = new Map<FoundProject, ReturnType<Catalog['preview']>>()
  return async (project, type, id, change) => {
    let preview = previews.get(project)
    if (preview === undefined) {
      preview = catalog.preview(project.id)
      previews.set(project, preview)
    }
    return (await preview)(type, id, change)
  }
}
