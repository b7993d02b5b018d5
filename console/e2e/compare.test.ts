import { text } from 'node:stream/consumers'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { TestService } from '../../test/support/service.ts'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { expectNoViolationsInBothLooks, switchToChinese } from './support/looks.ts'
import { userWithRole } from './support/users.ts'

const RESOURCES = ['a', 'b', 'c', 'd'].map((id) => ({
  resource_type: 'images',
  resource_id: id,
  resource_name: `image-${id}`,
  tags: { env: 'DEV', team: 'web' },
}))

const it = browserTest({ resources: RESOURCES })

const addressOf = (search: Readonly<Record<string, string | number>>) =>
  `/console/default/compare?${new URLSearchParams(Object.entries(search).map(([name, value]) => [name, String(value)]))}`

const rowOf = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) })

async function revisionOf(service: TestService): Promise<number> {
  const path = `/tagwerk/v1/${service.project}/resources/search`
  return (await service.call('POST', path, { body: { limit: 0 } })).body.revision
}

let count = 0

/** Changes the tag of a, deletes a resource of its own, and makes another: gives the revisions before and after. */
async function makeHistory(service: TestService): Promise<{ from: number; to: number; value: string }> {
  const value = `dev-${++count}`
  const path = `/tagwerk/v1/${service.project}/resources/images`
  const own = (name: string) => ({ resource_type: 'images', resource_id: `${name}-${count}`, resource_name: name })
  await service.register(own('leaver'))
  const from = await revisionOf(service)
  const body = { action: 'create', tags: [{ key: 'env', value }] }
  await service.call('POST', `${path}/a/tags`, { body })
  await service.call('DELETE', `${path}/leaver-${count}`)
  await service.register({ ...own('newcomer'), tags: { env: 'new' } })
  return { from, to: await revisionOf(service), value }
}

