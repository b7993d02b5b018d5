import { text } from 'node:stream/consumers'
import type { Download, Page } from 'playwright-core'
import { afterEach, describe, expect } from 'vitest'
import type { TestService } from '../../test/support/service.ts'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { userWithRole } from './support/users.ts'

const POLICY = {
  tags: {
    owner: {
      tag_key: { '@@assign': 'owner' },
      tag_value: { '@@assign': ['web', 'data'] },
      enforced_for: { '@@assign': ['images'] },
      report_required_tag_for: { '@@assign': ['images', 'rds'] },
    },
  },
}

/** 200 images: 196 comply, one lacks the owner, two have a wrong value, one a wrong case. Ten databases without an owner. */
function estate() {
  const images = Array.from({ length: 200 }, (_, i) => {
    const tag =
      i === 0
        ? []
        : i < 3
          ? [['owner', 'Web']]
          : i === 3
            ? [['Owner', 'web']]
            : [['owner', i % 2 === 0 ? 'web' : 'data']]
    return {
      resource_type: 'images',
      resource_id: `img-${i}`,
      resource_name: `image-${i}`,
      tags: tag.map(([key, value]) => ({ key, value })),
    }
  })
  const databases = Array.from({ length: 10 }, (_, i) => ({
    resource_type: 'rds',
    resource_id: `db-${i}`,
    resource_name: `database-${i}`,
    tags: [{ key: 'engine', value: 'postgres' }],
  }))
  return [...images, ...databases]
}

const it = browserTest({ resources: estate() })

let service: TestService | undefined

afterEach(async () => {
  // Every test begins without a policy.
  if (service === undefined) return
  const { body } = await service.call('GET', `/tagwerk/v1/${service.project}/policies`)
  for (const { name } of body.policies) await service.call('DELETE', `/tagwerk/v1/${service.project}/policies/${name}`)
  service = undefined
})

async function put(on: TestService, name: string, policy: unknown): Promise<void> {
  service = on
  const { status, text: words } = await on.call('PUT', `/tagwerk/v1/${on.project}/policies/${name}`, { body: policy })
  expect(status, words).toBe(200)
}

const cell = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

const rowWith = (page: Page, words: RegExp) => page.getByRole('row').filter({ hasText: words })

