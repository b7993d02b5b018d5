import { describe, expect } from 'vitest'
import { browserTest, open } from './support/browser.ts'
import { deletePolicies, estate, POLICY, putPolicy } from './support/policies.ts'

const it = browserTest({ resources: estate() }).extend(
  'withoutPolicies',
  { auto: true },
  async ({ service }, { onCleanup }) => {
    // Every test begins without a policy.
    onCleanup(() => deletePolicies(service))
  },
)

describe('the editor', () => {
  it('form and JSON are in step, and what only the JSON can say is kept and named', async ({ page, service }) => {
    await putPolicy(service, 'owners', {
      tags: { owner: { ...POLICY.tags.owner, tag_value: { '@@assign': ['web'], '@@append': ['ops'] } } },
    })
    await open(page, '/console/default/policies/project/owners')
    const json = page.getByLabel('Policy as JSON')
    await page.getByText('Only in the JSON: tag_value.@@append').waitFor()
    await page.getByLabel('Allowed values').fill('web\ndata')
    await expect
      .poll(async () => JSON.parse(await json.inputValue()).tags.owner.tag_value)
      .toEqual({
        '@@assign': ['web', 'data'],
        '@@append': ['ops'],
      })
    await json.fill(JSON.stringify({ tags: { team: { tag_value: { '@@assign': ['a', 'b'] } } } }))
    await expect.poll(() => page.getByLabel('Spelling of the key').inputValue()).toBe('team')
    await expect.poll(() => page.getByLabel('Allowed values').inputValue()).toBe('a\nb')
    await json.fill('{')
    await page.getByText('The form comes back when the JSON is valid.').waitFor()
    const putButton = page.getByRole('button', { name: 'Put changes in force' })
    await expect.poll(() => putButton.getAttribute('aria-disabled')).toBe('true')
  })

  it('what the service does not accept is shown at its line while the policy is written', async ({
    page,
    service,
    problems,
  }) => {
    problems.allow(/status of 400/)
    await putPolicy(service, 'owners')
    await open(page, '/console/default/policies/project/owners')
    await page.getByLabel('Policy as JSON').fill('{\n  "tags": {\n    "owner": {\n      "tag_vlaue": {}\n    }\n  }\n}')
    await page.getByRole('alert').filter({ hasText: 'tags.owner.tag_vlaue: is not a known member' }).waitFor()
    await page.getByRole('button', { name: 'Go to line 4 of the JSON' }).click()
    const selected = () => page.evaluate(() => getSelection()?.toString() ?? '')
    await expect.poll(selected).toContain('"tag_vlaue"')
  })

  it('a policy is made from a template, put in force with the remarks of the service, and refuses from then on', async ({
    page,
    service,
  }) => {
    await open(page, '/console/default/policies/new?template=blank')
    await page.getByLabel('Name of the policy').fill('teams')
    await page.getByLabel('Key to add').fill('team')
    await page.keyboard.press('Enter')
    await page.getByLabel('Allowed values').fill('web')
    await page.getByRole('textbox', { name: 'Enforced for' }).fill('images\nnowhere:thing')
    await page.getByRole('button', { name: 'Put in force' }).click()
    await page.waitForURL(/policies\/project\/teams/)
    await page.getByText('"nowhere:thing" is no registered type').waitFor()
    const path = `/tagwerk/v1/${service.project}/resources/images/img-9/tags`
    const refused = await service.call('POST', path, {
      body: { action: 'create', tags: [{ key: 'team', value: 'other' }] },
    })
    expect([refused.status, refused.body.error_code]).toEqual([400, 'tag-policy-violated'])
  })

  it('a policy is deleted once its name is typed', async ({ page, service }) => {
    await putPolicy(service, 'owners')
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
    await putPolicy(service, 'owners')
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
    await putPolicy(service, 'owners')
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
    await putPolicy(service, 'owners')
    await open(page, '/console/default/policies/project/owners?rehearse=7d')
    await page.getByText(/^Of \d+ writes, 3 would have been refused: 3 by admin\.$/).waitFor()
  })
})
