import axe from 'axe-core'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { inject, test, vi } from 'vitest'
import { demoCatalogue } from '../../../src/cli/demo-catalogue.ts'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../../../test/support/service.ts'
import { mustRun, whySkipped } from './chromium.ts'
import { Problems } from './problems.ts'

// Tests of the console in a browser, on a service of the file's own. CONTRIBUTING.md says how to run them.

export type User = { readonly user: string; readonly password: string; readonly domain?: string }

const ADMIN: User = { user: 'admin', password: ADMIN_PASSWORD }
/** A machine that runs other tests at the same time is slow. */
const TEST_TIMEOUT_MS = 300_000
const ACTION_TIMEOUT_MS = 60_000
const VIEWPORT = { width: 1440, height: 900 }
/** The rules of WCAG 2.2, levels A and AA. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

export type StageOptions = {
  /** Settings of the service by their names. */
  readonly flags?: Readonly<Record<string, string>>
  /** What the service has, one import line each. Default: the catalogue of the demo. */
  readonly resources?: readonly Readonly<Record<string, unknown>>[]
  /** The browser: its language, its colours, its size. */
  readonly context?: BrowserContextOptions
  /** The clock of the service, for a history that reaches back days. */
  readonly clock?: () => number
}

/**
 * Gives the `it` of a file. Its tests share a service and a browser's cache. Each has a page of its own, without cookies and
 * stored preferences, which fails the test on an error on the console, an uncaught error, and a violation of the content
 * security policy. `problems` allows some of them. Without a Chromium the tests are skipped, except in CI.
 */
export function browserTest(stage: StageOptions = {}) {
  const { flags = {}, resources = demoCatalogue(), context: options = {}, clock } = stage
  vi.setConfig({ testTimeout: TEST_TIMEOUT_MS })
  const it = test
    .extend('service', { scope: 'file' }, async ({}, { onCleanup }): Promise<TestService> => {
      const service = await startTestService({ flags, ...(clock && { internals: { clock } }) })
      onCleanup(() => service.stop())
      if (resources.length > 0) await service.register(...resources)
      return service
    })
    .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
      const browser = await chromium.connect(await browserAddress())
      // Ends the connection; the browser goes on.
      onCleanup(() => browser.close())
      return browser
    })
    .extend('profile', { scope: 'file' }, async ({ service, browser }, { onCleanup }): Promise<Profile> => {
      const context = await browser.newContext({
        baseURL: service.url,
        viewport: VIEWPORT,
        locale: 'en-US',
        ...options,
      })
      onCleanup(() => context.close())
      context.setDefaultTimeout(ACTION_TIMEOUT_MS)
      const keeper = await context.newPage()
      await keeper.goto('/healthz')
      return { context, keeper }
    })
    .extend('problems', async ({}, { onCleanup }) => {
      const problems = new Problems()
      onCleanup(() => failWith('the page had problems', problems.unexpected()))
      return problems
    })
    .extend('page', async ({ profile, problems }, { onCleanup }): Promise<Page> => {
      const { context, keeper } = profile
      await forgetAll(profile)
      const unwatch = await problems.watch(context)
      onCleanup(async () => {
        for (const page of context.pages()) if (page !== keeper) await page.close()
        await unwatch()
      })
      return context.newPage()
    })
  return whySkipped(process.env) === undefined || mustRun(process.env) ? it : (it.skip as unknown as typeof it)
}

/** What the tests of a file have of a browser. */
type Profile = {
  readonly context: BrowserContext
  /** A page of the service that shows next to nothing: while it is open, compiled scripts of the console are kept. */
  readonly keeper: Page
}

/** Everything that a page can leave behind for the next one, but for the cache. */
async function forgetAll({ context, keeper }: Profile): Promise<void> {
  await context.clearCookies()
  await keeper.evaluate(() => localStorage.clear())
}

async function browserAddress(): Promise<string> {
  const response = await fetch(inject('browserAt'))
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}

/** Opens a path such as `/console/` after a user has logged in: the administrator if none is given, nobody for null. */
export async function open(page: Page, path: string, { user = ADMIN }: { user?: User | null } = {}): Promise<void> {
  if (user !== null) await logIn(page, user)
  await page.goto(path)
}

/** Logs in as the console does, so that the browser has the cookie. */
async function logIn(page: Page, user: User): Promise<void> {
  const headers = { 'x-tagwerk-console': '1' }
  const answer = await page.context().request.post('/tagwerk/v1/session', { headers, data: user })
  if (answer.status() !== 201) throw new Error(`no session: ${answer.status()} ${await answer.text()}`)
}

/** Expects that the page, as it stands, breaks no rule of WCAG 2.2 AA that a program can check. */
export async function expectNoViolations(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const violations = await page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    // What was announced is removed after seconds, and may refer to what is gone already.
    const context = { exclude: '[data-live-announcer]' }
    await Promise.all(
      document
        .getAnimations()
        .map(({ effect, finished }) =>
          effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY
            ? undefined
            : finished.catch(() => undefined),
        ),
    )
    return (await axe.run(context, { runOnly: tags, resultTypes: ['violations'] })).violations
  }, WCAG)
  const lines = violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${impact}): ${help}: ${target.join(' ')}: ${failureSummary}`),
  )
  failWith('the page breaks rules of accessibility', lines)
}

function failWith(what: string, lines: readonly string[]): void {
  if (lines.length > 0) throw new Error([`${what}:`, ...lines].join('\n'))
}
