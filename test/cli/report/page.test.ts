import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../../src/cli/report/languages.ts'
import { reportPage } from '../../../src/cli/report/page.ts'
import type { Report } from '../../../src/cli/report/report-data.ts'
import { EMPTY, reportOf } from './reports.ts'

/** The tags of a page with their attributes, apart from their values. */
const tagsOf = (page: string) =>
  (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, '="..."').replace(/\s+/g, ' '))

const HOSTILE = [
  '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>",
  '</style><svg onload=alert(1)>',
  '<!-- --> ]]> &lt;b&gt; &amp;',
  '</title></table><iframe>',
  '\u202e<b>\u0000\u2028',
]

describe.each(LANGUAGES)('the page of a report in %s', (language) => {
  it.each(HOSTILE)('has the same markup whatever texts the tags contain: %j', (text) => {
    const harmless = 'x'.repeat([...text].length)
    const page = reportPage(reportOf(text), language)
    expect(tagsOf(page)).toEqual(tagsOf(reportPage(reportOf(harmless), language)))
    expect(page).not.toMatch(/<(script|img|iframe)/)
    expect(page.includes('\u202e') || page.includes('\u0000')).toBe(false)
  })

  it('loads nothing and has no script, and says so to the browser', () => {
    const page = reportPage(reportOf('text'), language)
    expect(page).not.toMatch(/https?:|\bsrc=|\bhref=|url\(|@import|<script|\bon\w+=/)
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;')
    expect(page).toMatch(new RegExp(`^<!doctype html>\n<html lang="${language}`))
  })

  it('has a text for everything, in a large project and in an empty one', () => {
    const long = {
      ...(reportOf('text').changes as NonNullable<Report['changes']>),
      days: Array.from({ length: 20 }, (_, i) => ({ day: `2026-03-${i + 10}`, changes: i })),
    }
    for (const report of [reportOf('text'), EMPTY, reportOf('text', { changes: { ...long, changes: 0 } })]) {
      expect(reportPage(report, language)).not.toMatch(/undefined|NaN|\[object|null/)
    }
    const days = reportPage(reportOf('text', { changes: long }), language)
    expect(days.match(/<rect [^>]*rx=/g)).toHaveLength(20)
    expect(days).not.toMatch(/undefined|NaN|\[object|null/)
  })

  it('cuts off long texts, and shows invisible characters', () => {
    const page = reportPage(reportOf(`a\u200b${'b'.repeat(500)}`), language)
    expect(page).toContain('a\\u200bbbb')
    expect(page).not.toContain('b'.repeat(60))
  })
})

it('a heat map has a colour for each step, and only a complete key has the last one', () => {
  const types = [1, 30, 60, 99, 100].map((percent) => ({ type: `t${percent}`, resources: 1000, percent }))
  const report = reportOf('x', {
    types: types.map(({ type, resources }) => ({ type, resources, untagged: 0 })),
    coverage: {
      keys: [
        { key: 'env', resources: 40, types: Object.fromEntries(types.map((t) => [t.type, t.percent * 10])) },
        { key: 'rare', resources: 1, types: { t1: 1 } },
      ],
      more_keys: 0,
    },
  })
  const cells = reportPage(report, 'en').match(/<td class="h\d">[^<]*/g)
  expect(cells?.slice(0, 6).map((cell) => cell.slice(11))).toEqual([
    'h5">100',
    'h1">1',
    'h2">30',
    'h3">60',
    'h4">99',
    'h5">100',
  ])
  expect(cells?.slice(6, 9).map((cell) => cell.slice(11))).toEqual(['h1">3', 'h1">&lt;1', 'h0">–'])
})

it('the lines of a trend have gaps where a key was not counted, and there are none for one week alone', () => {
  const { trend } = reportOf('x')
  const page = reportPage(reportOf('x'), 'en')
  expect(page).toContain('How it develops')
  expect(page.match(/<path class="line[^>]*>/g)).toEqual([
    '<path class="line l0" d="M44.0 60.0L940.0 25.0"/>',
    '<path class="line l1" d="M940.0 47.5"/>',
  ])
  expect(reportPage(reportOf('x', { trend: trend.slice(1) }), 'en')).not.toContain('How it develops')
})

it('rules that are kept are said to be kept, and only keys with problems are listed', () => {
  const { policy } = reportOf('x')
  expect(reportPage(reportOf('x'), 'en')).not.toContain('>x5<')
  const kept = { ...policy!, compliant: 40, keys: policy!.keys.slice(1), listed: [], more: 0 }
  expect(reportPage(reportOf('x', { policy: kept }), 'en')).toContain('All resources keep all rules.')
})
