import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { makeUser, READER_PASSWORD } from '../../test/api/fixtures.ts'
import type { TestService } from '../../test/support/service.ts'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { hasFocus } from './support/focus.ts'
import { expectNoViolationsInBothLooks, switchToChinese } from './support/looks.ts'

const it = browserTest({ flags: { faults: 'on' }, resources: [] })

const ADMIN = '/console/default/admin'
const PASSWORD = 'a good Passphrase 1'

/** A call of the administrator of the domain. */
async function ask(service: TestService, method: string, path: string, body?: unknown) {
  const token = await service.tokenFor(undefined)
  const answer = await service.call(method, `/tagwerk/v1/${path}`, { token, ...(body !== undefined && { body }) })
  expect(answer.status, answer.text).toBeLessThan(300)
  return answer.body
}

const drawer = (page: Page, name: string | RegExp): Locator => page.getByRole('complementary', { name })
/** A text that is seen, not the same one that a button has as its description. */
const seen = (within: Locator | Page, text: string | RegExp): Locator =>
  within.getByText(text).filter({ visible: true }).first()
const row = (page: Page, name: string | RegExp): Locator => page.getByRole('row', { name })

/** Chooses an option of a list that opens. */
async function choose(within: Locator | Page, page: Page, label: string, option: string): Promise<void> {
  await within.getByRole('button', { name: new RegExp(label) }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

it('an administrator makes a project, and finds it in the menu of projects', async ({ page, problems }) => {
  problems.allow(/status of 409/)
  await open(page, `${ADMIN}/projects`)
  await page.getByRole('button', { name: 'New project' }).click()
  const form = drawer(page, /New project/)
  await form.getByRole('button', { name: 'Create' }).click()
  await form.getByText('Enter a name.').waitFor()
  await form.getByLabel('Name').fill('default')
  await form.getByRole('button', { name: 'Create' }).click()
  await form.getByText('The name is in use.').waitFor()
  await form.getByLabel('Name').fill('shop')
  await form.getByLabel('Description').fill('sells things')
  await form.getByRole('button', { name: 'Create' }).click()
  await drawer(page, 'Project shop').waitFor()
  expect(new URL(page.url()).searchParams.get('open')).toMatch(/^[0-9a-f]{32}$/)
  await row(page, 'shop').waitFor()
  await page.getByRole('button', { name: 'Project: default' }).click()
  await page.getByRole('menuitem', { name: 'shop' }).waitFor()
})

it('an administrator makes a user, grants a role in a project and takes it away', async ({
  page,
  service,
  problems,
}) => {
  problems.allow(/status of 400/)
  await open(page, `${ADMIN}/users`)
  await page.getByRole('button', { name: 'New user' }).click()
  const form = drawer(page, /New user/)
  await form.getByLabel('Name').fill('ann')
  await form.getByLabel('Password').fill('short')
  await form.getByRole('button', { name: 'Create' }).click()
  await form.getByText('Must have at least 8 characters.').waitFor()
  await form.getByLabel('Password').fill(PASSWORD)
  await form.getByRole('button', { name: 'Create' }).click()
  const user = drawer(page, 'User ann')
  await user.getByText('The user has no role').waitFor()
  await choose(user, page, 'Role', 'Tenant Guest')
  await choose(user, page, 'Where', 'default')
  await user.getByRole('button', { name: 'Grant' }).click()
  await user.getByText('Granted Tenant Guest in default.').waitFor()
  await user.getByRole('list', { name: 'Roles' }).getByText('Tenant Guest').waitFor()
  const session = { user: 'ann', password: PASSWORD }
  const headers = { 'x-tagwerk-console': '1' }
  const logIn = () => service.call('POST', '/tagwerk/v1/session', { token: null, body: session, headers })
  expect((await logIn()).status).toBe(201)
  await user.getByRole('button', { name: 'Take Tenant Guest in default away' }).click()
  await user.getByText('Took Tenant Guest in default away.').waitFor()
  await user.getByText('The user has no role').waitFor()
  expect((await logIn()).status).toBe(403)
})

it('the secret of a new access key is seen once, and stays until somebody says so', async ({ page, service }) => {
  const { id } = await ask(service, 'POST', 'domain/users', { name: 'robot' })
  await open(page, `${ADMIN}/access-keys?user=${id}`)
  await page.getByText('robot has no access key').waitFor()
  await page.getByRole('button', { name: 'New access key' }).click()
  const form = drawer(page, /New access key of robot/)
  await form.getByLabel('Description').fill('for imports')
  await form.getByRole('button', { name: 'Create' }).click()
  const dialog = page.getByRole('dialog', { name: 'The secret of the new access key' })
  await dialog.waitFor()
  const [key = '', secret = ''] = await dialog.locator('code').allTextContents()
  expect([key, secret]).toEqual([expect.stringMatching(/^[A-Z0-9]{20}$/), expect.stringMatching(/^\w{40}$/)])
  await expectNoViolations(page)
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'I have it' }).click()
  await dialog.waitFor({ state: 'detached' })
  await row(page, key).waitFor()
  expect(await page.content()).not.toContain(secret)
  await page.reload()
  await row(page, key).click()
  const opened = drawer(page, `Access key ${key}`)
  await opened.getByRole('button', { name: 'Disable' }).click()
  await opened.getByText('An administrator disabled it.').waitFor()
  expect((await ask(service, 'GET', `domain/users/${id}/access-keys`)).access_keys).toMatchObject([
    { access_key: key, enabled: false, is_locked: true },
  ])
  expect(await page.content()).not.toContain(secret)
})