describe('the comparison of two moments', () => {
  it('lists what entered, left and changed with its marks, and each can be shown alone', async ({ page, service }) => {
    const { from, value } = await makeHistory(service)
    await open(page, addressOf({ from }))
    await page.getByRole('heading', { name: '3 resources differ' }).waitFor()
    await expect
      .poll(async () => (await rowOf(page, 'image-a').innerText()).replaceAll(/\s+/g, ' '))
      .toMatch(new RegExp(`changed.* env removed .* added ${value} admin`))
    expect(await rowOf(page, 'newcomer').innerText()).toContain('entered')
    await page.getByRole('radio', { name: '1 left' }).click()
    await expect.poll(() => rowOf(page, 'image-a').count()).toBe(0)
    await rowOf(page, 'leaver').waitFor()
    expect(new URL(page.url()).searchParams.get('movement')).toBe('left')
    await page.reload()
    await rowOf(page, 'leaver').waitFor()
  })

  it('a filter in the address is judged at both moments', async ({ page, service }) => {
    const { from, to, value } = await makeHistory(service)
    await open(page, addressOf({ from, to, filter: `tags.env == "${value}"` }))
    await page.getByRole('heading', { name: '1 resource differs' }).waitFor()
    expect(await rowOf(page, 'image-a').innerText()).toContain('entered')
    await page.getByRole('button', { name: 'Back to now' }).waitFor()
  })

  it('the moments are chosen by keyboard, and say their times', async ({ page }) => {
    await open(page, addressOf({}))
    const from = page.getByRole('slider', { name: 'From' })
    await from.waitFor({ state: 'attached' })
    await from.focus()
    await page.keyboard.press('End')
    await page.getByText('Nothing differs').waitFor()
    await expect.poll(() => from.getAttribute('aria-valuetext')).toBe('now')
    await page.keyboard.press('Home')
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('0')
    await page.getByRole('heading', { name: /resources differ/ }).waitFor()
    await rowOf(page, 'image-b').waitFor()
    await expect.poll(() => from.getAttribute('aria-valuetext')).toMatch(/\d{4}/)
  })

  it('a row opens the resource as it is at the second moment', async ({ page, service }) => {
    const { from, to, value } = await makeHistory(service)
    await service.call('POST', `/tagwerk/v1/${service.project}/resources/images/a/tags`, {
      body: { action: 'create', tags: [{ key: 'env', value: 'later' }] },
    })
    await open(page, addressOf({ from, to }))
    await rowOf(page, 'image-a').click()
    const drawer = page.getByRole('complementary', { name: 'Resource image-a' })
    await drawer.getByText(`As of revision ${to}. Read only.`).waitFor()
    await drawer.getByText(value, { exact: true }).waitFor()
  })

  it('a plan takes the tags back, and leaves what was made or deleted', async ({ page, service }) => {
    const path = `/tagwerk/v1/${service.project}/resources/images/a`
    const before = (await service.call('GET', path)).body.tags
    const { from } = await makeHistory(service)
    await open(page, addressOf({ from }))
    await page.getByRole('button', { name: 'Plan the way back' }).click()
    await page.getByText(/^2 resources were made or deleted in between/).waitFor()
    await expectNoViolations(page)
    await page.getByRole('button', { name: 'Plan 1 resource' }).click()
    await page.waitForURL(/\/plans\/[^/]+$/)
    const plan = new URL(page.url()).pathname.split('/').at(-1)
    const applied = await service.call('POST', `/tagwerk/v1/${service.project}/plans/${plan}/apply`)
    expect(applied.body.applied.changed).toBe(1)
    expect((await service.call('GET', path)).body.tags).toEqual(before)
  })

  it('it says that the project has changed since, and compares again when asked', async ({ page, service }) => {
    const { from } = await makeHistory(service)
    await open(page, addressOf({ from }))
    await page.getByRole('heading', { name: '3 resources differ' }).waitFor()
    await service.register({ resource_type: 'images', resource_id: `late-${count}`, resource_name: 'late' })
    await page.getByText('The project has changed since.').waitFor()
    await page.getByRole('button', { name: 'Compare again' }).click()
    await page.getByRole('heading', { name: '4 resources differ' }).waitFor()
    await rowOf(page, 'late').waitFor()
  })

  it('the export has a row for each difference', async ({ page, service }) => {
    const { from, to, value } = await makeHistory(service)
    await open(page, addressOf({ from, to }))
    await page.getByRole('button', { name: 'Export' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^CSV/ }).click()
    const csv = await text(await (await download).createReadStream())
    expect(csv).toMatch(/^resource_type,resource_id,resource_name,movement/)
    expect(csv).toMatch(new RegExp(`images,a,image-a,changed,tag changed,env,[^,]*,${value},`))
  })

  it('a user who may only read sees the difference, and why there is no plan', async ({ page, service }) => {
    const { from } = await makeHistory(service)
    const user = await userWithRole(service, 'comparer', 'readonly')
    await open(page, addressOf({ from }), { user })
    await rowOf(page, 'image-a').waitFor()
    const plan = page.getByRole('button', { name: 'Plan the way back' })
    await expect.poll(() => plan.getAttribute('aria-disabled')).toBe('true')
    await plan.focus()
    await page.getByRole('tooltip').getByText('None of your roles allows tagwerk:plans:create.').waitFor()
  })

  it('a moment that is not there yet is refused in the words of the service', async ({ page, problems }) => {
    problems.allow(/status of 400/)
    await open(page, addressOf({ from: 999_999 }))
    await page
      .getByRole('alert')
      .getByText(/revision-unknown/)
      .waitFor()
  })

  it('another language reaches the rows that are shown', async ({ page, service }) => {
    const { from } = await makeHistory(service)
    await open(page, addressOf({ from }))
    await rowOf(page, 'image-a').waitFor()
    await switchToChinese(page)
    await expect.poll(() => rowOf(page, 'image-a').innerText()).toContain('有变更')
  })

  it('it breaks no rule of accessibility, light and in English, dark and in Chinese', async ({ page, service }) => {
    const { from } = await makeHistory(service)
    await open(page, addressOf({ from }))
    await rowOf(page, 'image-a').waitFor()
    await expectNoViolationsInBothLooks(page)
  })
})
