import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CaseResult, tableOf } from './figure.ts'
import { logLogPlot } from './svg.ts'

const folder = join(import.meta.dirname, '..')
const MARKS = /<!-- results -->\n[\s\S]*<!-- \/results -->/

/** Inserts results between the marks of the README, and writes the growth plot to `growth.svg`. */
export async function writeReadme(results: readonly CaseResult[]): Promise<void> {
  const file = join(folder, 'README.md')
  const page = await readFile(file, 'utf8')
  if (!MARKS.test(page)) throw new Error('bench/README.md has no marks around its results')
  const growth = results.find((result) => result.growth !== undefined)?.growth
  if (growth !== undefined) {
    const title = 'Latency of a query in process (p50)'
    const plot = logLogPlot({ title, xLabel: 'images', yLabel: 'microseconds', lines: growth })
    await writeFile(join(folder, 'growth.svg'), plot)
  }
  const plots = [
    ...(growth === undefined ? [] : ['![Latency over the number of images](growth.svg)']),
    ...(existsSync(join(folder, 'soak.svg')) ? ['![Resident memory over time](soak.svg)'] : []),
  ]
  const block = [resultsBlock(results), ...plots].join('\n\n')
  await writeFile(
    file,
    page.replace(MARKS, () => `<!-- results -->\n\n${block}\n\n<!-- /results -->`),
  )
}

/** The tables of all results: first the figures with a target, then the other figures of each case. */
export function resultsBlock(results: readonly CaseResult[]): string {
  const withTarget = results.flatMap(({ figures }) => figures.filter(({ target }) => target !== undefined))
  const number = (id = '') => Number(id.replace(/\D/g, '')) || Number.POSITIVE_INFINITY
  const sorted = withTarget.toSorted((a, b) => number(a.target) - number(b.target))
  const parts = [tableOf(sorted), ...results.map(caseBlock)]
  if (results.some(({ isQuick }) => isQuick)) parts.unshift('**Some of these are from a quick run and meaningless.**')
  return parts.join('\n\n')
}

function caseBlock({ name, at, seconds, machine, figures }: CaseResult): string {
  const { cpu, cores, memoryGiB, system, node, commit } = machine
  const where = `${at.slice(0, 16).replace('T', ' ')} UTC, ${seconds} s, commit ${commit}; ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}`
  const others = figures.filter(({ target }) => target === undefined)
  return [`### ${name}`, where, ...(others.length === 0 ? [] : [tableOf(others)])].join('\n\n')
}