it('a user is disabled at once, and deleted only after its name is typed', async ({ page, service }) => {
  const { id } = await ask(service, 'POST', 'domain/users', { name: 'leaver', password: PASSWORD })
  await open(page, `${ADMIN}/users?open=${id}`)
  const user = drawer(page, 'User leaver')
  await user.getByRole('button', { name: 'Disable' }).click()
  await row(page, 'leaver').getByText('Disabled').waitFor()
  await user.getByRole('button', { name: 'Enable' }).waitFor()
  await user.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete user leaver?' })
  await dialog.waitFor()
  await expectNoViolations(page)
  const button = dialog.getByRole('button', { name: 'Delete' })
  expect(await button.getAttribute('aria-disabled')).toBe('true')
  await dialog.getByLabel('Type leaver to delete it').fill('leaver')
  await button.click()
  await row(page, 'leaver').waitFor({ state: 'detached' })
  const { users } = await ask(service, 'GET', 'domain/users')
  expect(users.map(({ name }: { name: string }) => name)).not.toContain('leaver')
})

it('limits of a project are set, and left to the service again', async ({ page, service }) => {
  await open(page, `${ADMIN}/limits`)
  await page.getByRole('button', { name: 'Set limits' }).click()
  const form = drawer(page, /Limits of default/)
  await form.getByLabel('Resources').fill('5000')
  await form.getByLabel('Imports at a time').fill('2')
  await form.getByRole('button', { name: 'Save' }).click()
  await form.getByText('The limits are set.').waitFor()
  await row(page, /^Resources/)
    .getByText('5,000')
    .waitFor()
  await row(page, /^Resources/)
    .getByText('this project')
    .waitFor()
  const path = `projects/${service.project}/limits`
  expect((await ask(service, 'GET', path)).own).toEqual({ resources_max: 5000, imports_max: 2 })
  await form.getByLabel('Resources').fill('')
  await form.getByLabel('Imports at a time').fill('')
  await form.getByRole('button', { name: 'Save' }).click()
  await row(page, /^Resources/)
    .getByText('the service')
    .waitFor()
  expect((await ask(service, 'GET', path)).own).toEqual({})
})

