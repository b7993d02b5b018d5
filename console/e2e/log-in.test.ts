import { expect } from 'vitest'
import { browserTest, expectNoViolations, open } from './support/browser.ts'

const it = browserTest()

it('a browser that asks for the address alone gets the log-in, which breaks no rule of accessibility', async ({
  page,
}) => {
  await open(page, '/', { user: null })
  expect(new URL(page.url()).pathname).toBe('/console/')
  await page.getByRole('button', { name: 'Log in' }).waitFor()
  expect(await page.title()).toContain('Tagwerk')
  await expectNoViolations(page)
})

it('a user with a session gets a page of the console instead of the log-in', async ({ page }) => {
  await open(page, '/console/')
  await page.getByRole('main').waitFor()
  expect(await page.getByLabel('Password').count()).toBe(0)
})
