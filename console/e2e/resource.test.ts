import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { TestService } from '../../test/support/service.ts'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { hasFocus } from './support/focus.ts'
import { expectNoViolationsInBothLooks, switchToChinese } from './support/looks.ts'
import { userWithRole } from './support/users.ts'

const RESOURCES = [
  image('img-1', 'web-1', { env: 'Prod', team: 'web', 'cost-center': 'CC-1' }),
  image('img-2', 'web-2', { env: 'prod', owner: 'ann' }),
  image('img-3', 'old-3', { env: 'dev' }),
  image('img-4', 'kept-4', { env: 'dev', tmp: '' }),
]

function image(id: string, name: string, tags: Readonly<Record<string, string>>) {
  return { resource_type: 'images', resource_id: id, resource_name: name, tags }
}

const it = browserTest({ resources: RESOURCES })

const addressOf = (id: string, search: Readonly<Record<string, string>> = {}) =>
  `/console/default/explore?${new URLSearchParams({ r: `images/${id}`, ...search })}`

/** The drawer of a resource with a name. */
const drawerOf = (page: Page, name: string) => page.getByRole('complementary', { name: `Resource ${name}` })

const rowOf = (page: Page, key: string) =>
  page.getByRole('complementary').getByRole('row', { name: new RegExp(`^${key} `) })

function change(service: TestService, id: string, action: 'create' | 'delete', tags: Readonly<Record<string, string>>) {
  const list = Object.entries(tags).map(([key, value]) => ({ key, value }))
  const path = `/tagwerk/v1/${service.project}/resources/images/${id}/tags`
  return service.call('POST', path, { body: { action, tags: list } })
}

async function revisionOf(service: TestService): Promise<number> {
  const path = `/tagwerk/v1/${service.project}/resources/search`
  return (await service.call('POST', path, { body: { limit: 0 } })).body.revision
}

