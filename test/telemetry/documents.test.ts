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
