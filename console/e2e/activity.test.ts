import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { TestService } from '../../test/support/service.ts'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { hasFocus } from './support/focus.ts'
import { switchToChinese } from './support/looks.ts'
import { userWithRole } from './support/users.ts'

const RESOURCES = ['a', 'b', 'c'].map((id) => ({
  resource_type: 'images',
  resource_id: id,
  resource_name: `image-${id}`,
  tags: { env: 'DEV' },
}))

const it = browserTest({ resources: RESOURCES })
const ACTIVITY = '/console/default/activity'

const rowOf = (page: Page, name: string | RegExp) => page.getByRole('row', { name })

function tag(service: TestService, id: string, key: string, value: string) {
  const path = `/tagwerk/v1/${service.project}/resources/images/${id}/tags`
  return service.call('POST', path, { body: { action: 'create', tags: [{ key, value }] } })
}

/** Makes and applies a plan that sets a tag on all resources. */
async function plan(service: TestService, key: string, value: string): Promise<string> {
  const path = `/tagwerk/v1/${service.project}/plans`
  const { body } = await service.call('POST', path, { body: { select: {}, actions: [{ set: { [key]: value } }] } })
  await service.call('POST', `${path}/${body.id}/apply`)
  return body.id
}

const textOf = async (page: Page, name: string | RegExp) =>
  (await rowOf(page, name).first().innerText()).replaceAll(/\s+/g, ' ')

describe('the activity of a project', () => {
  it('a group opens by keyboard to its resources with marks, and these to the drawer', async ({ page, service }) => {
    await plan(service, 'managed', 'yes')
    await open(page, ACTIVITY)
    const group = rowOf(page, /added managed on 3 resources/)
    await group.focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => textOf(page, /^image-a/)).toMatch(/image-a managed added yes/)
    await expectNoViolations(page)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: /^Resource image-/ }).waitFor()
    await page.keyboard.press('Escape')
    await hasFocus(rowOf(page, /^image-/))
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => rowOf(page, /^image-a/).count()).toBe(0)
  })

  it('the cause of a group leads to its plan', async ({ page, service }) => {
    const id = await plan(service, 'led', 'yes')
    await open(page, ACTIVITY)
    await rowOf(page, /added led on 3 resources/)
      .getByRole('link', { name: `plan …${id.slice(-6)}` })
      .click()
    await page.waitForURL(new RegExp(`/plans/${id}$`))
  })

  it('a facet filters the feed, stands in the address, and is taken back', async ({ page, service }) => {
    await tag(service, 'a', 'wanted', 'yes')
    await open(page, ACTIVITY)
    await rowOf(page, /registered 3 resources/).waitFor()
    await page.getByRole('option', { name: /^wanted/ }).click()
    await expect.poll(() => rowOf(page, /registered 3 resources/).count()).toBe(0)
    await rowOf(page, /added wanted on image-a/).waitFor()
    expect(new URL(page.url()).searchParams.get('key')).toBe('wanted')
    await page.getByRole('button', { name: 'Clear: Key' }).click()
    await rowOf(page, /registered 3 resources/).waitFor()
    await page.goto(`${ACTIVITY}?key=no-such-key`)
    await page.getByText('No change meets the conditions').waitFor()
  })

  it('a change by somebody else comes in at the top, and is announced', async ({ page, service }) => {
    await open(page, ACTIVITY)
    await rowOf(page, /registered 3 resources/).waitFor()
    await tag(service, 'b', 'live', 'yes')
    await expect.poll(() => page.getByRole('row').first().innerText()).toContain('added live on image-b')
  })

  it('who reads further down keeps the place, and takes the new groups in when asked', async ({ page, service }) => {
    for (let i = 0; i < 45; i++) await tag(service, 'c', 'step', String(i))
    await open(page, ACTIVITY)
    await rowOf(page, /step on image-c/)
      .first()
      .waitFor()
    const feed = page.getByRole('region', { name: 'Changes by plan or request' })
    await feed.evaluate((element) => element.scrollTo({ top: 300 }))
    await tag(service, 'a', 'waiting', 'yes')
    const button = page.getByRole('button', { name: '1 new' })
    await button.waitFor()
    expect(await rowOf(page, /waiting on image-a/).count()).toBe(0)
    await page.getByRole('status').getByText('1 new group of changes').waitFor({ state: 'attached' })
    await button.click()
    await expect.poll(() => page.getByRole('row').first().innerText()).toContain('added waiting on image-a')
    await expect.poll(() => feed.evaluate((element) => element.scrollTop)).toBe(0)
  })

  it('a part of the time is chosen by keyboard, and given up again', async ({ page }) => {
    await open(page, ACTIVITY)
    const from = page.getByRole('slider', { name: 'From' })
    await from.waitFor({ state: 'attached' })
    await from.focus()
    await page.keyboard.press('End')
    await expect.poll(() => new URL(page.url()).searchParams.get('since')).toMatch(/^\d{4}-.*Z$/)
    await page.getByText('No change meets the conditions').waitFor()
    await page.getByRole('button', { name: 'Whole time' }).click()
    await page.getByRole('row').first().waitFor()
    expect(new URL(page.url()).searchParams.get('since')).toBeNull()
  })

  it('a user who may only read sees it', async ({ page, service }) => {
    const user = await userWithRole(service, 'watcher', 'readonly')
    await open(page, ACTIVITY, { user })
    await page.getByRole('row').first().waitFor()
  })

  it('another language reaches the rows that are shown', async ({ page, service }) => {
    await tag(service, 'a', 'spoken', 'yes')
    await open(page, `${ACTIVITY}?key=spoken`)
    await rowOf(page, /added spoken on image-a/).waitFor()
    await switchToChinese(page)
    await rowOf(page, /在 image-a 上新增 spoken/).waitFor()
  })
})
