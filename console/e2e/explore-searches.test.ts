import type { Page, Request } from 'playwright-core'
import { expect } from 'vitest'
import { browserTest, open } from './support/browser.ts'
import { count, EXPLORE, matches, RESOURCES, value } from './support/explore.ts'

const it = browserTest({ resources: RESOURCES })

const SEARCH = '**/resources/search'
/** What the status bar asks every two seconds. */
const POLL = '{"limit":0}'

type Body = { readonly filter?: string; readonly limit: number; readonly facets?: readonly unknown[] }

const isSearch = (request: Request) => request.url().endsWith('/resources/search') && request.postData() !== POLL
const bodyOf = (request: Request) => request.postDataJSON() as Body

/** Watches the searches of a page but those of its status bar. */
function watchSearches(page: Page) {
  const open = new Set<Request>()
  const seen = { sent: [] as Body[], mostAtOnce: 0 }
  page.on('request', (request) => {
    if (!isSearch(request)) return
    open.add(request)
    seen.sent.push(bodyOf(request))
    seen.mostAtOnce = Math.max(seen.mostAtOnce, open.size)
  })
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => open.delete(request))
  return seen
}

/** Lets searches wait in the order of their coming, until they are let go. */
async function hold(page: Page) {
  let letGo = () => {}
  const released = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route(SEARCH, async (route) => {
    if (isSearch(route.request())) await released
    // A search that the page has given up cannot go on.
    await route.continue().catch(() => undefined)
  })
  return async () => {
    letGo()
    await page.unroute(SEARCH)
  }
}

async function writeFilter(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Filter as text' }).fill(text)
  await page.keyboard.press('Enter')
}

it('opening Explore asks for the keys, then for the rows with the values of the open keys, and for no more', async ({
  page,
}) => {
  const seen = watchSearches(page)
  await open(page, EXPLORE)
  await matches(page, RESOURCES.length)
  await value(page, 'team', /^web/).waitFor()
  expect(seen.sent.map(({ limit, facets }) => [limit > 0, facets?.length])).toEqual([
    [false, 1],
    [true, 3],
  ])
  expect(seen.mostAtOnce).toBe(1)
})

it('of the searches of a filter that is typed and clicked on a slow service, one is under way and the last wins', async ({
  page,
}) => {
  await open(page, EXPLORE)
  await value(page, 'env', /^dev/).waitFor()
  await page.getByText('Text', { exact: true }).click()
  const seen = watchSearches(page)
  let letGo = await hold(page)
  for (const text of ['tags.env == "prod"', '"owner" in tags', 'tags.env in ["dev", "staging"]']) {
    await writeFilter(page, text)
  }
  await letGo()
  await matches(
    page,
    count(({ env }) => env === 'dev' || env === 'staging'),
  )
  // Those between were never sent.
  expect(seen.sent.map(({ filter }) => filter)).toEqual(['tags.env == "prod"', 'tags.env in ["dev", "staging"]'])
  letGo = await hold(page)
  await page.getByRole('button', { name: /^owner/ }).click()
  await value(page, 'team', /^web/).click()
  await value(page, 'team', /^data/).click()
  await value(page, 'team', /^web/).click()
  await letGo()
  await matches(
    page,
    count(({ env, team }) => (env === 'dev' || env === 'staging') && team === 'data'),
  )
  await value(page, 'owner', /^owner-10\b/).waitFor()
  expect(seen.mostAtOnce).toBe(1)
})

it('the answer of a search whose filter has changed since is never shown', async ({ page }) => {
  await open(page, EXPLORE)
  await value(page, 'env', /^dev/).waitFor()
  await page.getByText('Text', { exact: true }).click()
  const heading = page.getByRole('heading', { level: 1 })
  const shown = await page.evaluateHandle(() => {
    const texts: (string | null | undefined)[] = []
    const note = () => texts.push(document.querySelector('h1')?.textContent)
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true })
    return texts
  })
  const letGo = await hold(page)
  const sent = page.waitForRequest((request) => isSearch(request) && bodyOf(request).filter === 'tags.env == "dev"')
  await writeFilter(page, 'tags.env == "dev"')
  await sent
  await writeFilter(page, 'tags.env == "prod"')
  await letGo()
  await matches(
    page,
    count(({ env }) => env === 'prod'),
  )
  const [before, after] = [`${RESOURCES.length} resources`, await heading.textContent()]
  expect([...new Set(await shown.jsonValue())].filter((text) => text !== before && text !== after)).toEqual([])
})