it('a role is written line by line, and an action of another form is refused at its field', async ({
  page,
  service,
  problems,
}) => {
  problems.allow(/status of 400/)
  await open(page, `${ADMIN}/roles?form=new`)
  const form = drawer(page, /New role/)
  await form.getByLabel('Name').fill('Auditor')
  await form.getByLabel('Allowed actions').fill('tagwerk:accountLog:read\nread')
  await form.getByRole('button', { name: 'Create' }).click()
  await form.getByText(/Must be service:resource:operation.*"read"/).waitFor()
  await form.getByLabel('Allowed actions').fill('tagwerk:accountLog:read\ntagwerk:resources:list')
  await form.getByLabel('Denied actions').fill('ims:*:*')
  await form.getByRole('button', { name: 'Create' }).click()
  await drawer(page, 'Role Auditor').waitFor()
  const { roles } = await ask(service, 'GET', 'domain/roles')
  expect(roles.at(-1)).toMatchObject({
    display_name: 'Auditor',
    scope: 'project',
    policy: {
      Statement: [
        { Effect: 'Allow', Action: ['tagwerk:accountLog:read', 'tagwerk:resources:list'] },
        { Effect: 'Deny', Action: ['ims:*:*'] },
      ],
    },
  })
  await row(page, 'Tenant Guest').click()
  await drawer(page, 'Role Tenant Guest').getByText('*:*:list*').waitFor()
})

it('faults are injected into one API, and all are ended by one button', async ({ page, service }) => {
  await open(page, `${ADMIN}/faults`)
  const endAll = page.getByRole('button', { name: 'End all faults' })
  await expect.poll(() => endAll.getAttribute('aria-disabled')).toBe('true')
  await row(page, 'Images').click()
  const form = drawer(page, /Images/)
  await form.getByLabel(/429/).fill('80')
  await form.getByLabel(/503/).fill('30')
  await page.keyboard.press('Tab')
  await seen(form, 'The three errors together are more than 100 percent.').waitFor()
  await form.getByLabel(/503/).fill('10')
  await page.keyboard.press('Tab')
  await form.getByRole('button', { name: 'Save' }).click()
  await form.getByText('The faults are injected').waitFor()
  expect(await ask(service, 'GET', 'faults')).toEqual({
    families: { 'ims-v2': { throttled: 0.8, unavailable: 0.1 } },
  })
  await endAll.click()
  await row(page, 'Images').getByText('80').waitFor({ state: 'detached' })
  expect(await ask(service, 'GET', 'faults')).toEqual({ families: {} })
})

it('the account log says who changed what, with the request', async ({ page, service }) => {
  await ask(service, 'POST', 'domain/projects', { name: 'logged' })
  await open(page, `${ADMIN}/account-log`)
  await row(page, 'Project created logged').click()
  const entry = drawer(page, /Project created/)
  await entry.getByText('127.0.0.1').waitFor()
  await entry.getByRole('button', { name: 'Copy the request id' }).waitFor()
})

it('one is not locked out by oneself: the own user and the open project cannot be disabled', async ({
  page,
  service,
}) => {
  const { users } = await ask(service, 'GET', 'domain/users')
  const self = users.find(({ name }: { name: string }) => name === 'admin')
  await open(page, `${ADMIN}/users?open=${self.id}`)
  await seen(drawer(page, 'User admin'), 'This is you.').waitFor()
  await page.goto(`${ADMIN}/projects?open=${service.project}`)
  await seen(drawer(page, 'Project default'), 'You are in this project.').waitFor()
  await drawer(page, 'Project default').getByRole('button', { name: 'Disable' }).click({ force: true })
  await page.reload()
  await row(page, 'default').getByText('Enabled').waitFor()
})

it('the project that is open can be renamed, and its page goes on under the new name', async ({ page, service }) => {
  const { id } = await ask(service, 'POST', 'domain/projects', { name: 'before' })
  await open(page, `/console/before/admin/projects?open=${id}`)
  const project = drawer(page, 'Project before')
  await project.getByLabel('Name').fill('after')
  await project.getByRole('button', { name: 'Save' }).click()
  await drawer(page, 'Project after').waitFor()
  await page.waitForURL('**/console/after/admin/projects?*')
})

