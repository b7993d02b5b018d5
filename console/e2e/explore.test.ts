import { buffer } from 'node:stream/consumers'
import { expect } from 'vitest'
import { makeUser, READER_PASSWORD } from '../../test/api/fixtures.ts'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { choose, count, EXPLORE, filterOf, matches, RESOURCES, rows, value } from './support/explore.ts'
import { switchToChinese } from './support/looks.ts'

const it = browserTest({ resources: RESOURCES })

/** The most rows that a table holds in the page. */
const ROWS_MAX = 200

const filtered = (filter: string, more = '') => `${EXPLORE}?filter=${encodeURIComponent(filter)}${more}`

it('the table holds few rows of many, brings the next pages, and opens the drawer', async ({ page }) => {
  await open(page, EXPLORE)
  await rows(page).first().click()
  await page.getByRole('complementary', { name: /image number 0/ }).waitFor()
  await page.keyboard.press('Escape')
  await rows(page).first().focus()
  await expect
    .poll(async () => {
      await page.keyboard.press('End')
      return page.locator(':focus').filter({ hasText: 'database number 19' }).count()
    })
    .toBe(1)
  expect(await rows(page).count()).toBeLessThan(ROWS_MAX)
  await page.keyboard.press('Enter')
  await page.getByRole('complementary', { name: /database number 19/ }).waitFor()
  expect(new URL(page.url()).searchParams.get('r')).toBe('instances/instance-19')
})

it('some rows, and all that match, become a plan', async ({ page, service }) => {
  await open(page, filtered('tags.env == "dev"'))
  const dev = count(({ env }) => env === 'dev')
  await matches(page, dev)
  await choose(page, 'image number 2')
  await page.getByText('1 selected').waitFor()
  await page.getByRole('button', { name: `Select all ${dev} matching` }).click()
  await page.getByText(`All ${dev} matching selected`).waitFor()
  await page.getByRole('button', { name: 'Tag…' }).click()
  const dialog = page.getByRole('dialog', { name: `Tag ${dev} resources` })
  await dialog.getByRole('button', { name: 'Make plan' }).click()
  await dialog.getByText('Enter a tag to set or a key to remove.').waitFor()
  await expectNoViolations(page)
  await dialog.getByRole('textbox', { name: 'Key', exact: true }).fill('tier')
  await dialog.getByRole('textbox', { name: 'Value' }).fill('low')
  await dialog.getByRole('textbox', { name: 'Key to remove' }).fill('team')
  await dialog.getByRole('textbox', { name: 'Note' }).fill('tiers')
  await dialog.getByRole('button', { name: 'Make plan' }).click()
  await page.waitForURL(/\/console\/default\/plans\/[^/]+$/)
  const id = new URL(page.url()).pathname.split('/').at(-1)
  const plan = await service.call('GET', `/tagwerk/v1/${service.project}/plans/${id}`)
  expect(plan.body).toMatchObject({
    note: 'tiers',
    select: { filter: 'tags.env == "dev"' },
    actions: [{ set: { tier: 'low' } }, { remove: { keys: ['team'] } }],
    summary: { matched: dev },
  })
})

it('one resource is tagged at once', async ({ page }) => {
  await open(page, filtered('id == "image-7"', '&column=team&column=seen'))
  await choose(page, 'image number 7')
  await page.getByRole('button', { name: 'Tag…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Tag image number 7' })
  await dialog.getByRole('textbox', { name: 'Key', exact: true }).fill('seen')
  await dialog.getByRole('textbox', { name: 'Value' }).fill('yes')
  await dialog.getByRole('button', { name: 'Change' }).click()
  await rows(page).getByText('yes', { exact: true }).waitFor()
})

it('as of an earlier moment the rows are those of then, in violet words, and nothing can be tagged', async ({
  page,
  service,
}) => {
  const before = await service.call('GET', `/tagwerk/v1/${service.project}/resources?limit=0`)
  const { revision } = before.body
  const change = { action: 'create', tags: [{ key: 'env', value: 'gone' }] }
  await service.call('POST', `/tagwerk/v1/${service.project}/resources/images/image-13/tags`, { body: change })
  await open(page, filtered('tags.env == "gone"'))
  await page.getByRole('heading', { level: 1, name: '1 resource', exact: true }).waitFor()
  await page.goto(filtered('id == "image-13"', `&as_of=${revision}&column=env`))
  await page.getByText(`You look at revision ${revision}, read only`).waitFor()
  await rows(page).getByText('staging', { exact: true }).waitFor()
  await choose(page, 'image number 13')
  const tag = page.getByRole('button', { name: 'Tag…' })
  await expect.poll(() => tag.getAttribute('aria-disabled')).toBe('true')
  await page.getByText('The past is read only. Go back to now to change tags.').first().waitFor({ state: 'attached' })
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Back to now' }).click()
  await rows(page).getByText('gone', { exact: true }).waitFor()
})

