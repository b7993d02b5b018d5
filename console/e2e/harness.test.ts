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
