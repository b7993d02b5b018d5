import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page, type Request } from 'playwright-core'
import { findChromium } from './support/chromium.ts'

// A tool, not a test: measures Explore on a service with many resources, and prints figures.
//
//   node console/e2e/million.ts --endpoint http://127.0.0.1:8780 --password ... [--project default]
//
// The data folder of `npm run bench` with a million images is made for it; `tagwerk admin-password` sets the password.

const { values } = parseArgs({
  options: {
    endpoint: { type: 'string', default: 'http://127.0.0.1:8780' },
    user: { type: 'string', default: 'admin' },
    password: { type: 'string' },
    project: { type: 'string', default: 'default' },
    rounds: { type: 'string', default: '5' },
  },
})

const KEY_MS = 30
const SCROLLS = 60
/** The first answers of a service that has just started make its indexes. */
const TIMEOUT_MS = 300_000
const SEARCH = '/resources/search'

/** Keeps in the page when it first showed the rows of another answer than before. */
function watchRows(): void {
  const state = window as unknown as { countBefore: string | undefined; rowsAt: number | undefined }
  const look = () => {
    const count = document.querySelector('h1')?.textContent ?? undefined
    const areRowsThere = document.querySelector('[aria-busy=false] [role=grid] [role=rowheader]') !== null
    if (areRowsThere && count !== state.countBefore) state.rowsAt ??= performance.now()
    requestAnimationFrame(look)
  }
  performance.setResourceTimingBufferSize(10_000)
  requestAnimationFrame(look)
}

type Figures = {
  readonly answerMs: number
  readonly rowsMs: number
  /** What the page computed until the rows: on a machine with other work, less than the time that passed. */
  readonly computedMs?: number
}

/** Tells the processor time that the page has taken since the watch began. */
async function watchProcessor(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000
  }
}

/** Does something that brings other rows: the time to the answer with rows, and from there to the first row in the page. */
async function timeOf(page: Page, computed: () => Promise<number>, act: () => Promise<unknown>): Promise<Figures> {
  const start = await page.evaluate(() => {
    const state = window as unknown as { countBefore: string | undefined; rowsAt: number | undefined }
    state.countBefore = document.querySelector('h1')?.textContent ?? undefined
    state.rowsAt = undefined
    return performance.now()
  })
  const before = await computed()
  await act()
  const { answerMs, rowsMs } = await figuresSince(page, start)
  return { answerMs, rowsMs, computedMs: (await computed()) - before }
}

async function figuresSince(page: Page, start: number): Promise<Figures> {
  await page.waitForFunction(() => (window as unknown as { rowsAt?: number }).rowsAt !== undefined, undefined, {
    timeout: TIMEOUT_MS,
  })
  const { rowsAt, answerAt } = await page.evaluate(
    ({ since, path }) => {
      const { rowsAt = 0 } = window as unknown as { rowsAt?: number }
      const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
      // Answers with rows are large; those that only count are not.
      const isRows = ({ name, startTime, responseEnd, decodedBodySize }: PerformanceResourceTiming) =>
        name.endsWith(path) && startTime >= since && responseEnd <= rowsAt && decodedBodySize > 10_000
      return { rowsAt, answerAt: Math.max(...entries.filter(isRows).map(({ responseEnd }) => responseEnd)) }
    },
    { since: start, path: SEARCH },
  )
  return { answerMs: answerAt - start, rowsMs: rowsAt - answerAt }
}

/** The searches that the page sends while something is done; those of its status bar are left out. */
async function searchesDuring(page: Page, act: () => Promise<void>) {
  const open = new Set<Request>()
  const seen = { sent: 0, givenUp: 0, mostAtOnce: 0 }
  const isCounted = (request: Request) => request.url().endsWith(SEARCH) && request.postData() !== '{"limit":0}'
  const onRequest = (request: Request) => {
    if (!isCounted(request)) return
    open.add(request)
    seen.sent++
    seen.mostAtOnce = Math.max(seen.mostAtOnce, open.size)
  }
  const onFinished = (request: Request) => open.delete(request)
  const onFailed = (request: Request) => {
    if (open.delete(request)) seen.givenUp++
  }
  page.on('request', onRequest).on('requestfinished', onFinished).on('requestfailed', onFailed)
  await act()
  page.off('request', onRequest).off('requestfinished', onFinished).off('requestfailed', onFailed)
  return seen
}

