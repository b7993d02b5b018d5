import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { EXPLORE, RESOURCES, rows } from './support/explore.ts'

const it = browserTest({ resources: RESOURCES })

const FIRST_PAGE = 50

const row = (page: Page, name: string) => rows(page).filter({ hasText: name }).first()
const named = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
const roleAndText = (page: Page) =>
  page.evaluate(() => [document.activeElement?.getAttribute('role'), document.activeElement?.textContent])
const selected = (page: Page) =>
  page
    .getByRole('grid', { name: 'Explore' })
    .getByRole('row', { selected: true })
    .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')))

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

it('arrows lead from row to row of a table, into its cells and its head, and Tab leaves it', async ({ page }) => {
  await open(page, EXPLORE)
  await row(page, 'image number 0').focus()
  await press(page, 'ArrowDown')
  expect(await named(page)).toBe('image number 1')
  await press(page, 'ArrowRight')
  expect(await named(page)).toBe('Select image number 1')
  await press(page, 'ArrowRight')
  expect(await roleAndText(page)).toEqual(['rowheader', 'image number 1'])
  await press(page, 'ArrowDown')
  expect(await roleAndText(page)).toEqual(['rowheader', 'image number 2'])
  await press(page, 'Home')
  expect(await named(page)).toBe('Select image number 2')
  await press(page, 'ArrowLeft', 'Home')
  expect(await named(page)).toBe('image number 0')
  await press(page, 'ArrowUp')
  expect(await named(page)).toBe('Select all')
  await press(page, 'ArrowRight')
  expect(await roleAndText(page)).toEqual(['columnheader', 'Name'])
  await press(page, 'ArrowDown', 'PageDown')
  const far = await named(page)
  expect(far).not.toBe('image number 0')
  await press(page, 'Tab')
  expect(await page.evaluate(() => document.activeElement?.closest('[role=grid]') === null)).toBe(true)
  await press(page, 'Shift+Tab')
  expect(await named(page)).toBe(far)
})

it('Space, Shift with arrows and Ctrl A select rows of a table, and Escape takes all of them out again', async ({
  page,
}) => {
  await open(page, EXPLORE)
  await row(page, 'image number 0').focus()
  await press(page, 'Space', 'ArrowDown', 'ArrowDown', 'Space')
  expect(await selected(page)).toEqual(['image number 0', 'image number 2'])
  await press(page, 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowUp')
  expect(await selected(page)).toEqual(['image number 0', 'image number 2', 'image number 3'])
  await expectNoViolations(page)
  await press(page, 'Escape')
  expect(await selected(page)).toEqual([])
  await press(page, 'Control+a')
  await page.getByText(`${FIRST_PAGE} selected`).waitFor()
  const all = page.getByRole('checkbox', { name: 'Select all' })
  expect(await all.isChecked()).toBe(true)
  await press(page, 'Space')
  await page.getByText(`${FIRST_PAGE - 1} selected`).waitFor()
  expect(await all.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true)
  await row(page, 'image number 1').click({ modifiers: ['Shift'] })
  expect(page.url()).not.toContain('r=')
  await press(page, 'Escape')
  await page.getByText('selected', { exact: false }).waitFor({ state: 'detached' })
})

it('letters lead to the next row of a table that begins with them', async ({ page }) => {
  await open(page, `${EXPLORE}?filter=${encodeURIComponent('tags.engine == "mysql"')}`)
  await row(page, 'database number 0').focus()
  await page.keyboard.type('Data')
  expect(await named(page)).toBe('database number 1')
  await page.keyboard.type('base number 17')
  expect(await named(page)).toBe('database number 17')
  expect(await selected(page)).toEqual([])
})

it('the row of a table that has the focus stays in the page when it leaves sight', async ({ page }) => {
  await open(page, EXPLORE)
  await row(page, 'image number 5').focus()
  await page.locator('[data-results]').evaluate((box) => box.scrollBy(0, 1200))
  await row(page, 'image number 8').waitFor({ state: 'detached' })
  expect(await named(page)).toBe('image number 5')
  await press(page, 'ArrowDown')
  expect(await named(page)).toBe('image number 6')
})

it('when the row of a table that has the focus is gone, the row in its place has it', async ({ page, service }) => {
  await open(page, `${EXPLORE}?filter=${encodeURIComponent('tags.team == "data"')}`)
  await row(page, 'image number 2').focus()
  const change = { action: 'delete', tags: [{ key: 'team', value: 'data' }] }
  await service.call('POST', `/tagwerk/v1/${service.project}/resources/images/image-2/tags`, { body: change })
  await expect.poll(() => named(page)).toBe('image number 4')
})
