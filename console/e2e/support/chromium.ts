import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where distributions and installers put Chromium and its relatives. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Where `npx playwright install chromium` puts its own. */
const CACHES = [join(homedir(), '.cache/ms-playwright'), join(homedir(), 'Library/Caches/ms-playwright')]
const CACHED = [
  'chrome-linux/chrome',
  'chrome-linux64/chrome',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-mac-arm64/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * Gives the program of a Chromium; undefined when there is none. `named` is the one that `TAGWERK_TEST_CHROMIUM` names; throws
 * when it does not exist.
 */
export function findChromium(named: string | undefined): string | undefined {
  if (named !== undefined && !existsSync(named)) {
    throw new Error(`TAGWERK_TEST_CHROMIUM names a file that does not exist: ${named}`)
  }
  return named ?? [...PLACES, ...CACHES.flatMap(programsIn)].find((place) => existsSync(place))
}

function programsIn(cache: string): readonly string[] {
  if (!existsSync(cache)) return []
  const versions = readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name))
  return versions.flatMap((version) => CACHED.map((program) => join(cache, version, program)))
}

/** Says why the tests in a browser did not run; undefined when they did. */
export function whySkipped(environment: NodeJS.ProcessEnv): string | undefined {
  if (findChromium(environment.TAGWERK_TEST_CHROMIUM) !== undefined) return undefined
  return (
    'the tests in a browser were skipped, because there is no Chromium: install one (apt-get install chromium, or npx ' +
    'playwright install chromium), or name its program in TAGWERK_TEST_CHROMIUM'
  )
}

/** True where a skipped test counts as a failed one. */
export function mustRun({ CI }: NodeJS.ProcessEnv): boolean {
  return CI !== undefined && !['', '0', 'false'].includes(CI)
}
