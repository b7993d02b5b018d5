import { expect } from 'vitest'
import { browserTest, open } from './support/browser.ts'

const it = browserTest()

it('a screen whose files cannot be loaded says so inside the frame, and loading the page again shows it', async ({
  page,
  problems,
}) => {
  problems.allow(/./)
  await page.route(/\/assets\/policies-/, (route) => route.abort())
  await open(page, '/console/default/explore')
  await page.getByRole('navigation').getByRole('link', { name: 'Policies', exact: true }).click()
  const alert = page.getByRole('alert')
  await alert.getByText('The page failed').waitFor()
  expect(await page.getByRole('navigation').getByRole('link', { name: 'Explore' }).count()).toBe(1)
  await page.unroute(/\/assets\/policies-/)
  await alert.getByRole('button', { name: 'Load the page again' }).click()
  await page.getByRole('heading', { name: 'Policies', exact: true }).waitFor()
})
