import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { TestService } from '../../test/support/service.ts'
import { browserTest, expectNoViolations, open, type User } from './support/browser.ts'
import { userWithRole } from './support/users.ts'

const it = browserTest({ resources: [] })

const EXPLORE = '/console/default/explore'
const NEW = 'other word 2'

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Change password' })

/** Opens the dialog from the menu of the account, by keyboard. */
async function openDialog(page: Page, { user }: User) {
  const account = page.getByRole('button', { name: new RegExp(`^Account: ${user}`) })
  await account.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Change password' }).waitFor()
  await page.keyboard.press('Enter')
  const dialog = dialogOf(page)
  await dialog.waitFor()
  return dialog
}

/** Writes the three fields one after another, and sends them. */
async function write(page: Page, ...texts: readonly [original: string, password: string, again: string]) {
  await dialogOf(page).getByLabel('Current password').focus()
  for (const text of texts) {
    await page.keyboard.press('Control+a')
    await page.keyboard.type(text)
    await page.keyboard.press('Tab')
  }
  await dialogOf(page).getByLabel('New password again').press('Enter')
}

/** Answers the polls of the revision in place of the service. */
async function answerPolls(page: Page, service: TestService): Promise<void> {
  const path = `/tagwerk/v1/${service.project}/resources/search`
  const { body } = await service.call('POST', path, { body: { limit: 0 } })
  await page.route(`**${path}`, (route) => {
    const isPoll = route.request().postData() === '{"limit":0}'
    return isPoll ? route.fulfill({ json: body }) : route.continue()
  })
}

describe('changing the own password', () => {
  it('goes by keyboard alone, says what ends, and leaves this session alone', async ({ page, service, browser }) => {
    const user = await userWithRole(service, 'changer', 'readonly')
    const other = await browser.newContext({ baseURL: service.url })
    const elsewhere = await other.newPage()
    await open(elsewhere, EXPLORE, { user })
    await elsewhere.getByRole('button', { name: /^Account: changer/ }).waitFor()
    await open(page, EXPLORE, { user })
    const dialog = await openDialog(page, user)
    await dialog.getByText(/^Your other sessions and all tokens end\./).waitFor()
    await dialog.getByText(/^At least 8 characters of two kinds/).waitFor()
    await expectNoViolations(page)
    // Between both sessions the service refuses what the page asks for by itself, which a browser logs.
    await answerPolls(page, service)
    await write(page, user.password, NEW, NEW)
    await dialog.getByText('The password is changed. Your other sessions have ended.').waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => dialog.count()).toBe(0)
    await page.unrouteAll()
    await page.reload()
    await page.getByRole('button', { name: /^Account: changer/ }).waitFor()
    await elsewhere.getByRole('button', { name: 'Log in' }).waitFor()
    await other.close()
  })

  it('shows what is wrong at its field, and keeps what was written', async ({ page, service, problems }) => {
    problems.allow(/status of 400/)
    const user = await userWithRole(service, 'writer', 'readonly')
    await open(page, EXPLORE, { user })
    const dialog = await openDialog(page, user)
    const errorOf = (label: string) =>
      dialog.getByLabel(label, { exact: true }).evaluate((field) => {
        const ids = field.getAttribute('aria-describedby')?.split(' ') ?? []
        return ids.map((id) => document.getElementById(id)?.innerText ?? '').join(' ')
      })
    await write(page, user.password, NEW, 'another word 2')
    await expect.poll(() => errorOf('New password again')).toContain('The two new passwords differ.')
    await write(page, 'wrong', NEW, NEW)
    await expect.poll(() => errorOf('Current password')).toContain('This is not your current password.')
    await write(page, user.password, 'short', 'short')
    await expect.poll(() => errorOf('New password')).toMatch(/8 characters.*at least 8 characters/is)
    expect(await dialog.getByLabel('Current password').inputValue()).toBe(user.password)
    await expectNoViolations(page)
  })

  it('is in Chinese for a reader of Chinese', async ({ page, service }) => {
    const user = await userWithRole(service, 'reader', 'readonly')
    await open(page, EXPLORE, { user })
    await page.getByRole('button', { name: /^Language/ }).click()
    await page.getByRole('menuitem', { name: '中文' }).click()
    await page.getByRole('button', { name: /^账户: reader/ }).click()
    await page.getByRole('menuitem', { name: '修改密码' }).click()
    await page.getByRole('dialog', { name: '修改密码' }).getByLabel('当前密码').waitFor()
    await expectNoViolations(page)
  })
})
