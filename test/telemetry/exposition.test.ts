import { describe, expect, it } from 'vitest'
import { Histogram } from '../../src/core/histogram.ts'
import { METRICS } from '../../src/telemetry/definitions.ts'
import { renderMetrics } from '../../src/telemetry/exposition.ts'
import { metricOf } from '../../src/telemetry/metric.ts'
import { parseOpenMetrics, sumOf } from '../support/open-metrics.ts'

const histogram = new Histogram([0.5, 1])
for (const value of [0.25, 0.75, 3]) histogram.add(value)
const metrics = [
  metricOf(METRICS.requests, [
    { labels: { family: 'ims-v2', operation: 'ListTags', status: '2xx' }, value: 3 },
    { labels: { family: 'a"b\\c\nd', operation: 'x', status: '5xx' }, value: 1 },
  ]),
  metricOf(METRICS.requestSeconds, [
    { labels: { family: 'ims-v2', operation: 'ListTags' }, value: histogram.read() },
    { labels: { family: 'ims-v2', operation: 'ListImages' }, value: histogram.read() },
  ]),
  metricOf(METRICS.indexBytes, 12),
]

describe('the text of metrics', () => {
  it('is OpenMetrics, also with labels that need escapes and several histograms of one name', async () => {
    const { contentType, text } = await renderMetrics(metrics, '*/*')
    expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    const families = parseOpenMetrics(text)
    expect([...families.keys()]).toEqual([
      'tagwerk_requests',
      'tagwerk_request_duration_seconds',
      'tagwerk_index_bytes',
    ])
    expect(sumOf(families, 'tagwerk_requests_total', { operation: 'ListTags' })).toBe(3)
    expect(text).toContain(String.raw`family="a\"b\\c\nd"`)
    expect(sumOf(families, 'tagwerk_request_duration_seconds_bucket', { operation: 'ListTags', le: '1.0' })).toBe(2)
    expect(sumOf(families, 'tagwerk_request_duration_seconds_sum', { operation: 'ListTags' })).toBe(4)
  })

  it('is OpenMetrics for what Prometheus asks for, and the older format for a scraper that knows only that', async () => {
    const prometheus = 'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.1'
    const older = ['text/plain', 'text/plain;version=0.0.4;q=1,*/*;q=0.1']
    expect((await renderMetrics(metrics, prometheus)).text).toMatch(/# EOF\n$/)
    for (const accept of older) {
      const { contentType, text } = await renderMetrics(metrics, accept)
      expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
      expect(text).toContain('# TYPE tagwerk_requests_total counter\n')
      expect(text).toContain('tagwerk_requests_total{family="ims-v2",operation="ListTags",status="2xx"} 3\n')
      expect(text).not.toContain('# EOF')
    }
  })
})

describe('the check of OpenMetrics in these tests', () => {
  it.each([
    ['without an end mark', '# TYPE a gauge\na 1\n'],
    ['with a counter without its suffix', '# TYPE a counter\na 1\n# EOF\n'],
    ['with a family in two blocks', '# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# HELP a x\n# EOF\n'],
    ['with a line twice', '# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n# EOF\n'],
    ['with a label twice', '# TYPE a gauge\na{x="1",x="2"} 1\n# EOF\n'],
    ['with an empty line', '# TYPE a gauge\na 1\n\n# EOF\n'],
    ['with a bound without a decimal point', '# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n# EOF\n'],
    ['with a histogram without +Inf', '# TYPE a histogram\na_bucket{le="1.0"} 1\na_sum 1\na_count 1\n# EOF\n'],
  ])('refuses a text %s', (_name, text) => {
    expect(() => parseOpenMetrics(text)).toThrow()
  })
})
