import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { switchToChinese } from './support/looks.ts'
import { userWithRole } from './support/users.ts'

const it = browserTest()

const TAGS = '/console/default/tags'

const keys = (page: Page) => page.getByRole('grid', { name: 'Tags' })
const values = (page: Page) => page.getByRole('grid', { name: 'Values' })

it('each key has its coverage, its numbers, its types and a mark where other spellings are in use', async ({
  page,
}) => {
  await open(page, TAGS)
  const row = keys(page).getByRole('row', { name: 'CostCenter' })
  await row.waitFor()
  await row.getByRole('link', { name: 'Has near-duplicates: open Clean-up' }).waitFor()
  await row.getByText('38', { exact: true }).waitFor()
  await row.getByText('11 %').waitFor()
  expect(await row.innerText()).toContain('Private image, DB instance')
})

it('keys are found by their beginning, which the address holds', async ({ page }) => {
  await open(page, TAGS)
  await keys(page).getByRole('row', { name: 'application' }).waitFor()
  await page.getByRole('searchbox', { name: 'Keys that begin with' }).fill('cost')
  await page.waitForURL('**/tags?prefix=cost')
  await keys(page).getByRole('row', { name: 'application' }).waitFor({ state: 'detached' })
  await expect.poll(() => keys(page).getByRole('rowheader').allInnerTexts()).toEqual(['cost-center ≈', 'cost_center ≈'])
  await page.getByRole('searchbox').fill('Cost-')
  await page.getByText('No key begins with Cost-').waitFor()
  await page.keyboard.press('Escape')
  await page.waitForURL('**/tags')
})

it('the most used keys come first, or all by name, page by page', async ({ page, service }) => {
  const token = await service.tokenFor(undefined)
  await service.call('POST', '/v3/projects', { token, body: { project: { name: 'wide' } } })
  const name = (at: number) => `k${String(at).padStart(2, '0')}`
  const tags = (from: number, to: number) =>
    Object.fromEntries(Array.from({ length: to - from }, (_, at) => [name(from + at), 'x']))
  const resource = { project: 'wide', resource_type: 'ecs' }
  const lines = [...Array.from({ length: 6 }, (_, at) => tags(at * 10, at * 10 + 10)), { k59: 'y' }]
  const answer = await service.register(
    ...lines.map((each, at) => ({ ...resource, resource_id: `w${at}`, tags: each })),
  )
  expect(answer.status, answer.text).toBe(200)
  await open(page, '/console/wide/tags')
  await keys(page).getByRole('row', { name: 'k59' }).waitFor()
  expect(await keys(page).getByRole('rowheader').first().innerText()).toContain('k59')
  await page.getByText('By name').click()
  await page.waitForURL('**/tags?order=name')
  await expect.poll(() => keys(page).getByRole('rowheader').first().innerText()).toContain('k00')
  await keys(page).getByRole('row', { name: 'k00' }).focus()
  await expect
    .poll(async () => {
      await page.keyboard.press('End')
      return keys(page).getByRole('row', { name: 'k59' }).count()
    })
    .toBe(1)
})

it('a key opens by keyboard to its values, the most used first, each leading to its resources', async ({ page }) => {
  await open(page, TAGS)
  const row = keys(page).getByRole('row', { name: 'engine', exact: true })
  await row.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'engine' }).waitFor()
  await values(page).getByRole('link').first().waitFor()
  const counts = await values(page)
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => Number(link.textContent)))
  expect(counts).toEqual(counts.toSorted((a, b) => b - a))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(109)
  await page.getByText('By name').click()
  await page.waitForURL('**/tags/engine?order=name')
  const link = values(page).getByRole('link', { name: /resources with MariaDB/ })
  expect(new URL(await link.evaluate((a: HTMLAnchorElement) => a.href)).searchParams.get('filter')).toBe(
    'tags.engine == "MariaDB"',
  )
  await expectNoViolations(page)
})

it('values that are chosen become one by a plan', async ({ page }) => {
  await open(page, `${TAGS}/env`)
  const map = page.getByRole('button', { name: 'Change values…' })
  await map.waitFor()
  await expect.poll(() => map.getAttribute('aria-disabled')).toBe('true')
  for (const value of ['PROD', 'production']) {
    await values(page).getByRole('row', { name: value, exact: true }).focus()
    await page.keyboard.press('Space')
  }
  await map.click()
  const form = page.getByRole('complementary', { name: 'Change values of env' })
  await expectNoViolations(page)
  await form.getByRole('combobox', { name: 'Become' }).fill('prod')
  await form.getByLabel('Note').fill('One word for production')
  await form.getByRole('button', { name: 'Make plan and review' }).click()
  await page.getByRole('heading', { name: 'One word for production' }).waitFor()
  const groups = page.getByRole('treegrid').getByRole('row')
  await groups
    .filter({ hasText: /env = production/ })
    .getByText(/^added env = prod$/)
    .waitFor()
  await groups.filter({ hasText: /env = PROD/ }).waitFor()
})

