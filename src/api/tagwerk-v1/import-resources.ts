import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import { RepeatedResources } from '../../core/repeated-resources.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { authorize } from '../../iam/authorize.ts'
import { scopeId } from '../../iam/principal.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { BatchSlots } from './batch-slots.ts'
import type { ImportContext } from './import-batch.ts'
import { ChangeList, changeParameters } from './import-changes.ts'
import { importLines } from './import-lines.ts'
import { modeParameters } from './import-mode.ts'
import { DELETE_ACTION, Replacement, replaceParameters } from './import-replacement.ts'
import { ImportReport, importReport } from './import-report.ts'
import { previewer, withinTypes, writer } from './import-writers.ts'
import { DRY_RUN_BYTES_MAX, REPEATS_SEARCHED_LINES } from './limits.ts'
import { projectResolver } from './projects.ts'
import type { LineRules } from './resource-line.ts'
import type { WorkLimitsByKind } from './work-limit.ts'

const ACTION = 'tagwerk:resources:import'

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
  const slots = new BatchSlots()
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
      ...replaceParameters,
    }),
    streamsBody: true,
    unpacksBody: true,
    responses: { 200: importReport },
    handle: async ({ body, query, caller, requestId, isAborted, reauthorize }) => {
      checkParameters(query)
      const { principal } = caller
      if (query.replace) authorize(principal, DELETE_ACTION, { kind: 'any' })
      const running = await (query.dry_run ? work.dryRuns : work.imports).begin(principal)
      try {
        const projects = projectResolver(accounts, principal, ACTION, query.project, query.dry_run)
        const isStateless = query.dry_run && query.replace && !query.last_wins
        const written = writer(catalog, authorOf({ caller, requestId }))
        const changes = query.dry_run ? new ChangeList(query) : undefined
        const check = async (projectId: string) => {
          await reauthorize()
          if (!(await accounts.principals.isAllowedIn(principal, projectId, DELETE_ACTION))) {
            throw new DomainError('action-forbidden', { action: DELETE_ACTION })
          }
        }
        const deletions = { maxDeletePercent: query.max_delete_percent, write: query.dry_run ? undefined : written }
        const context: ImportContext = {
          projects,
          write: withinTypes(catalog, rules.profile.types, query.dry_run ? previewer(catalog, isStateless) : written),
          report: new ImportReport(),
          repeats: { seen: new RepeatedResources(REPEATS_SEARCHED_LINES), lastWins: query.last_wins },
          mode: query,
          changes,
          replacement: query.replace ? new Replacement({ catalog, changes, check, ...deletions }) : undefined,
          isStateless,
          owner: scopeId(principal.scope),
        }
        const isWhole = await importLines(
          {
            stream: body as AsyncIterable<Uint8Array>,
            firstLine: query.first_line,
            rules,
            strictness: { dropsBadTags: query.bad_tags === 'drop', requiresTags: query.tags_only !== undefined },
            bytesMax: query.dry_run && !isStateless ? DRY_RUN_BYTES_MAX : Number.POSITIVE_INFINITY,
            owner: context.owner,
            slots,
            isAborted,
            reauthorize,
          },
          context,
        )
        const { report, replacement } = context
        // What a client that is gone has not sent is not absent from its file.
        const replaced = isWhole ? await replacement?.finish(report.refused) : undefined
        return { status: 200, body: report.toBody(projects.created, changes, replaced) }
      } finally {
        running.end()
      }
    },
  })
}

type Parameters = { readonly [name in 'dry_run' | 'replace']: boolean } & {
  readonly changes_limit: number
  readonly first_line: number
  readonly tags_only?: string
}

/** Throws for parameters that do not go together. */
function checkParameters({ changes_limit, dry_run, replace, first_line, tags_only }: Parameters): void {
  if (changes_limit > 0 && !dry_run) {
    const what = '0 without dry_run, which alone lists changes'
    throw invalid('changes_limit', { name: 'well-formed', what }, changes_limit)
  }
  if (replace && first_line > 1) {
    const what = '1 with replace, for which a file is sent whole'
    throw invalid('first_line', { name: 'well-formed', what }, first_line)
  }
  if (replace && tags_only !== undefined) {
    const what = 'absent with replace, for which a line replaces its resource'
    throw invalid('tags_only', { name: 'well-formed', what }, tags_only)
  }
}
