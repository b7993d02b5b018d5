import { AxeBuilder } from '@axe-core/playwright'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
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
 * Gives the `it` of a file. Its tests share a service, and each has a page in a browser without cookies, which fails the test
 * on an error on the console, an uncaught error, and a violation of the content security policy. `problems` allows some of
 * them. Without a Chromium the tests are skipped, except in CI.
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
    .extend('problems', async ({}, { onCleanup }) => {
      const problems = new Problems()
      onCleanup(() => failWith('the page had problems', problems.unexpected()))
      return problems
    })
    .extend('page', async ({ service, browser, problems }, { onCleanup }): Promise<Page> => {
      const context = await browser.newContext({
        baseURL: service.url,
        viewport: VIEWPORT,
        locale: 'en-US',
        ...options,
      })
      onCleanup(() => context.close())
      context.setDefaultTimeout(ACTION_TIMEOUT_MS)
      await problems.watch(context)
      return context.newPage()
    })
  return whySkipped(process.env) === undefined || mustRun(process.env) ? it : (it.skip as unknown as typeof it)
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

/** Expects that the page breaks no rule of WCAG 2.2 AA that a program can check. */
export async function expectNoViolations(page: Page): Promise<void> {
  // What was announced is removed after seconds, and may refer to what is gone already.
  const announced = '[data-live-announcer]'
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).exclude(announced).analyze()
  const lines = violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${impact}): ${help}: ${target.join(' ')}: ${failureSummary}`),
  )
  failWith('the page breaks rules of accessibility', lines)
}

function failWith(what: string, lines: readonly string[]): void {
  if (lines.length > 0) throw new Error([`${what}:`, ...lines].join('\n'))
}
