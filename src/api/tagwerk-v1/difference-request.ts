import { Type } from 'typebox'
import type { Catalog, DifferenceFilter } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'
import { momentText, toMoment } from '../moment.ts'
import type { Reply } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { differenceAsCsv, differenceAsLines, differenceSummary } from './difference-lines.ts'
import type { ExportPace } from './export-resources.ts'
import { COMPARED_CHANGES_MAX } from './limits.ts'
import { keyParameter } from './tag-counts.ts'
import type { WorkLimit } from './work-limit.ts'

/** What a comparison reads. */
export type DifferenceParts = {
  readonly catalog: Catalog
  readonly accounts: Accounts
  readonly types: ResourceTypes
}

/** The members of a request that compares two moments. */
export const differenceMembers = {
  from: momentText('The first moment; it may be the later one.'),
  to: Type.Optional(momentText('The second moment; default: now.')),
  format: Type.Optional(
    oneOf(['ndjson', 'csv', 'summary'], {
      default: 'ndjson',
      description: 'One line a resource and a summary, one row a difference, or the summary alone.',
    }),
  ),
  key: Type.Optional({ ...keyParameter, description: 'Only resources whose tag with this key differs.' }),
}

type Asked = {
  readonly from: string
  readonly to?: string | undefined
  readonly format?: 'ndjson' | 'csv' | 'summary' | undefined
}

const FORMATS = {
  ndjson: { produce: differenceAsLines, type: 'application/x-ndjson' },
  csv: { produce: differenceAsCsv, type: 'text/csv; charset=utf-8' },
  summary: { produce: differenceSummary, type: 'application/json; charset=utf-8' },
} as const

/** Answers a comparison as a stream. Throws `revision-unknown`, `revision-gone` and the refusals of the limit. */
export async function differenceReply(
  { catalog, accounts }: DifferenceParts,
  { project, principal }: { readonly project: string; readonly principal: Principal },
  asked: Asked,
  filter: DifferenceFilter,
  limit: WorkLimit,
  pace: ExportPace,
): Promise<Reply> {
  const { history } = catalog
  const { revision } = await history.state(project)
  const from = await history.resolve(project, toMoment(asked.from, 'from'), 'from')
  const to = asked.to === undefined ? revision : await history.resolve(project, toMoment(asked.to, 'to'), 'to')
  refuseTooMany(Math.abs(to - from), revision)
  const { signal, end } = await limit.begin(principal)
  const { produce, type } = FORMATS[asked.format ?? 'ndjson']
  const range = { from, to }
  return {
    status: 200,
    body: produce({ range, read: () => history.difference(project, range, filter), accounts, principal }),
    headers: { 'content-type': type },
    pace: { ...pace, signal },
    release: end,
    revision,
  }
}

function refuseTooMany(changes: number, revision: number): void {
  if (changes <= COMPARED_CHANGES_MAX) return
  const [actual, limit] = [changes, COMPARED_CHANGES_MAX].map((number) => number.toLocaleString('en-GB'))
  const detail = `from: ${actual} changes lie between the two moments, and at most ${limit} are compared.`
  throw new DomainError('request-invalid', { field: 'from', detail, revision })
}