it('a user who may only read sees everything, and why nothing can be tagged', async ({ page, service }) => {
  await makeUser(service, await service.tokenFor(undefined), 'explorer', { project: service.project, role: 'readonly' })
  await open(page, filtered('tags.env == "prod"'), { user: { user: 'explorer', password: READER_PASSWORD } })
  await choose(page, 'image number 0')
  await choose(page, 'image number 3')
  const tag = page.getByRole('button', { name: 'Tag…' })
  await expect.poll(() => tag.getAttribute('aria-disabled')).toBe('true')
  await page.getByText('None of your roles allows tagwerk:plans:create.').first().waitFor({ state: 'attached' })
  await tag.click({ force: true })
  expect(await page.getByRole('dialog').count()).toBe(0)
})

it('a fault shows its words and leaves the rows, and a retry brings the new ones', async ({ page, problems }) => {
  problems.allow(/status of 500/)
  await open(page, filtered('tags.env == "prod"'))
  await rows(page).first().waitFor()
  await page.route('**/resources/search', (route) => {
    const isRows = (route.request().postDataJSON() as { facets?: unknown[]; limit: number }).limit > 0
    if (!isRows) return route.continue()
    return route.fulfill({ status: 500, json: { error_code: 'internal', error_msg: 'the disk is full' } })
  })
  await value(page, 'env', /^dev/).click()
  await page.getByRole('alert').getByText('the disk is full').waitFor()
  expect(await rows(page).count()).toBeGreaterThan(0)
  await page.unroute('**/resources/search')
  await page.getByRole('alert').getByRole('button', { name: 'Retry' }).click()
  await matches(
    page,
    count(({ env }) => env === 'prod' || env === 'dev'),
  )
  await expect.poll(() => page.getByRole('alert').count()).toBe(0)
})

it('columns are chosen by their keys, and the address has them', async ({ page }) => {
  await open(page, filtered('tags.engine == "mysql"'))
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('dialog').locator('label').filter({ hasText: 'engine' }).click()
  await page.keyboard.press('Escape')
  await rows(page).first().getByText('mysql', { exact: true }).waitFor()
  expect(new URL(page.url()).searchParams.getAll('column')).toContain('engine')
})

it('all matches are exported as a file that an import reads', async ({ page }) => {
  await open(page, filtered('tags.engine == "mysql"'))
  const all = count(({ engine }) => engine !== undefined)
  await matches(page, all)
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: `CSV, ${all} resources` }).click()
  const content = (await buffer(await (await download).createReadStream())).toString('utf8')
  const lines = content.trimEnd().split('\r\n')
  expect(lines).toHaveLength(all + 1)
  expect(lines[0]).toBe(
    '\uFEFFresource_type,project,resource_id,resource_name,tag:engine,tag:env,created_at,updated_at,resource_detail',
  )
  expect(lines[1]).toMatch(/^instances,default,instance-0,database number 0,mysql,prod,/)
})

it('the palette finds resources, keys, values and pages', async ({ page }) => {
  await open(page, EXPLORE)
  await matches(page, RESOURCES.length)
  const find = async (text: string, name: RegExp) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find a resource, key or value' }).fill(text)
    await page.getByRole('option', { name }).click()
  }
  await find('base number 17', /^database number 17/)
  await page.getByRole('complementary', { name: /database number 17/ }).waitFor()
  await find('engi', /^engine/)
  await matches(
    page,
    count(({ engine }) => engine !== undefined),
  )
  await find('stagin', /^staging/)
  await expect.poll(() => filterOf(page)).toBe('tags.env == "staging"')
  await find('clean', /^Clean-up/)
  await page.waitForURL(/\/clean-up/)
})

it('rows, chips and facets follow a change of the language', async ({ page }) => {
  await open(page, filtered('tags.env == "prod" && tags.team != "web"'))
  await rows(page).getByText('Private image').first().waitFor()
  await switchToChinese(page)
  await page.getByRole('row', { name: '且 team 不是 web' }).waitFor()
  await page.getByRole('grid', { name: '浏览' }).getByText('私有镜像').first().waitFor()
  expect(await page.getByText('Private image').count()).toBe(0)
})

it('on a narrow page the facets are a sheet behind a button', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 700 })
  await open(page, EXPLORE)
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByRole('dialog', { name: 'Filters' }).waitFor()
  await value(page, 'env', /^dev/).click()
  await expectNoViolations(page)
  await page.keyboard.press('Escape')
  await matches(
    page,
    count(({ env }) => env === 'dev'),
  )
})
