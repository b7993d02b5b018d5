import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Everything that has to hold before a change lands: formatting and lint, types, generated files, tests with coverage.
// Runs all of it even when one part fails, and ends with one line that counts checks and tests together.

const root = join(import.meta.dirname, '..')
const results = join(root, 'coverage', 'vitest.json')

const steps: readonly (readonly [name: string, script: string, ...args: string[]])[] = [
  ['format and lint', 'node_modules/@biomejs/biome/bin/biome', 'ci', '.'],
  ['types', 'node_modules/typescript/bin/tsc', '-p', '.'],
  ['generated files', 'tools/gen.ts', '--check'],
]

rmSync(join(root, 'coverage'), { recursive: true, force: true })
let passed = 0
let failed = 0
for (const [name, ...command] of steps) {
  if (run(name, command)) passed++
  else failed++
}
const testsAndCoverage = run('tests and coverage', [
  ...['node_modules/vitest/vitest.mjs', 'run', '--coverage'],
  ...['--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
])
const tests = readResults()
passed += tests.passed
failed += tests.failed
// A run that fails although every test passed has missed a coverage threshold, or broke off.
if (!testsAndCoverage && tests.failed === 0) failed++
printCoverage()
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function run(name: string, command: readonly string[]): boolean {
  console.log(`\n== ${name}`)
  const { status } = spawnSync(process.execPath, [...command], { cwd: root, stdio: 'inherit' })
  if (status !== 0) console.log(`== ${name}: FAILED`)
  return status === 0
}

function readResults(): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8')) as Record<string, number>
    return { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0 }
  } catch (error) {
    console.log(`the test run left no results: ${error}`)
    return { passed: 0, failed: 1 }
  }
}

type Counted = { readonly total: number; readonly covered: number }

/** Prints branch coverage of the core and of everything: the two figures that have thresholds. */
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
    const files = Object.entries(summary).filter(([path]) => path.startsWith(join(root, folder)))
    const covered = files.reduce((sum, [, { branches }]) => sum + branches.covered, 0)
    const total = files.reduce((sum, [, { branches }]) => sum + branches.total, 0)
    return `${((100 * covered) / total).toFixed(2)} % (${covered} of ${total})`
  }
  console.log(`\nbranch coverage: src/core ${share('src/core')}, src ${share('src')}`)
}
