import { describe, expect, it } from 'vitest'
import { linearPlot, logLogPlot } from '../../bench/report/svg.ts'

const plot = (points: readonly (readonly [number, number])[]) => ({
  title: 'a < b & "c"',
  xLabel: 'images',
  yLabel: 'microseconds',
  lines: [{ label: 'seed <1>', points }],
})

/** Checks that the XML is well-formed: matching tags and escaped texts. */
function checkWellFormed(xml: string): void {
  const open: string[] = []
  for (const [, slash, name, selfClosing] of xml.matchAll(/<(\/?)(\w+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)) {
    if (slash === '/') expect(open.pop()).toBe(name)
    else if (selfClosing !== '/') open.push(name as string)
  }
  expect(open).toEqual([])
  const text = xml.replace(/<\/?\w+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, '')
  expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/)
}

function coordinatesOf(svg: string): number[][] {
  const points = /<polyline points="([^"]+)"/.exec(svg)?.[1] ?? ''
  return points.split(' ').map((point) => point.split(',').map(Number))
}

describe('plots', () => {
  it('a plot is well-formed XML with any texts', () => {
    checkWellFormed(
      logLogPlot(
        plot([
          [10_000, 3.2],
          [4_000_000, 170],
        ]),
      ),
    )
    checkWellFormed(linearPlot(plot(Array.from({ length: 50 }, (_, i) => [i, 100 + (i % 7)] as const))))
  })

  it('checkWellFormed detects an unclosed tag', () => {
    expect(() => checkWellFormed('<svg><g></svg>')).toThrow()
  })

  it('equal factors have equal distances on logarithmic axes', () => {
    const [a, b, c] = coordinatesOf(
      logLogPlot(
        plot([
          [10, 1],
          [100, 10],
          [1000, 100],
        ]),
      ),
    ) as [number[], number[], number[]]
    expect((b[0] as number) - (a[0] as number)).toBeCloseTo((c[0] as number) - (b[0] as number), 0)
    expect((b[1] as number) - (a[1] as number)).toBeCloseTo((c[1] as number) - (b[1] as number), 0)
    expect(b[1]).toBeLessThan(a[1] as number)
  })

  it('a linear y axis starts at 0, and all points are inside the plot, also for one point or a flat line', () => {
    for (const svg of [
      linearPlot(plot([[1, 5]])),
      linearPlot(
        plot([
          [0, 7],
          [9, 7],
        ]),
      ),
      logLogPlot(plot([[10, 10]])),
    ]) {
      for (const [x, y] of coordinatesOf(svg)) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x).toBeLessThanOrEqual(760)
        expect(y).toBeGreaterThanOrEqual(0)
        expect(y).toBeLessThanOrEqual(420)
      }
    }
    expect(
      linearPlot(
        plot([
          [0, 100],
          [1, 101],
        ]),
      ),
    ).toContain('text-anchor="end">0</text>')
  })
})
