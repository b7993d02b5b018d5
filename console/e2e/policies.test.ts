import { text } from 'node:stream/consumers'
import type { Download, Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { browserTest, open } from './support/browser.ts'
import { hasFocus } from './support/focus.ts'
import { expectNoViolationsInBothLooks, switchToChinese } from './support/looks.ts'
import { deletePolicies, estate, putPolicy } from './support/policies.ts'
import { userWithRole } from './support/users.ts'

const it = browserTest({ resources: estate() }).extend(
  'withoutPolicies',
  { auto: true },
  async ({ service }, { onCleanup }) => {
    // Every test begins without a policy.
    onCleanup(() => deletePolicies(service))
  },
)

const cell = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

const rowWith = (page: Page, words: RegExp) => page.getByRole('row').filter({ hasText: words })

describe('the board', () => {
  it('it shows the share of each key in each type, and what is nearly everything is not everything', async ({
    page,
    service,
  }) => {
    await putPolicy(service, 'owners')
    await open(page, '/console/default/policies')
    const nearly = cell(page, 'owner, Private image: 99 %')
    const all = cell(page, 'engine, RDS instance: 100 %')
    expect(await nearly.textContent()).toBe('99')
    expect(await all.textContent()).toBe('100')
    expect(await colourOf(nearly)).not.toBe(await colourOf(all))
    // A key that has to be there and is not shows its nought, another one a dash.
    expect(await cell(page, 'owner, RDS instance: 0 %').textContent()).toBe('0')
    expect(await cell(page, 'engine, Private image: no resource has the key').textContent()).toBe('–')
    await page.getByRole('row', { name: /owner enforced/ }).waitFor()
    await page.getByRole('radio', { name: 'Validity' }).click()
    await cell(page, 'owner, Private image: 98 %').waitFor()
    await page.getByText('Keys without a rule are not shown: 2.').waitFor()
  })

  it('its cells are one stop of Tab with arrow keys, and Enter shows who complies and who does not', async ({
    page,
    service,
  }) => {
    await putPolicy(service, 'owners')
    await open(page, '/console/default/policies')
    await cell(page, 'owner, all types: 94 %').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    const panel = page.getByRole('complementary', { name: 'owner on Private image' })
    const row = (name: string) => panel.getByRole('row', { name: new RegExp(`^${name} `) })
    await panel.getByRole('row', { name: /^Compliant 196 / }).waitFor()
    expect(await row('Missing').textContent()).toContain('1')
    expect(await row('Wrong value').textContent()).toContain('2')
    expect(await row('Wrong case').textContent()).toContain('1')
    expect(new URL(page.url()).searchParams.get('key')).toBe('owner')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await hasFocus(cell(page, 'owner, Private image: 99 %'))
  })

  it('its numbers are a file of CSV', async ({ page, service }) => {
    await putPolicy(service, 'owners')
    await open(page, '/console/default/policies')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).first().click(),
    ])
    const csv = await contentOf(download)
    expect(csv.split('\r\n')).toContain('owner,images,200,198,0.9900,196,0.9800')
  })

  it('a project without a policy is told what one is, and a template leads to the first', async ({ page }) => {
    await open(page, '/console/default/policies')
    await page.getByRole('heading', { name: 'No policy applies to this project yet' }).waitFor()
    await page.getByRole('link', { name: 'Start from a template' }).click()
    await expect.poll(() => page.getByLabel('Policy as JSON').inputValue()).toContain('"report_required_tag_for"')
  })

  it('days that nobody has counted are counted on request, and the plot has their numbers as a table', async ({
    page,
    service,
  }) => {
    await putPolicy(service, 'owners')
    await open(page, '/console/default/policies?key=owner&span=30d')
    await page.getByRole('button', { name: 'Count the missing days' }).click()
    await page.getByText(/^Counted \d+ days\.$/).waitFor()
  })
})

