import { cellOf } from '../../core/csv-cells.ts'
import { csvText } from '../output.ts'
import type { Report } from './report-data.ts'

/** A section of a report as a file: its name, and its rows with the names of the columns first. */
type Section = { readonly name: string; readonly rows: readonly (readonly (string | number)[])[] }

/** The sections of a report as CSV, by file name. No cell is read as a formula by a spreadsheet program. */
export function csvFiles(report: Report): ReadonlyMap<string, string> {
  return new Map(
    sectionsOf(report).map(({ name, rows }) => [
      `${name}.csv`,
      csvText(rows.map((row) => row.map((cell) => (typeof cell === 'number' ? String(cell) : cellOf(cell))))),
    ]),
  )
}

function sectionsOf(report: Report): readonly Section[] {
  const { types, coverage, trend, untagged, owners, near_duplicates } = report
  return [
    summaryOf(report),
    {
      name: 'coverage',
      rows: [
        ['key', 'resource_type', 'with_key', 'resources'],
        ...coverage.keys.flatMap(({ key, resources, types: of }) => [
          [key, '(all)', resources, report.resources],
          ...types.map(({ type, resources: all }) => [key, type, of[type] ?? 0, all]),
        ]),
      ],
    },
    {
      name: 'trend',
      rows: [
        ['day', 'key', 'with_key', 'resources'],
        ...trend.flatMap(({ day, resources, tagged, keys }) => [
          [day, '(any)', tagged, resources],
          ...Object.entries(keys).map(([key, count]) => [day, key, count, resources]),
        ]),
      ],
    },
    ...policyOf(report),
    {
      name: 'untagged',
      rows: [
        ['resource_type', 'resource_id', 'resource_name'],
        ...untagged.listed.map(({ type, id, name }) => [type, id, name]),
      ],
    },
    {
      name: 'owners',
      rows: [
        ['key', 'owner', 'resources'],
        ...owners.listed.map(({ owner, resources }) => [owners.key ?? '', owner, resources]),
      ],
    },
    {
      name: 'near-duplicates',
      rows: [
        ['group', 'kind', 'of_key', 'spelling', 'resources', 'keep'],
        ...near_duplicates.listed.flatMap(({ id, kind, key = '', members, canonical }) =>
          members.map(({ text, resources }) => [id, kind, key, text, resources, text === canonical ? 'yes' : 'no']),
        ),
      ],
    },
    ...changesOf(report),
  ]
}

function summaryOf({
  project,
  made_at,
  revision,
  resources,
  untagged,
  owners,
  near_duplicates,
  changes,
}: Report): Section {
  return {
    name: 'summary',
    rows: [
      ['what', 'number'],
      ['project', project.name],
      ['made_at', made_at],
      ['revision', revision],
      ['resources', resources],
      ['resources without tags', untagged.resources],
      ['key of owners', owners.key ?? ''],
      ['resources with an owner', owners.with_owner],
      ['groups of near-duplicates', near_duplicates.groups],
      ...(changes === null
        ? []
        : [
            ['changes since', changes.since],
            ['changes', changes.changes],
            ['resources that are new', changes.entered],
            ['resources that are gone', changes.left],
            ['resources that were changed', changes.changed],
          ]),
    ],
  }
}

function policyOf({ policy }: Report): readonly Section[] {
  if (policy === null) return []
  return [
    {
      name: 'policy',
      rows: [
        ['key', 'missing', 'wrong_value', 'wrong_case'],
        ...policy.keys.map((each) => [each.key, each.missing, each.wrong_value, each.wrong_case]),
      ],
    },
    {
      name: 'policy-resources',
      rows: [
        ['resource_type', 'resource_id', 'resource_name'],
        ...policy.listed.map(({ type, id, name }) => [type, id, name]),
      ],
    },
  ]
}

function changesOf({ changes }: Report): readonly Section[] {
  if (changes === null) return []
  return [
    {
      name: 'changes-by-key',
      rows: [
        ['key', 'added', 'changed', 'removed'],
        ...changes.keys.map(({ key, added, changed, removed }) => [key, added, changed, removed]),
      ],
    },
    {
      name: 'changes-by-user',
      rows: [['user', 'changes'], ...changes.actors.map((actor) => [actor.name, actor.changes])],
    },
    { name: 'changes-by-day', rows: [['day', 'changes'], ...changes.days.map(({ day, changes: n }) => [day, n])] },
  ]
}
