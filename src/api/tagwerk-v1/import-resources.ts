import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { invalid } from '../../core/errors.ts'
import { FileKindCheck } from '../../core/file-kind.ts'
import { RepeatedResources } from '../../core/repeated-resources.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { scopeId } from '../../iam/principal.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { type AcceptedBatch, type ImportContext, type ParsedLine, submitBatch } from './import-batch.ts'
import { ChangeList, changeParameters } from './import-changes.ts'
import { modeParameters } from './import-mode.ts'
import { ImportReport, importReport } from './import-report.ts'
import { handledLater, previewer, writer } from './import-writers.ts'
import { DRY_RUN_BYTES_MAX, LINE_BYTES_MAX, REPEATS_SEARCHED_LINES } from './limits.ts'
import { linesOf } from './lines.ts'
import { projectResolver } from './projects.ts'
import type { LineRules } from './resource-line.ts'
import type { WorkLimitsByKind } from './work-limit.ts'

const ACTION = 'tagwerk:resources:import'

/** Lines per batch: what one time slice passes on to the write queue. */
const LINES_PER_BATCH = 125
/** Batches in flight while the next one is parsed: as many lines as one commit takes. */
const BATCHES_IN_FLIGHT_MAX = 8
/**
 * Registers resources from a stream of lines, one resource per line. A line replaces the whole resource, tags included,
 * so importing a file again is idempotent. An invalid line is reported and does not affect other lines. A line with other
 * data than an earlier one of the same resource is mostly a mistake, so it is refused unless the caller wants the last.
 */
export function importResources(
  catalog: Catalog,
  accounts: Accounts,
  rules: LineRules,
  work: Pick<WorkLimitsByKind, 'imports' | 'dryRuns'>,
): Route {
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
      first_line: Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        default: 1,
        description: 'Number of the first line of the body, for a file that is sent in parts.',
      }),
      last_wins: Type.Boolean({
        default: false,
        description:
          'True: a line replaces an earlier one of the same resource with other data, instead of being refused.',
      }),
      ...modeParameters,
      ...changeParameters,
    }),
    streamsBody: true,
    unpacksBody: true,
    responses: { 200: importReport },
    handle: async ({ body, query, caller, requestId, isAborted, reauthorize }) => {
      if (query.changes_limit > 0 && !query.dry_run) throw needsDryRun(query.changes_limit)
      const running = await (query.dry_run ? work.dryRuns : work.imports).begin(caller.principal)
      try {
        const projects = projectResolver(accounts, caller.principal, ACTION, query.project, query.dry_run)
        const author = authorOf({ caller, requestId })
        const write = query.dry_run ? previewer(catalog) : writer(catalog, author)
        const report = new ImportReport()
        const repeats = { seen: new RepeatedResources(REPEATS_SEARCHED_LINES), lastWins: query.last_wins }
        const changes = query.dry_run ? new ChangeList(query) : undefined
        const context: ImportContext = { projects, write, report, repeats, mode: query, changes }
        const strictness = { dropsBadTags: query.bad_tags === 'drop', requiresTags: query.tags_only !== undefined }
        const inFlight: Promise<void>[] = []
        let accepted: Promise<AcceptedBatch> = Promise.resolve({ done: Promise.resolve() })
        let batch: ParsedLine[] = []
        const send = async () => {
          if (inFlight.length === BATCHES_IN_FLIGHT_MAX) await inFlight.shift()
          // A caller whose access was revoked meanwhile is refused; batches written before remain.
          await reauthorize()
          accepted = submitBatch(batch, context, accepted)
          inFlight.push(handledLater(accepted.then(({ done }) => done)))
          batch = []
        }
        let bytes = 0
        const slice = new TimeSlice(scopeId(caller.principal.scope))
        const stream = body as AsyncIterable<Uint8Array>
        const checked = query.first_line === 1 ? linesOnly(stream) : stream
        for await (const lines of linesOf(checked, LINE_BYTES_MAX, query.first_line)) {
          for (const line of lines) {
            // The client is gone. Lines written before remain; sending the file again is idempotent.
            if (isAborted()) break
            bytes += line.bytes?.length ?? 0
            if (query.dry_run && bytes > DRY_RUN_BYTES_MAX) {
              throw invalid('body', { name: 'bytes-max', limit: DRY_RUN_BYTES_MAX }, undefined, 'body-too-large')
            }
            if (slice.isOver) await slice.yield()
            const resource = report.parse(line, rules, strictness)
            if (resource === undefined) continue
            batch.push({ number: line.number, resource })
            if (batch.length === LINES_PER_BATCH) await send()
          }
          if (isAborted()) break
        }
        await send()
        for (const done of inFlight) await done
        return { status: 200, body: report.toBody(projects.created, changes) }
      } finally {
        running.end()
      }
    },
  })
}

function needsDryRun(limit: number): Error {
  return invalid('changes_limit', { name: 'well-formed', what: '0 without dry_run, which alone lists changes' }, limit)
}

/** Passes a body on. Throws for one of another kind, such as CSV, instead of refusing each of its lines. */
async function* linesOnly(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const check = new FileKindCheck(({ name, remedy }) => {
    const what = `one JSON object per line; this is ${name}. ${remedy}`
    return invalid('body', { name: 'well-formed', what }, undefined, 'body-malformed')
  })
  for await (const chunk of chunks) {
    const passed = check.push(chunk)
    if (passed.length > 0) yield passed
  }
  yield check.end()
}
