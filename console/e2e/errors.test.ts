import { describe, expect } from 'vitest'
import { browserTest, expectNoViolations, open } from './support/browser.ts'

const it = browserTest({
  resources: [{ resource_type: 'images', resource_id: 'img-1', resource_name: 'web-1', tags: { env: 'prod' } }],
  context: { locale: 'zh-CN' },
})

const TAG_KEYS = '**/tag-keys?*'

describe('an error of the service, to a reader of Chinese', () => {
  it('is said in Chinese, with the words of the service below', async ({ page, problems }) => {
    problems.allow(/status of 429/)
    const json = { error_code: 'throttled', error_msg: 'Too many calls: try again later.' }
    await page.route(TAG_KEYS, (route) => route.fulfill({ status: 429, json }))
    await open(page, '/console/default/tags')
    const alert = page.getByRole('alert')
    await alert.getByText('调用过于频繁，请稍后再试。', { exact: true }).waitFor()
    const own = alert.getByText('Too many calls: try again later.', { exact: true })
    expect(await own.getAttribute('lang')).toBe('en')
    await alert.getByText('429 throttled').waitFor()
    await expectNoViolations(page)
  })

  it('stays in the words of the service if its code is unknown', async ({ page, problems }) => {
    problems.allow(/status of 400/)
    const json = { error_code: 'of-a-later-service', error_msg: 'Something new.' }
    await page.route(TAG_KEYS, (route) => route.fulfill({ status: 400, json }))
    await open(page, '/console/default/tags')
    await expect.poll(() => page.getByRole('alert').innerText()).toMatch(/^Something new\.\s+400 of-a-later-service/)
  })

  it('is said at the field of a form that it names', async ({ page, problems }) => {
    problems.allow(/status of 400/)
    await open(page, '/console/default/admin/projects?form=new')
    const name = page.getByLabel('名称', { exact: true })
    await name.fill('x'.repeat(100))
    await name.press('Enter')
    await page.getByText('输入的内容不符合规则。').waitFor()
    await page.getByText(/at most 64 characters/).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await expectNoViolations(page)
  })

  it('is said below a value that a policy refuses', async ({ page, service, problems }) => {
    problems.allow(/status of 400/)
    const rule = {
      tag_key: { '@@assign': 'env' },
      tag_value: { '@@assign': ['prod'] },
      enforced_for: { '@@assign': ['images'] },
    }
    const path = `/tagwerk/v1/${service.project}/policies/env`
    expect((await service.call('PUT', path, { body: { tags: { env: rule } } })).status).toBe(200)
    await open(page, '/console/default/explore?r=images/img-1')
    await page.getByRole('button', { name: '修改 env' }).click()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('production')
    await page.keyboard.press('Enter')
    await page.getByText('标签策略拒绝了此更改。 (tag-policy-violated)').waitFor()
    await page.getByText(/^A tag policy refuses the change\./).waitFor()
    await expectNoViolations(page)
  })
})
