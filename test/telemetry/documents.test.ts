import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { METRICS } from '../../src/telemetry/definitions.ts'

// Holds the names of metrics to the conventions of Prometheus, and the documents to the metrics.

const folder = join(import.meta.dirname, '../../docs/operate')
const read = (file: string) => readFileSync(join(folder, file), 'utf8')
const metrics = Object.values(METRICS)

describe('the metrics', () => {
  it('have names and units as Prometheus recommends', () => {
    for (const { name, type, help } of metrics) {
      expect(name).toMatch(/^(tagwerk|process)(_[a-z]+)+$/)
      expect(`${name} ${type}`).toMatch(/_total counter$|(?<!_total) (gauge|histogram)$/)
      expect(name).not.toMatch(/_(ms|milliseconds|kib|mib|percent)\b/)
      expect(help).toMatch(/^[A-Z].*\.$/)
    }
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length)
    const timed = metrics.filter(({ help }) => /^Time |bytes/.test(help)).map(({ name }) => name)
    expect(timed.filter((name) => !/_(seconds|bytes)$/.test(name))).toEqual([])
  })

  it('are each described in docs/operate/metrics.md with their type, and no other is', () => {
    const rows = Array.from(
      read('metrics.md').matchAll(/^\| `(\w+)` \| (\w+) \|/gm),
      ([, name, type]) => `${name} ${type}`,
    )
    expect(rows.toSorted()).toEqual(metrics.map(({ name, type }) => `${name} ${type}`).toSorted())
  })
})

/** The metrics and labels that queries in a text name: `up` is a metric of Prometheus itself. */
function namesIn(queries: readonly string[]): {
  readonly metrics: readonly string[]
  readonly labels: readonly string[]
} {
  const metrics = queries.flatMap((query) => query.match(/\b(tagwerk|process)(_[a-z]+)+\b/g) ?? [])
  const matchers = queries.flatMap((query) =>
    Array.from(query.matchAll(/(\w+)(?:=|!=|=~|!~)"/g), ([, label]) => label!),
  )
  const groups = queries.flatMap((query) => Array.from(query.matchAll(/by \(([^)]*)\)/g), ([, labels]) => labels!))
  return { metrics, labels: [...matchers, ...groups.flatMap((labels) => labels.split(/, */))] }
}

/** The names of the lines of a metric, which queries use. */
const lineNames = metrics.flatMap(({ name, type }) =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
)
const LABELS = ['family', 'operation', 'status', 'reason', 'le', 'version', 'use', 'state', 'outcome']
/** Labels that Prometheus adds. */
const TARGET_LABELS = ['job', 'instance']

describe('the alerts and the dashboard', () => {
  const alerts = read('alerts.yaml')
  const dashboard = JSON.parse(read('grafana-dashboard.json'))
  const panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[] = dashboard.panels
  const expressions = Array.from(
    alerts.matchAll(/^ +expr: (?:>-\n)?((?:.|\n(?! +(?:for|labels):))+)/gm),
    ([, expr]) => expr!,
  )
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  const variables = dashboard.templating.list.map(({ query }: { query: unknown }) => JSON.stringify(query))

  it('use only metrics and labels that exist', () => {
    expect(expressions).toHaveLength(alerts.split('- alert:').length - 1)
    expect(queries.length).toBeGreaterThan(30)
    const used = namesIn([...expressions, ...queries, ...variables])
    expect(used.metrics.filter((name) => !lineNames.includes(name))).toEqual([])
    expect(used.labels.filter((label) => ![...LABELS, ...TARGET_LABELS].includes(label))).toEqual([])
  })

  it('show every metric on the dashboard', () => {
    const shown = namesIn(queries).metrics
    expect(metrics.map(({ name }) => name).filter((name) => !shown.some((used) => used.startsWith(name)))).toEqual([])
  })

  it('have balanced brackets in every query', () => {
    for (const query of [...expressions, ...queries]) {
      for (const [open, close] of ['()', '{}', '[]']) {
        expect(`${query}: ${query.split(close!).length}`).toBe(`${query}: ${query.split(open!).length}`)
      }
    }
  })

  it('with a name that does not exist are recognized', () => {
    const { metrics: found, labels } = namesIn(['sum by (color, le) (rate(tagwerk_gone_total{shape="x"}[5m]))'])
    expect([found, labels]).toEqual([['tagwerk_gone_total'], ['shape', 'color', 'le']])
  })
})