const rowsInPage = (page: Page) => page.locator('[role=grid] [role=rowheader]').count()

/** Scrolls on for a while: the most rows in the page, and how many rows were loaded. */
async function scroll(page: Page) {
  let most = 0
  const box = page.locator('[data-results]')
  for (let turn = 0; turn < SCROLLS; turn++) {
    await box.evaluate((element) => element.scrollBy(0, element.clientHeight * 4))
    await page.waitForTimeout(50)
    most = Math.max(most, await rowsInPage(page))
  }
  const loaded = await page.getByRole('grid').getAttribute('aria-rowcount')
  return { most, loaded: Number(loaded) - 1 }
}

function figures(what: string, times: readonly Figures[]): void {
  const of = (name: keyof Figures) => {
    const sorted = times.map((each) => each[name] ?? Number.NaN).toSorted((one, other) => one - other)
    return `median ${sorted[Math.floor(sorted.length / 2)]?.toFixed(0)} ms, worst ${sorted.at(-1)?.toFixed(0)} ms`
  }
  console.log(`${what}: until the answer ${of('answerMs')}; from there to the first rows ${of('rowsMs')}`)
  if (times.every(({ computedMs }) => computedMs !== undefined)) {
    console.log(`${what}: computed by the page in all ${of('computedMs')}`)
  }
}

async function measure(browser: Browser): Promise<void> {
  const context = await browser.newContext({ baseURL: values.endpoint, viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(TIMEOUT_MS)
  const headers = { 'x-tagwerk-console': '1' }
  const data = { user: values.user, password: values.password }
  const session = await context.request.post('/tagwerk/v1/session', { headers, data })
  if (session.status() !== 201) throw new Error(`no session: ${session.status()} ${await session.text()}`)
  const page = await context.newPage()
  await page.addInitScript(watchRows)
  const address = `/console/${encodeURIComponent(values.project)}/explore`
  await page.goto(address)
  await page.getByRole('rowheader').first().waitFor()
  console.log(await page.getByRole('heading', { level: 1 }).textContent())

  const loads: Figures[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    await page.reload()
    loads.push(await figuresSince(page, 0))
  }
  figures('page opened', loads)

  const choices = page
    .getByRole('group', { name: /^Values of / })
    .first()
    .getByRole('checkbox')
  const heading = page.getByRole('heading', { level: 1 })
  const all = await heading.textContent()
  const computed = await watchProcessor(page)
  const clicks: Figures[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    // Each value is new to the page, which would show an answer that it has had at once.
    clicks.push(await timeOf(page, computed, () => choices.nth(round).click()))
    await choices.nth(round).click()
    await page.waitForFunction((text) => document.querySelector('h1')?.textContent === text, all)
  }
  figures('value clicked', clicks)

  const { most, loaded } = await scroll(page)
  console.log(`scrolled over ${loaded} loaded rows: at most ${most} rows in the page`)

  await page.getByRole('radio', { name: 'Text' }).click()
  const field = page.getByRole('textbox', { name: 'Filter as text' })
  const text = 'name.startsWith("a") && size(tags) > 2 && !("owner" in tags)'
  const typed = await searchesDuring(page, async () => {
    await field.pressSequentially(text, { delay: KEY_MS })
    await page.waitForTimeout(3000)
  })
  console.log(`typed ${text.length} letters of text: ${JSON.stringify(typed)}`)
  await context.close()
}

const executablePath = findChromium(process.env.TAGWERK_TEST_CHROMIUM)
if (executablePath === undefined) throw new Error('there is no Chromium')
const browser = await chromium.launch({ executablePath })
try {
  await measure(browser)
} finally {
  await browser.close()
}