describe('the drawer of a resource', () => {
  it('a value is changed by keyboard, and its line then says who set it and what it was', async ({ page, service }) => {
    await open(page, addressOf('img-1'))
    await rowOf(page, 'team').focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await hasFocus(page.getByLabel('Value of team'))
    await page.keyboard.press('Control+a')
    await page.keyboard.type('storage')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('team is saved.').waitFor({ state: 'attached' })
    await expect.poll(() => rowOf(page, 'team').innerText()).toMatch(/storage\s.*admin · was web/)
    const { body } = await service.call('GET', `/tagwerk/v1/${service.project}/resources/images/img-1`)
    expect(body.tags).toContainEqual({ key: 'team', value: 'storage' })
    await hasFocus(rowOf(page, 'team'))
  })

  it('Escape leaves an edit without a change, and then closes the drawer', async ({ page }) => {
    await open(page, addressOf('img-1'))
    await page.getByRole('button', { name: 'Change env' }).click()
    await hasFocus(page.getByLabel('Value of env'))
    await page.keyboard.type('nothing')
    // Escape first closes suggestions, also those for less text.
    await expect.poll(() => page.getByLabel('Value of env').getAttribute('aria-expanded')).not.toBe('true')
    await page.keyboard.press('Escape')
    await hasFocus(rowOf(page, 'env'))
    expect(await page.getByLabel('Value of env').count()).toBe(0)
    expect(await rowOf(page, 'env').innerText()).toContain('Prod')
    await page.keyboard.press('Escape')
    await expect.poll(() => drawerOf(page, 'web-1').count()).toBe(0)
    expect(new URL(page.url()).searchParams.get('r')).toBeNull()
  })

  it('a value that a policy refuses stays in its field with the words of the service', async ({
    page,
    service,
    problems,
  }) => {
    const path = `/tagwerk/v1/${service.project}/policies/env`
    const policy = {
      tags: {
        env: {
          tag_key: { '@@assign': 'env' },
          tag_value: { '@@assign': ['prod', 'dev'] },
          enforced_for: { '@@assign': ['images'] },
        },
      },
    }
    expect((await service.call('PUT', path, { body: policy })).status).toBe(200)
    problems.allow(/status of 400/)
    await open(page, addressOf('img-2'))
    await page.getByRole('button', { name: 'Change env' }).click()
    await hasFocus(page.getByLabel('Value of env'))
    await page.keyboard.press('Control+a')
    await page.keyboard.type('production')
    await page.keyboard.press('Enter')
    await page.getByText(/tag-policy-violated/).waitFor()
    expect(await page.getByLabel('Value of env').inputValue()).toBe('production')
    await expectNoViolations(page)
    await service.call('DELETE', path)
  })

  it('a tag is added with a key and a value from suggestions, and removed after a question', async ({ page }) => {
    await open(page, addressOf('img-3'))
    await page.getByRole('button', { name: 'Add tag' }).click()
    await hasFocus(page.getByRole('combobox', { name: 'Key' }))
    await page.keyboard.type('cost')
    await page.getByRole('option', { name: 'cost-center' }).click()
    await page.getByLabel('Value', { exact: true }).fill('CC-7')
    await page.keyboard.press('Enter')
    await rowOf(page, 'cost-center').waitFor()
    await page.getByRole('button', { name: 'Remove cost-center' }).click()
    await rowOf(page, 'cost-center').getByRole('button', { name: 'Remove', exact: true }).click()
    await expect.poll(() => rowOf(page, 'cost-center').count()).toBe(0)
    await page.getByRole('button', { name: 'Add tag' }).click()
    await hasFocus(page.getByRole('combobox', { name: 'Key' }))
    await page.keyboard.type('env')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('The resource has env already.').waitFor()
  })

  it('the timeline has every change across a deletion, the newest first, with marks for old and new values', async ({
    page,
    service,
    problems,
  }) => {
    problems.allow(/status of 404/)
    await change(service, 'img-4', 'create', { env: 'prod' })
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/img-4`)
    await open(page, addressOf('img-4', { rtab: 'timeline' }))
    await page.getByText('deleted', { exact: true }).waitFor()
    await service.register(image('img-4', 'kept-4', { env: 'dev' }))
    await page.getByText('registered again').waitFor()
    const entries = page.getByRole('tabpanel').locator('ol > li')
    await expect.poll(() => entries.count()).toBe(4)
    const wordsOf = async (at: number) => (await entries.nth(at).innerText()).replaceAll(/\s+/g, ' ')
    expect(await wordsOf(0)).toMatch(/^admin · .* registered again .* added name added kept-4 added env added dev/)
    expect(await wordsOf(1)).toMatch(/deleted .* removed env removed prod removed tmp removed \(empty\)/)
    expect(await wordsOf(2)).toMatch(/changed env removed dev added prod rev\. \d+$/)
    await expectNoViolations(page)
  })

  it('it says part by part why the filter does not find it, and what is nearly there', async ({ page, service }) => {
    await change(service, 'img-1', 'create', { env: 'Prod' })
    await open(page, addressOf('img-1', { filter: 'tags.env == "prod" && "owner" in tags' }))
    await page.getByRole('button', { name: 'Why is it not in my query?' }).click()
    await page.getByText('Nearly: it has').waitFor()
    await page.getByText('env=Prod').waitFor()
    await page.getByText('it has no such tag').waitFor()
    await expectNoViolations(page)
    await page.goto(addressOf('img-2', { filter: '"owner" in tags' }))
    await page.getByRole('button', { name: 'Why is it in my query?' }).waitFor()
  })

  it('as of the past it shows the tags of then, and no button changes them', async ({ page, service }) => {
    const before = await revisionOf(service)
    await change(service, 'img-3', 'create', { env: 'test' })
    await open(page, addressOf('img-3', { as_of: String(before) }))
    await expect.poll(() => rowOf(page, 'env').innerText()).toContain('dev')
    await page.getByText(/As of revision \d+\. Read only\./).waitFor()
    const edit = page.getByRole('button', { name: 'Change env' })
    await expect.poll(() => edit.getAttribute('aria-disabled')).toBe('true')
    await edit.focus()
    await page.getByRole('tooltip').getByText('The past cannot be changed.').waitFor()
    await page.keyboard.press('Enter')
    expect(await page.getByLabel('Value of env').count()).toBe(0)
  })

  it('a user who may only read sees the tags, and why nothing can be changed', async ({ page, service }) => {
    const user = await userWithRole(service, 'looker', 'readonly')
    await open(page, addressOf('img-2'), { user })
    await page.getByText('None of your roles allows tagwerk:tags:update.').first().waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Add tag' }).getAttribute('aria-disabled')).toBe('true')
    await expectNoViolations(page)
  })

  it('a resource that does not exist is said to be gone', async ({ page, problems }) => {
    problems.allow(/status of 404/)
    await open(page, addressOf('img-none'))
    await page.getByText('This resource does not exist').waitFor()
  })

  it('another language reaches the rows that are shown', async ({ page }) => {
    await open(page, addressOf('img-2', { rtab: 'tags' }))
    await rowOf(page, 'owner').waitFor()
    await switchToChinese(page)
    await page.getByRole('button', { name: '修改 owner' }).waitFor({ state: 'attached' })
    await page.getByRole('tab', { name: /^时间线/ }).waitFor()
  })

  it('its three tabs break no rule of accessibility, light and in English, dark and in Chinese', async ({ page }) => {
    await open(page, addressOf('img-2'))
    await rowOf(page, 'env').waitFor()
    await expectNoViolations(page)
    await page.getByRole('tab', { name: 'Raw' }).click()
    await page.getByText('"resource_id": "img-2"').waitFor()
    await expectNoViolations(page)
    await page.getByRole('tab', { name: /^Timeline/ }).click()
    await page.getByText('registered', { exact: true }).waitFor()
    await expectNoViolationsInBothLooks(page)
    await page.getByRole('tab', { name: '原始数据' }).click()
    await page.getByText('"resource_id": "img-2"').waitFor()
    await expectNoViolations(page)
    await page.getByRole('tab', { name: /^标签/ }).click()
    await rowOf(page, 'env').waitFor()
    await expectNoViolations(page)
  })
})
