import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { browserTest, open, type User } from './support/browser.ts'
import { expectNoViolationsInBothLooks } from './support/looks.ts'
import { POLICY, putPolicy } from './support/policies.ts'
import { userWithRole } from './support/users.ts'

// Every screen by its address: no rule of accessibility is broken, no policy violated, and somebody who may only read sees it.

const it = browserTest()
  .extend('plan', { scope: 'file', auto: true }, async ({ service }): Promise<string> => {
    await putPolicy(service, 'owners', POLICY)
    const actions = [{ rename_key: { from: 'Env', to: 'env', if_both: 'keep-to' } }]
    const body = { select: { filter: '"Env" in tags' }, actions }
    return (await service.call('POST', `/tagwerk/v1/${service.project}/plans`, { body })).body.id
  })
  .extend('reader', { scope: 'file' }, ({ service }): Promise<User> => userWithRole(service, 'reader', 'readonly'))

/** The address of each screen, below the project. */
const SCREENS = {
  Explore: 'explore',
  'Explore with a filter': `explore?filter=${encodeURIComponent('tags.env == "prod"')}`,
  'the list of keys': 'tags',
  'the page of a key': 'tags/env',
  'Clean-up': 'clean-up',
  'the list of plans': 'plans',
  'a plan': 'plans/{plan}',
  'the board of policies': 'policies',
  Activity: 'activity',
} as const

/** Those whose own tests see to the rules of accessibility, with more on the screen. */
const OTHER_SCREENS = [
  'compare',
  ...['projects', 'users', 'roles', 'access-keys', 'limits', 'account-log'].map((page) => `admin/${page}`),
]

/** Rows with data in a table or list. */
const rows = (page: Page) =>
  page.getByRole('row').filter({ has: page.getByRole('gridcell').or(page.getByRole('rowheader')) })

describe('every screen', () => {
  for (const [name, path] of Object.entries(SCREENS)) {
    it(`${name} breaks no rule of accessibility, light and in English, dark and in Chinese`, async ({ page, plan }) => {
      await open(page, `/console/default/${path.replace('{plan}', plan)}`)
      await rows(page).first().waitFor()
      await expectNoViolationsInBothLooks(page)
    })
  }

  it('a user who may only read can open all of them', async ({ page, plan, reader, problems }) => {
    // The policies, users and roles of the domain are not for somebody with a role in a project alone.
    problems.allow(/status of 403/)
    await open(page, '/console/', { user: reader })
    for (const path of [...Object.values(SCREENS), ...OTHER_SCREENS]) {
      await page.goto(`/console/default/${path.replace('{plan}', plan)}`)
      await page.getByRole('heading').first().waitFor()
      // Any call that is refused has to be answered before the next screen.
      await page.waitForLoadState('networkidle')
      expect(await page.getByText('There is no such page').count()).toBe(0)
    }
  })

  it('a user who may only read is told why a plan cannot be applied', async ({ page, plan, reader }) => {
    await open(page, `/console/default/plans/${plan}`, { user: reader })
    await page.getByRole('paragraph').filter({ hasText: 'None of your roles allows tagwerk:plans:apply.' }).waitFor()
    const apply = page.getByRole('button', { name: /^Apply \d+ changes$/ })
    await expect.poll(() => apply.getAttribute('aria-disabled')).toBe('true')
  })
})
