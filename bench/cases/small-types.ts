import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Case } from '../case.ts'
import { significant } from '../report/figure.ts'
import { median, spreadOf } from '../report/statistics.ts'

const TYPES = 60
/** Resources of each of 60 types, in small projects. */
const PER_TYPE = [2, 10] as const
const ROUNDS = 5

const run = promisify(execFile)
const PROCESS = fileURLToPath(new URL('small-types-process.ts', import.meta.url))

async function bytesOf(types: number, perType: number, projects: number, mode: 'packed' | 'plain'): Promise<number> {
  const numbers = [types, perType, projects].map(String)
  const { stdout } = await run(process.execPath, ['--expose-gc', PROCESS, ...numbers, mode])
  return Number(stdout)
}

/** What do small projects with many types take, relative to the same resources in two types that are never packed? */
export const smallTypesCase: Case = {
  name: 'small-types',
  about: 'memory of small projects with 60 resource types, relative to two types',
  run: async (context) => {
    const projects = context.isQuick ? 50 : 1000
    const figures = []
    for (const perType of PER_TYPE) {
      const two: number[] = []
      const many: number[] = []
      for (let round = 0; round < (context.isQuick ? 1 : ROUNDS); round++) {
        context.say(`${TYPES * perType} resources a project, round ${round + 1}`)
        two.push(await bytesOf(2, (TYPES * perType) / 2, projects, 'plain'))
        many.push(await bytesOf(TYPES, perType, projects, 'packed'))
      }
      const ratios = many.map((bytes, round) => bytes / (two[round] as number))
      const kib = (bytes: readonly number[]) => `${significant(median(bytes) / projects / 1024)} KiB`
      figures.push({
        what: `memory of ${projects} projects of ${TYPES} types, relative to two types`,
        size: TYPES * perType,
        value: median(ratios),
        spread: spreadOf(ratios),
        measured: `${kib(many)} a project, with two types ${kib(two)}: ${significant(median(ratios))} x`,
      })
    }
    return { figures }
  },
}