it('a reader of the domain sees the accounts, and why they cannot be changed', async ({ page, service }) => {
  await makeUser(service, await service.tokenFor(undefined), 'watcher', { role: 'readonly' })
  const user = { user: 'watcher', password: READER_PASSWORD }
  await open(page, `${ADMIN}/users`, { user })
  const create = page.getByRole('button', { name: 'New user' })
  await expect.poll(() => create.getAttribute('aria-disabled')).toBe('true')
  await create.focus()
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Tab')
  await page.getByRole('tooltip', { name: 'None of your roles allows iam:users:createUser.' }).waitFor()
  await row(page, 'admin').click()
  const opened = drawer(page, 'User admin')
  await seen(opened, 'None of your roles allows iam:users:deleteUser.').waitFor()
  await expect.poll(() => opened.getByRole('button', { name: 'Save' }).getAttribute('aria-disabled')).toBe('true')
  await expectNoViolations(page)
  await page.goto(`${ADMIN}/account-log`)
  await page.getByText('You may not see this').waitFor()
  await page.getByText('None of your roles allows tagwerk:accountLog:read.').waitFor()
  await page.goto(`${ADMIN}/access-keys`)
  await expect.poll(() => page.getByRole('button', { name: 'New access key' }).getAttribute('aria-disabled')).toBeNull()
})

it('a user with a role in one project sees this project and the own access keys', async ({ page, service }) => {
  const token = await service.tokenFor(undefined)
  await makeUser(service, token, 'guest', { project: service.project, role: 'readonly' })
  await open(page, ADMIN, { user: { user: 'guest', password: READER_PASSWORD } })
  await row(page, 'default').waitFor()
  expect(await row(page, 'logged').count()).toBe(0)
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByText('None of your roles allows iam:users:listUsers.').waitFor()
  await page.getByRole('link', { name: 'Access keys' }).click()
  await page.getByRole('button', { name: 'New access key' }).click()
  await drawer(page, /New access key of guest/)
    .getByRole('button', { name: 'Create' })
    .click()
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByRole('row').nth(1).waitFor()
})

it('a project is made with the keyboard alone', async ({ page, service }) => {
  await open(page, `${ADMIN}/projects`)
  const button = page.getByRole('button', { name: 'New project' })
  await row(page, 'default').waitFor()
  await button.focus()
  await page.keyboard.press('Enter')
  // The drawer has the focus; its first stop closes it, the next one is the first field.
  await hasFocus(drawer(page, /New project/))
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.type('typed')
  await page.keyboard.press('Enter')
  await drawer(page, 'Project typed').waitFor()
  await page.keyboard.press('Escape')
  await drawer(page, 'Project typed').waitFor({ state: 'detached' })
  expect(new URL(page.url()).search).toBe('')
  const { projects } = await ask(service, 'GET', 'domain/projects')
  expect(projects.map(({ name }: { name: string }) => name)).toContain('typed')
})

const PAGES = ['projects', 'users', 'roles', 'access-keys', 'limits', 'faults', 'account-log']
const DRAWERS = ['projects?form=new', 'users?form=new', 'roles?form=new', 'limits?form=new', 'faults?open=ims-v2']

it.for([
  ['pages', PAGES],
  ['drawers', DRAWERS],
] as const)(
  'the %s break no rule of accessibility, light and in English, dark and in Chinese',
  async ([_kind, paths], { page }) => {
    await open(page, '/console/')
    for (const path of paths) {
      // Each begins in the language of the browser.
      await page.evaluate(() => localStorage.clear())
      await page.emulateMedia({ colorScheme: null })
      await page.goto(`${ADMIN}/${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.getByRole('row').nth(1).waitFor()
      await expectNoViolationsInBothLooks(page)
    }
  },
)

it('words change with the language while rows are on the screen', async ({ page }) => {
  await open(page, `${ADMIN}/projects`)
  await row(page, 'default').getByText('Enabled').waitFor()
  await switchToChinese(page)
  await row(page, 'default').getByText('已启用').waitFor()
  await page.getByRole('heading', { level: 1, name: '项目' }).waitFor()
  await page.getByRole('link', { name: '访问密钥' }).waitFor()
})