it('a key is renamed by a plan, and one that is there takes its tags in as chosen', async ({ page }) => {
  await open(page, `${TAGS}/cost_center`)
  await page.getByRole('button', { name: 'Rename…' }).click()
  const form = page.getByRole('complementary', { name: 'Rename cost_center' })
  await form.getByRole('button', { name: 'Make plan and review' }).click()
  await form.getByText('Enter a key.').waitFor()
  expect(new URL(page.url()).searchParams.get('form')).toBe('rename')
  await form.getByRole('combobox', { name: 'New key' }).fill('cost-center')
  await page.keyboard.press('Tab')
  await form.getByText('Keep the value of the new key').click()
  await expectNoViolations(page)
  await form.getByRole('button', { name: 'Make plan and review' }).click()
  await page.getByRole('heading', { name: 'Rename cost_center to cost-center' }).waitFor()
  await page.getByRole('button', { name: 'Apply 55 changes' }).waitFor()
})

it('the rule of a policy stands beside the values of its key', async ({ page, service }) => {
  const rule = {
    tag_key: { '@@assign': 'role' },
    tag_value: { '@@assign': ['base', 'gpu'] },
    enforced_for: { '@@assign': ['ims:image'] },
  }
  const put = await service.call('PUT', `/tagwerk/v1/${service.project}/policies/roles`, {
    body: { tags: { role: rule } },
  })
  expect(put.status, put.text).toBe(200)
  await open(page, `${TAGS}/role`)
  const policy = page.getByRole('region', { name: 'Policy' })
  await policy.getByText('base, gpu').waitFor()
  await policy.getByText('Enforced', { exact: true }).waitFor()
  await policy.getByText('Private image').waitFor()
  await page.getByRole('link', { name: 'All keys' }).click()
  await keys(page).getByRole('row', { name: 'role' }).getByText('Enforced').waitFor()
})

it('near-duplicates of a key and of its values lead to Clean-up', async ({ page }) => {
  await open(page, `${TAGS}/env`)
  const near = page.getByRole('region', { name: 'Near-duplicates of its values' })
  await near.getByText('PROD', { exact: true }).waitFor()
  await near.getByRole('link', { name: 'Open Clean-up' }).click()
  await page.waitForURL('**/clean-up?key=env')
})

it('the days that are stored are drawn, in the list and for a key, and can be read as a table', async ({ page }) => {
  await page.route(/\/coverage\?.*from=/, async (route) => {
    const { keys: _keys, ...point } = {
      revision: 1,
      resources: 360,
      tagged: 332,
      coverage: 0.9,
      untagged: 28,
      keys: [],
    }
    const share = (coverage: number) => [{ key: 'team', resources: 360, tagged: 360 * coverage, coverage }]
    const points = [
      { day: '2026-01-01', ...point, keys: share(0.5) },
      { day: '2026-01-02', ...point, keys: [] },
      { day: '2026-01-03', ...point, keys: share(0.75) },
    ]
    await route.fulfill({ json: { revision: 1, now: { ...point, keys: [] }, points } })
  })
  await open(page, TAGS)
  await keys(page).getByRole('img', { name: 'from 50 % to 75 %' }).waitFor()
  await page.goto(`${TAGS}/team`)
  const plot = page.getByRole('figure').filter({ hasText: 'Coverage over time' })
  await plot.getByRole('button', { name: 'Show as table' }).click()
  // A percent sign stands behind a space that does not break.
  const cells = async () => (await plot.getByRole('cell').allInnerTexts()).map((text) => text.replace(/\s/, ' '))
  await expect.poll(cells).toEqual(['50 %', '–', '75 %'])
  await expectNoViolations(page)
})

it('all values of a key are saved as CSV', async ({ page, service }) => {
  await open(page, `${TAGS}/engine`)
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ])
  expect(saved.suggestedFilename()).toBe('values-engine.csv')
  const file = join(service.folder, 'values.csv')
  await saved.saveAs(file)
  const [head, ...lines] = (await readFile(file, 'utf8')).trim().split('\r\n')
  expect(head).toBe('value,resources')
  expect(lines.length).toBe(3)
})

it('an empty estate says how to import', async ({ page, service }) => {
  await service.call('POST', '/v3/projects', {
    token: await service.tokenFor(undefined),
    body: { project: { name: 'empty' } },
  })
  await open(page, '/console/empty/tags')
  await page.getByText('No resource yet').waitFor()
  await page.getByText('tagwerk import resources.csv').waitFor()
  await expectNoViolations(page)
})

it('a key that no resource has leads back to all keys', async ({ page }) => {
  await open(page, `${TAGS}/${encodeURIComponent('a/b')}`)
  await page.getByText('No resource has the key a/b').waitFor()
  await page.getByRole('link', { name: 'All keys' }).click()
  await keys(page).waitFor()
})

it('a user who may only read sees the values, and why they may not be changed', async ({ page, service }) => {
  const user = await userWithRole(service, 'tags-reader', 'readonly')
  await open(page, `${TAGS}/env`, { user })
  await page.getByRole('button', { name: 'Rename…', disabled: true }).waitFor()
  await page.getByRole('button', { name: 'Rename…' }).focus()
  await page.getByRole('tooltip').getByText('None of your roles allows tagwerk:plans:create.').waitFor()
  await expectNoViolations(page)
})

it('rows of keys and of values follow a change of the language', async ({ page }) => {
  await open(page, TAGS)
  const row = keys(page).getByRole('row', { name: 'arch', exact: true })
  await row.getByText('Private image').waitFor()
  await switchToChinese(page)
  await page
    .getByRole('grid', { name: '标签' })
    .getByRole('row', { name: 'arch', exact: true })
    .getByText('私有镜像')
    .waitFor()
  await page.goto(`${TAGS}/arch`)
  await page.getByRole('link', { name: /浏览 .* 个带有 x86_64 的资源/ }).waitFor()
})
