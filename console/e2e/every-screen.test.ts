import { describe, expect } from 'vitest'
import { browserTest, expectNoViolations, open, type User } from './support/browser.ts'
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
  Compare: 'compare',
  'the list of keys': 'tags',
  'the page of a key': 'tags/env',
  'Clean-up': 'clean-up',
  'the list of plans': 'plans',
  'a plan': 'plans/{plan}',
  'the board of policies': 'policies',
  Activity: 'activity',
  Projects: 'admin/projects',
  Users: 'admin/users',
  Roles: 'admin/roles',
  'Access keys': 'admin/access-keys',
  Limits: 'admin/limits',
  'the account log': 'admin/account-log',
} as const

describe('every screen', () => {
  for (const [name, path] of Object.entries(SCREENS)) {
    it(`${name} breaks no rule of accessibility, in the light and in the dark theme`, async ({ page, plan }) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await open(page, `/console/default/${path.replace('{plan}', plan)}`)
        await page.getByRole('heading').first().waitFor()
        await page.waitForLoadState('networkidle')
        expect(await page.getByText('There is no such page').count()).toBe(0)
        await expectNoViolations(page)
      }
    })
  }

  it('a user who may only read can open all of them', async ({ page, plan, reader, problems }) => {
    // The policies, users and roles of the domain are not for somebody with a role in a project alone.
    problems.allow(/status of 403/)
    for (const path of Object.values(SCREENS)) {
      await open(page, `/console/default/${path.replace('{plan}', plan)}`, { user: reader })
      await page.getByRole('heading').first().waitFor()
      await page.waitForLoadState('networkidle')
    }
  })

  it('a user who may only read is told why a plan cannot be applied', async ({ page, plan, reader }) => {
    await open(page, `/console/default/plans/${plan}`, { user: reader })
    await page.getByRole('paragraph').filter({ hasText: 'None of your roles allows tagwerk:plans:apply.' }).waitFor()
    const apply = page.getByRole('button', { name: /^Apply \d+ changes$/ })
    expect(await apply.getAttribute('aria-disabled')).toBe('true')
  })
})
