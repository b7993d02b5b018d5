import { describe, expect } from 'vitest'
import { ADMIN_PASSWORD } from '../../test/support/service.ts'
import { browserTest, expectNoViolations, open } from './support/browser.ts'

const it = browserTest()

describe('the log-in', () => {
  it('a browser that asks for the address alone gets it, and it breaks no rule of accessibility', async ({ page }) => {
    await open(page, '/', { user: null })
    expect(new URL(page.url()).pathname).toBe('/console/')
    await page.getByRole('button', { name: 'Log in' }).waitFor()
    expect(await page.title()).toContain('Tagwerk')
    await expectNoViolations(page)
  })

  it('a wrong password is refused with words, and the right one opens the page that was asked for', async ({
    page,
  }) => {
    await open(page, '/console/default/explore', { user: null })
    await page.getByLabel('User').fill('admin')
    const password = page.getByLabel('Password')
    expect(await password.getAttribute('type')).toBe('password')
    await password.fill('not the password')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').waitFor()
    await expectNoViolations(page)
    await password.fill(ADMIN_PASSWORD)
    await password.press('Enter')
    await page.getByRole('button', { name: /admin/ }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/console/default/explore')
  })

  it('after logging out the log-in stands in place of every page, also after a reload', async ({ page }) => {
    await open(page, '/console/')
    const account = page.getByRole('button', { name: /admin/ })
    await account.click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    const logIn = page.getByRole('button', { name: 'Log in' })
    await logIn.waitFor()
    expect(await account.count()).toBe(0)
    await page.reload()
    await logIn.waitFor()
  })
})
