import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { mustRun, whySkipped } from '../console/e2e/support/chromium.ts'

// Everything that has to hold before a change lands: formatting and lint, types, generated files, the console, tests, also in
// a browser, and coverage of the core. Runs every part even when one fails, prints the time of each, and ends with one line
// that counts checks and tests. With --long the random, crash and linearizability runs have their complete length, with
// coverage of everything.

const root = join(import.meta.dirname, '..')
const results = join(root, 'coverage', 'vitest.json')
/** Known before anything runs, because it throws for a browser that is named and does not exist. */
const skipped = whySkipped(process.env)
const isLong = process.argv.includes('--long')
/** Of a failure that is repeated at the end. */
const LINES_SHOWN = 12

const steps: readonly (readonly [name: string, script: string, ...args: string[]])[] = [
  ['format and lint', 'node_modules/@biomejs/biome/bin/biome', 'ci', '.'],
  // Before any other types: tests of the console's rules need them too.
  ['types of the API for the console', 'tools/console-types.ts'],
  ['types', 'node_modules/typescript/bin/tsc', '-p', '.'],
  ['generated files', 'tools/gen.ts', '--check'],
  ['types of the console', 'node_modules/typescript/bin/tsc', '-p', 'console'],
  ['types of its tests', 'node_modules/typescript/bin/tsc', '-p', 'console/e2e'],
  ['console', 'tools/console.ts'],
]

rmSync(join(root, 'coverage'), { recursive: true, force: true })
const seconds = new Map<string, number>()
let passed = 0
let failed = 0
for (const [name, ...command] of steps) {
  if (run(name, command)) passed++
  else failed++
}
const vitest = 'node_modules/vitest/vitest.mjs'
// Precise coverage makes every test several times slower, so npm test measures it for the rules only.
const testsPassed = run('tests', [
  vitest,
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${results}`,
  ...(isLong ? ['--coverage'] : []),
])
const tests = readResults()
passed += tests.passed
failed += tests.failed
// A run that fails although every test passed missed a coverage threshold or broke off.
if (!testsPassed && tests.failed === 0) failed++
if (!isLong) {
  const flags = ['--coverage', '--coverage.include=src/core/**', '--coverage.thresholds.branches=100', '--reporter=dot']
  if (run('coverage of the core', [vitest, 'run', 'test/core', 'test/api-shared', ...flags])) passed++
  else failed++
}
printCoverage()
printTimes(tests.files)
printFailures(tests.files)
if (skipped !== undefined) {
  console.log(`\n${skipped}`)
  if (mustRun(process.env)) failed++
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function run(name: string, command: readonly string[]): boolean {
  console.log(`\n== ${name}`)
  const startMs = performance.now()
  const env = isLong ? { ...process.env, TAGWERK_TEST_LONG: '1' } : process.env
  const { status } = spawnSync(process.execPath, [...command], { cwd: root, stdio: 'inherit', env })
  seconds.set(name, (performance.now() - startMs) / 1000)
  if (status !== 0) console.log(`== ${name}: FAILED`)
  return status === 0
}

type TestResult = { readonly fullName: string; readonly status: string; readonly failureMessages: readonly string[] }
type FileResult = {
  readonly name: string
  readonly startTime: number
  readonly endTime: number
  readonly status: string
  /** Why the file could not be loaded or its set-up failed; empty otherwise. */
  readonly message: string
  readonly assertionResults: readonly TestResult[]
}
type Results = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly FileResult[]
}

function readResults(): { passed: number; failed: number; files: readonly FileResult[] } {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(results, 'utf8')) as Results
    return { passed: numPassedTests, failed: numFailedTests, files: testResults }
  } catch (error) {
    console.log(`the test run left no results: ${error}`)
    return { passed: 0, failed: 1, files: [] }
  }
}

type Counted = { readonly total: number; readonly covered: number }

/** Prints branch coverage of the core and, in a long run, of everything: the two figures that have thresholds. */
function printCoverage(): void {
  const file = join(root, 'coverage', 'coverage-summary.json')
  let summary: Record<string, { readonly branches: Counted }>
  try {
    summary = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    console.log('\nbranch coverage: not measured, because the test run did not finish')
    return
  }
  const share = (folder: string) => {
    const files = Object.entries(summary).filter(([path]) => path.startsWith(join(root, folder, '/')))
    const covered = files.reduce((sum, [, { branches }]) => sum + branches.covered, 0)
    const total = files.reduce((sum, [, { branches }]) => sum + branches.total, 0)
    return `${((100 * covered) / total).toFixed(2)} % (${covered} of ${total})`
  }
  console.log(`\nbranch coverage: src/core ${share('src/core')}${isLong ? `, src ${share('src')}` : ''}`)
}

/** Prints the wall-clock time of each part, and of the test folders, whose files run in parallel workers. */
function printTimes(files: readonly FileResult[]): void {
  console.log('\nseconds by part')
  for (const [name, value] of seconds) console.log(`${value.toFixed(1).padStart(8)}  ${name}`)
  const folders = new Map<string, number>()
  for (const { name, startTime, endTime } of files) {
    const folder = relative(root, dirname(name)).split('/', 2).join('/')
    folders.set(folder, (folders.get(folder) ?? 0) + (endTime - startTime) / 1000)
  }
  console.log('seconds by test folder, summed over workers')
  for (const [folder, value] of [...folders].sort((a, b) => b[1] - a[1])) {
    console.log(`${value.toFixed(1).padStart(8)}  ${folder}`)
  }
}

/** Repeats the failures at the end, where the last page of a log has them. */
function printFailures(files: readonly FileResult[]): void {
  for (const { name, status, message, assertionResults } of files) {
    const file = relative(root, name)
    const tests = assertionResults.filter((test) => test.status === 'failed')
    for (const { fullName, failureMessages } of tests) {
      console.log(`\nFAILED ${file}: ${fullName}\n${firstLines(failureMessages.join('\n'))}`)
    }
    if (status === 'failed' && tests.length === 0) console.log(`\nFAILED ${file}\n${firstLines(message)}`)
  }
}

function firstLines(text: string): string {
  return text.split('\n').slice(0, LINES_SHOWN).join('\n')
}
