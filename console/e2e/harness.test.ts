import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { Problems } from './support/problems.ts'

// A test in a browser fails when something goes wrong on its page.

const it = browserTest({ resources: [] })

it('errors on the console, uncaught errors and violations of the policy are problems of a page', async ({
  browser,
  service,
}) => {
  const context = await browser.newContext({ baseURL: service.url })
  const problems = new Problems()
  await problems.watch(context)
  const page = await context.newPage()
  await open(page, '/console/', { user: null })
  await page.getByRole('button', { name: 'Log in' }).waitFor()
  expect(problems.unexpected()).toEqual([])
  await page.evaluate(() => {
    console.error('logged')
    setTimeout(() => {
      throw new Error('thrown')
    })
    const style = document.createElement('style')
    style.textContent = 'p { color: red }'
    document.head.append(style)
  })
  await expect.poll(() => problems.unexpected().join('\n')).toMatch(/^console: logged/m)
  await expect.poll(() => problems.unexpected().join('\n')).toMatch(/^uncaught: Error: thrown/m)
  await expect.poll(() => problems.unexpected().join('\n')).toMatch(/^policy: style-src-elem forbids inline/m)
  for (const kind of [/^console:/, /^uncaught:/, /^policy:/]) problems.allow(kind)
  expect(problems.unexpected()).toEqual([])
  problems.allow(/something else/)
  expect(problems.unexpected()).toEqual(['nothing matches the allowed /something else/'])
  await context.close()
})

it('a page that breaks a rule of accessibility is refused with the rule', async ({ page }) => {
  await open(page, '/console/', { user: null })
  await page.evaluate(() => document.body.append(document.createElement('button')))
  await expect(expectNoViolations(page)).rejects.toThrow('button-name (critical)')
})

it('a test may change its browser: cookies, storage, routes, scripts, colours and size', async ({ page }) => {
  await page.route('**/healthz', (route) => route.fulfill({ body: 'ours' }))
  await page.addInitScript(() => Object.assign(window, { ours: true }))
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 800, height: 600 })
  await open(page, '/healthz')
  await page.evaluate(() => {
    localStorage.setItem('tagwerk.preferences', JSON.stringify({ language: 'zh-CN' }))
    sessionStorage.setItem('ours', 'true')
  })
  expect(await stateOf(page)).toEqual({ text: 'ours', stored: 2, isOurs: true, isDark: true, width: 800, cookies: 1 })
})

it('a test finds nothing of what the test before did to its browser', async ({ page }) => {
  await open(page, '/healthz', { user: null })
  const text = '{"status":"ok"}'
  expect(await stateOf(page)).toEqual({ text, stored: 0, isOurs: false, isDark: false, width: 1440, cookies: 0 })
  expect(
    page
      .context()
      .pages()
      .filter((each) => each !== page),
  ).toHaveLength(1)
})

async function stateOf(page: Page) {
  const seen = await page.evaluate(() => ({
    text: document.body.innerText,
    stored: localStorage.length + sessionStorage.length,
    isOurs: 'ours' in window,
    isDark: matchMedia('(prefers-color-scheme: dark)').matches,
    width: innerWidth,
  }))
  return { ...seen, cookies: (await page.context().cookies()).length }
}
