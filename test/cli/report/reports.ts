import type { Report } from '../../../src/cli/report/report-data.ts'

/** A report in which every text that comes from a service is `text`. */
export function reportOf(text: string, more: Partial<Report> = {}): Report {
  return {
    format: 'tagwerk-report/1',
    project: { id: text, name: text },
    made_at: '2026-03-09T10:00:00.000Z',
    revision: 12,
    resources: 40,
    types: [
      { type: text, resources: 30, untagged: 1 },
      { type: `${text}2`, resources: 10, untagged: 0 },
    ],
    more_types: 2,
    coverage: { keys: [{ key: text, resources: 39, types: { [text]: 29 } }], more_keys: 1 },
    trend: [
      { day: '2026-03-01', resources: 30, tagged: 20, keys: {} },
      { day: '2026-03-08', resources: 40, tagged: 36, keys: { [text]: 30 } },
    ],
    untagged: { resources: 3, listed: [{ type: text, id: text, name: text }], more: 2 },
    policy: {
      compliant: 35,
      keys: [
        { key: text, missing: 4, wrong_value: 1, wrong_case: 0 },
        { key: `${text}5`, missing: 0, wrong_value: 0, wrong_case: 0 },
      ],
      more_keys: 0,
      listed: [{ type: text, id: text, name: text }],
      more: 4,
    },
    near_duplicates: {
      groups: 3,
      listed: [
        {
          id: text,
          kind: 'certain',
          canonical: text,
          members: [
            { text, resources: 5 },
            { text: `${text}3`, resources: 1 },
          ],
          affected: 1,
          both: 1,
        },
        {
          id: text,
          kind: 'certain',
          key: text,
          canonical: text,
          members: [
            { text, resources: 5 },
            { text: '', resources: 1 },
          ],
          affected: 1,
          both: 0,
        },
      ],
      keys_compared: 1,
    },
    changes: {
      since: '2026-03-02T10:00:00.000Z',
      is_shortened: true,
      from_revision: 2,
      changes: 10,
      entered: 4,
      left: 1,
      changed: 3,
      keys: [{ key: text, added: 4, changed: 0, removed: 1 }],
      more_keys: 1,
      actors: [{ name: text, changes: 9 }],
      more_actors: 1,
      days: [
        { day: '2026-03-08', changes: 0 },
        { day: '2026-03-09', changes: 9 },
      ],
      looked_at: 9,
    },
    owners: {
      key: text,
      listed: [{ owner: text, resources: 30 }],
      more: 1,
      with_owner: 31,
      without_owner: 9,
      other_keys: [`${text}4`],
    },
    ...more,
  }
}

/** A report on a project without resources. */
export const EMPTY: Report = reportOf('x', {
  resources: 0,
  types: [],
  more_types: 0,
  coverage: { keys: [], more_keys: 0 },
  trend: [],
  policy: null,
  untagged: { resources: 0, listed: [], more: 0 },
  near_duplicates: { groups: 0, listed: [], keys_compared: 0 },
  changes: null,
  owners: { key: null, listed: [], more: 0, with_owner: 0, without_owner: 0, other_keys: [] },
})