describe('problems', () => {
  it('they are listed with the tag that is wrong, and Fix makes the plan that renames the key', async ({
    page,
    service,
  }) => {
    await putPolicy(service, 'owners')
    await open(page, '/console/default/policies?key=owner&type=images')
    await page.getByRole('link', { name: 'List: Wrong case' }).click()
    await rowWith(page, /image-3.*Private image.*Wrong case.*Owner = web/).waitFor()
    await page.getByRole('button', { name: 'Fix: Wrong case' }).click()
    const dialog = page.getByRole('dialog', { name: 'owner: Wrong case' })
    await dialog.getByText('Rename the keys to the spelling of the policy').waitFor()
    await dialog.getByRole('button', { name: 'Make the plan' }).click()
    await page.waitForURL(/\/plans\/[^/]+$/)
    const id = new URL(page.url()).pathname.split('/').at(-1)
    const { body } = await service.call('GET', `/tagwerk/v1/${service.project}/plans/${id}`)
    expect(body.summary).toMatchObject({ changes: 1, keys: { Owner: { removed: 1 }, owner: { added: 1 } } })
  })

  it('a value that differs in its case gets the allowed one as a proposal', async ({ page, service }) => {
    await putPolicy(service, 'owners')
    await open(page, '/console/default/policies/problems?key=owner&problem=wrong-value')
    await page.getByRole('button', { name: 'Fix: Wrong value' }).click()
    await page.getByRole('button', { name: /^web Replace Web by/ }).waitFor()
    await page.getByRole('button', { name: 'Make the plan' }).click()
    await page.waitForURL(/\/plans\/[^/]+$/)
    const id = new URL(page.url()).pathname.split('/').at(-1)
    const { body } = await service.call('GET', `/tagwerk/v1/${service.project}/plans/${id}`)
    expect(body.summary).toMatchObject({ changes: 2, keys: { owner: { changed: 2 } } })
  })

  it('all of them are a file of CSV with the key and the value that each resource has', async ({ page, service }) => {
    await putPolicy(service, 'owners')
    await open(page, '/console/default/policies/problems?key=owner&type=images')
    await page.getByText('4 resources').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ])
    const lines = (await contentOf(download)).trim().split(/\r?\n/)
    expect(lines).toHaveLength(5)
    expect(lines).toContain('images,img-3,image-3,owner,wrong-case,Owner,web')
  })
})

describe('rights, languages and accessibility', () => {
  it('a reader sees everything, and why nothing can be changed', async ({ page, service }) => {
    await putPolicy(service, 'owners')
    const user = await userWithRole(service, 'policy-reader', 'readonly')
    await open(page, '/console/default/policies/project/owners', { user })
    const button = page.getByRole('button', { name: 'Delete' })
    await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true')
    await button.focus()
    await page.getByRole('tooltip', { name: 'None of your roles allows tagwerk:policies:delete.' }).waitFor()
    await page.keyboard.press('Enter')
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('a switch of the language reaches the rows that are on the screen', async ({ page, service }) => {
    await putPolicy(service, 'owners')
    await open(page, '/console/default/policies?tab=policies')
    await rowWith(page, /owners.*project.*owner/).waitFor()
    await switchToChinese(page)
    await rowWith(page, /owners.*项目.*owner/).waitFor()
    await page.getByRole('tab', { name: '总览' }).click()
    await cell(page, 'owner，私有镜像：99%').waitFor()
  })

  it('no page about policies breaks a rule of accessibility, light and in English, dark and in Chinese', async ({
    page,
    service,
  }) => {
    await putPolicy(service, 'owners')
    await putPolicy(service, 'twice', { tags: { owner: { tag_value: { '@@assign': ['x'] } } } })
    const pages: readonly (readonly [path: string, words: string])[] = [
      ['?key=owner&type=images', 'List: Wrong case'],
      ['?tab=policies', 'twice'],
      ['?tab=rules', 'Without effect'],
      ['/problems?key=owner', 'image-3'],
      ['/new', 'Name of the policy'],
      ['/project/owners?rehearse=30d', 'would have been refused'],
    ]
    await open(page, '/console/')
    for (const [path, words] of pages) {
      // Each begins in the language of the browser.
      await page.evaluate(() => localStorage.clear())
      await page.emulateMedia({ colorScheme: null })
      await page.goto(`/console/default/policies${path}`)
      await page
        .getByText(words)
        .or(page.getByRole('link', { name: words }))
        .first()
        .waitFor()
      await expectNoViolationsInBothLooks(page)
    }
  })
})

async function colourOf(of: { evaluate<T>(ask: (element: HTMLElement) => T): Promise<T> }): Promise<string> {
  return of.evaluate((element) => getComputedStyle(element).backgroundColor)
}

async function contentOf(download: Download): Promise<string> {
  return text(await download.createReadStream())
}