describe('the board', () => {
  it('it shows the share of each key in each type, and what is nearly everything is not everything', async ({
    page,
    service,
  }) => {
    await put(service, 'owners', POLICY)
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
    expect(await page.getByText('Keys without a rule are not shown: 2.').count()).toBe(1)
  })

  it('its cells are one stop of Tab with arrow keys, and Enter shows who complies and who does not', async ({
    page,
    service,
  }) => {
    await put(service, 'owners', POLICY)
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
    expect(await cell(page, 'owner, Private image: 99 %').evaluate((it) => it === document.activeElement)).toBe(true)
  })

  it('its numbers are a file of CSV', async ({ page, service }) => {
    await put(service, 'owners', POLICY)
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
    await page.getByLabel('Policy as JSON').waitFor()
    expect(await page.getByLabel('Policy as JSON').inputValue()).toContain('"report_required_tag_for"')
  })

  it('days that nobody has counted are counted on request, and the plot has their numbers as a table', async ({
    page,
    service,
  }) => {
    await put(service, 'owners', POLICY)
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
    await put(service, 'owners', POLICY)
    await open(page, '/console/default/policies?key=owner&type=images')
    await page.getByRole('link', { name: 'List: Wrong case' }).click()
    await rowWith(page, /image-3.*Private image.*Owner = web/).waitFor()
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
    await put(service, 'owners', POLICY)
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
    await put(service, 'owners', POLICY)
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

describe('the editor', () => {
  it('form and JSON are in step, and what only the JSON can say is kept and named', async ({ page, service }) => {
    await put(service, 'owners', {
      tags: { owner: { ...POLICY.tags.owner, tag_value: { '@@assign': ['web'], '@@append': ['ops'] } } },
    })
    await open(page, '/console/default/policies/project/owners')
    const json = page.getByLabel('Policy as JSON')
    await page.getByText('Only in the JSON: tag_value.@@append').waitFor()
    await page.getByLabel('Allowed values').fill('web\ndata')
    expect(JSON.parse(await json.inputValue()).tags.owner.tag_value).toEqual({
      '@@assign': ['web', 'data'],
      '@@append': ['ops'],
    })
    await json.fill(JSON.stringify({ tags: { team: { tag_value: { '@@assign': ['a', 'b'] } } } }))
    expect(await page.getByLabel('Spelling of the key').inputValue()).toBe('team')
    expect(await page.getByLabel('Allowed values').inputValue()).toBe('a\nb')
    await json.fill('{')
    await page.getByText('The form comes back when the JSON is valid.').waitFor()
    const putButton = page.getByRole('button', { name: 'Put changes in force' })
    expect(await putButton.getAttribute('aria-disabled')).toBe('true')
  })

  it('what the service does not accept is shown at its line while the policy is written', async ({
    page,
    service,
    problems,
  }) => {
    problems.allow(/status of 400/)
    await put(service, 'owners', POLICY)
    await open(page, '/console/default/policies/project/owners')
    await page.getByLabel('Policy as JSON').fill('{\n  "tags": {\n    "owner": {\n      "tag_vlaue": {}\n    }\n  }\n}')
    await page.getByRole('alert').filter({ hasText: 'tags.owner.tag_vlaue: is not a known member' }).waitFor()
    await page.getByRole('button', { name: 'Go to line 4 of the JSON' }).click()
    const selected = () => page.evaluate(() => getSelection()?.toString() ?? '')
    expect(await selected()).toContain('"tag_vlaue"')
  })

  it('a policy is made from a template, put in force with the remarks of the service, and refuses from then on', async ({
    page,
    service: on,
  }) => {
    service = on
    await open(page, '/console/default/policies/new?template=blank')
    await page.getByLabel('Name of the policy').fill('teams')
    await page.getByLabel('Key to add').fill('team')
    await page.keyboard.press('Enter')
    await page.getByLabel('Allowed values').fill('web')
    await page.getByRole('textbox', { name: 'Enforced for' }).fill('images\nnowhere:thing')
    await page.getByRole('button', { name: 'Put in force' }).click()
    await page.waitForURL(/policies\/project\/teams/)
    await page.getByText('"nowhere:thing" is no registered type').waitFor()
    const path = `/tagwerk/v1/${on.project}/resources/images/img-9/tags`
    const refused = await on.call('POST', path, { body: { add: { team: 'other' } } })
    expect([refused.status, refused.body.error_code]).toEqual([400, 'tag-policy-violated'])
  })

  it('a policy is deleted once its name is typed', async ({ page, service }) => {
    await put(service, 'owners', POLICY)
    await open(page, '/console/default/policies/project/owners')
    await page.getByRole('button', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete the policy owners?' })
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByText('This is not the name of the policy.').waitFor()
    await dialog.getByLabel('Type the name of the policy to delete it').fill('owners')
    await page.keyboard.press('Enter')
    await page.getByText('There is no policy').waitFor()
    const { body } = await service.call('GET', `/tagwerk/v1/${service.project}/policies`)
    expect(body.policies).toEqual([])
  })

  it('changes that are not in force are not lost without a question', async ({ page, service }) => {
    await put(service, 'owners', POLICY)
    await open(page, '/console/default/policies/project/owners')
    await page.getByLabel('Allowed values').fill('web')
    await page.getByRole('link', { name: 'Explore', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Leave without putting the policy in force?' })
    await dialog.getByRole('button', { name: 'Stay' }).click()
    expect(await page.getByLabel('Allowed values').inputValue()).toBe('web')
  })

  it('a rule of Huawei Cloud Config becomes a policy', async ({ page }) => {
    await open(page, '/console/default/policies/new')
    await page.getByRole('button', { name: 'Huawei Cloud Config rule' }).click()
    const rule = { parameters: { specifiedTagKey: { value: 'cost' }, specifiedTagValue: { value: ['a', 'b'] } } }
    await page.getByLabel('Assignment of required-tag-check, as JSON').fill(JSON.stringify(rule))
    await page.getByRole('button', { name: 'Convert', exact: true }).click()
    await expect.poll(() => page.getByLabel('Allowed values').inputValue()).toBe('a\nb')
    expect(await page.getByLabel('Spelling of the key').inputValue()).toBe('cost')
  })
})

describe('rehearsal', () => {
  it('a draft is rehearsed before it is put: a sentence, and the writes with links to their resources', async ({
    page,
    service,
  }) => {
    await put(service, 'owners', POLICY)
    await open(page, '/console/default/policies/project/owners')
    await page.getByLabel('Allowed values').fill('web')
    await page.getByRole('button', { name: 'Rehearse', exact: true }).click()
    // Of the images, 98 have the owner data, 2 the owner Web, and one has the key in another case.
    const sentence = page.getByText(/^Of \d+ writes, 101 would have been refused: 101 by admin\.$/)
    await sentence.waitFor()
    await page.getByRole('button', { name: 'See the writes' }).click()
    const writes = page.getByRole('region', { name: 'Writes that would have been refused' })
    expect(await writes.getByRole('link', { name: 'img-1', exact: true }).getAttribute('href')).toContain(
      'explore?r=images%2Fimg-1',
    )
    await page.getByLabel('Allowed values').fill('web\ndata')
    await page.getByText('The policy has changed since this rehearsal.').waitFor()
  })

  it('an address that asks for a rehearsal of the stored policy has its sentence', async ({ page, service }) => {
    await put(service, 'owners', POLICY)
    await open(page, '/console/default/policies/project/owners?rehearse=7d')
    await page.getByText(/^Of \d+ writes, 3 would have been refused: 3 by admin\.$/).waitFor()
  })
})

describe('rights, languages and accessibility', () => {
  it('a reader sees everything, and why nothing can be changed', async ({ page, service }) => {
    await put(service, 'owners', POLICY)
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
    await put(service, 'owners', POLICY)
    await open(page, '/console/default/policies?tab=policies')
    await rowWith(page, /owners.*project.*owner/).waitFor()
    await page.getByRole('button', { name: 'Language: English' }).click()
    await page.getByRole('menuitem', { name: '中文' }).click()
    await rowWith(page, /owners.*项目.*owner/).waitFor()
    await page.getByRole('tab', { name: '总览' }).click()
    await cell(page, 'owner，私有镜像：99%').waitFor()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`no page about policies breaks a rule of accessibility in the ${colorScheme} theme`, async ({
      page,
      service,
    }) => {
      await put(service, 'owners', POLICY)
      await put(service, 'twice', { tags: { owner: { tag_value: { '@@assign': ['x'] } } } })
      await page.emulateMedia({ colorScheme })
      await open(page, '/console/default/policies?key=owner&type=images')
      await page.getByRole('link', { name: 'List: Wrong case' }).waitFor()
      await expectNoViolations(page)
      const pages: readonly (readonly [path: string, words: string])[] = [
        ['?tab=policies', 'twice'],
        ['?tab=rules', 'Without effect'],
        ['/problems?key=owner', 'image-3'],
        ['/new', 'Name of the policy'],
        ['/project/owners?rehearse=30d', 'would have been refused'],
      ]
      for (const [path, words] of pages) {
        await page.goto(`/console/default/policies${path}`)
        await page.getByText(words).first().waitFor()
        await expectNoViolations(page)
      }
    })
  }
})

async function colourOf(of: { evaluate<T>(ask: (element: HTMLElement) => T): Promise<T> }): Promise<string> {
  return of.evaluate((element) => getComputedStyle(element).backgroundColor)
}

async function contentOf(download: Download): Promise<string> {
  return text(await download.createReadStream())
}
