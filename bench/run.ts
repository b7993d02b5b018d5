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

Without a case all run but the long ones.

  --list               names the cases
  --quick              small and short, to try the suite; the figures say nothing
  --size N             images for the cases that take one size, such as 100k or 1M (default 1M)
  --json FILE          adds what was found to a file of results
  --write-readme FILE  puts the results of a file into bench/README.md and ends
  --catalogue FILE     real catalogues (default ../shared/data/images.ndjson.gz)
  --cache FOLDER       where prepared data is kept (default: in the folder for temporary files)
  --profile FOLDER     takes CPU profiles of the servers and says what took their time
  --minutes N          how long the soak runs (default 60)`

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

// Ends what was started, and removes what was made for it: both hang on the end of this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]))

// Each service and each folder hangs on it.
process.setMaxListeners(100)

// Said aloud, because a library that stops PostgreSQL when a process ends would end it with 0 otherwise.
process.exit(await main())

async function main(): Promise<number> {
  if (options.help) return tell(HELP)
  if (options.list) return tell(CASES.map(({ name, about }) => `${name.padEnd(8)} ${about}`).join('\n'))
  if (options['write-readme'] !== undefined) {
    await writeReadme(await readResults(options['write-readme']))
    return tell('wrote bench/README.md and bench/growth.svg')
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
  if (options.quick) console.log('Quick: small sizes and short rounds. These figures say nothing about speed.')
  else console.log(allFloorsMet(figures) ? 'Every floor is met.' : 'Some floors are not met.')
  return 0
}

function tell(text: string): number {
  console.log(text)
  return 0
}

function chosenCases(): readonly Case[] {
  if (positionals.length === 0) return CASES.filter(({ isLong }) => isLong !== true)
  return positionals.map((name) => {
    const found = CASES.find((one) => one.name === name)
    if (found === undefined) throw new Error(`there is no case "${name}": ${CASES.map((one) => one.name).join(', ')}`)
    return found
  })
}

function contextOf(): CaseContext {
  const size = options.size === undefined ? (options.quick ? 10_000 : 1_000_000) : toSize(options.size)
  const soakMinutes = Number(options.minutes)
  if (!(soakMinutes > 0)) throw new Error(`--minutes: a number above 0, not ${options.minutes}`)
  if (!existsSync(options.catalogue)) console.error(`no real catalogues at ${options.catalogue}: left out`)
  return {
    ...{ size, soakMinutes, isQuick: options.quick, cacheFolder: options.cache, catalogueFile: options.catalogue },
    ...{ profileFolder: options.profile, progress: new TerminalProgress() },
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
  const found = await one.run(context)
  const seconds = Math.round((performance.now() - startMs) / 1000)
  console.log(`\n${one.name} (${seconds} s)\n\n${tableOf(found.figures)}\n`)
  const { name } = one
  return { name, at: new Date().toISOString(), isQuick: context.isQuick, seconds, machine: describeMachine(), ...found }
}
