import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { TestService } from '../../test/support/service.ts'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { switchToChinese } from './support/looks.ts'
import { userWithRole } from './support/users.ts'

const it = browserTest()

const CLEAN_UP = '/console/default/clean-up'
/** More presses than a page has stops of Tab before its main part. */
const PRESSES_MAX = 60

const cards = (page: Page) => page.getByRole('grid', { name: 'Groups' }).getByRole('row')
const side = (page: Page) => page.getByRole('complementary', { name: 'New plan' })

/** Makes a project for a test, with resources that have the tags, and gives its id. */
async function projectWith(
  service: TestService,
  name: string,
  tags: readonly Readonly<Record<string, string>>[],
): Promise<string> {
  const token = await service.tokenFor(undefined)
  const made = await service.call('POST', '/v3/projects', { token, body: { project: { name } } })
  const lines = tags.map((each, at) => ({
    project: name,
    resource_type: 'ecs',
    resource_id: `${name}-${at}`,
    resource_name: `${name} ${at}`,
    tags: each,
  }))
  const answer = await service.register(...lines)
  expect(answer.status, answer.text).toBe(200)
  return made.body.project.id
}

/** The keys in use in a project, with their numbers. */
async function keysOf(service: TestService, name: string, id: string): Promise<Record<string, number>> {
  const keys = await service.call('GET', `/tagwerk/v1/${id}/tag-keys`, { token: await service.tokenFor(name) })
  return Object.fromEntries(
    keys.body.keys.map(({ key, total_count }: { key: string; total_count: number }) => [key, total_count]),
  )
}

/** Presses a key until something has the focus. */
async function pressUntil(page: Page, key: string, target: Locator): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < PRESSES_MAX; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  throw new Error(`${PRESSES_MAX} presses of ${key} do not lead there`)
}

it('a near-duplicate is opened, planned, applied and taken back by keyboard alone', async ({ page, service }) => {
  const id = await projectWith(service, 'keys-only', [
    { env: 'prod' },
    { env: 'test' },
    { Env: 'prod' },
    { stage_name: 'x' },
  ])
  await open(page, '/console/keys-only/explore')
  await pressUntil(page, 'Tab', page.getByRole('link', { name: 'Clean-up', exact: true }))
  await page.keyboard.press('Enter')
  await pressUntil(page, 'Tab', cards(page).first())
  await cards(page).first().getByRole('checkbox', { checked: true }).waitFor()
  await pressUntil(page, 'Tab', side(page).getByLabel('Note'))
  await page.keyboard.type('One spelling of env')
  await pressUntil(page, 'Tab', page.getByRole('button', { name: 'Make plan and review' }))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'One spelling of env' }).waitFor()
  await pressUntil(page, 'Tab', page.getByRole('treegrid').getByRole('row').first())
  await page.keyboard.press('ArrowRight')
  await page.getByText('keys-only 2').waitFor()
  await pressUntil(page, 'Tab', page.getByRole('button', { name: 'Apply 1 change' }))
  await page.keyboard.press('Enter')
  await page.getByText('1 resource changed').waitFor()
  expect(await keysOf(service, 'keys-only', id)).toEqual({ env: 3, stage_name: 1 })
  await pressUntil(page, 'Tab', page.getByRole('button', { name: 'Undo' }))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Undo of an earlier plan' }).waitFor()
  await pressUntil(page, 'Tab', page.getByRole('button', { name: 'Apply 1 change' }))
  await page.keyboard.press('Enter')
  await page.getByText('1 resource changed').waitFor()
  expect(await keysOf(service, 'keys-only', id)).toEqual({ Env: 1, env: 2, stage_name: 1 })
})

it('arrows go from card to card, Space takes one out of the plan, and arrows in a card choose the spelling', async ({
  page,
}) => {
  await open(page, CLEAN_UP)
  await cards(page).first().waitFor()
  await side(page).getByText('cost-center').waitFor()
  const ticked = cards(page).getByRole('checkbox', { checked: true })
  const all = await ticked.count()
  await pressUntil(page, 'Tab', cards(page).first())
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await expect.poll(() => ticked.count()).toBe(all - 1)
  await page.keyboard.press('ArrowUp')
  await pressUntil(page, 'Tab', page.getByRole('radio', { name: 'cost-center' }))
  await page.keyboard.press('ArrowDown')
  await page.getByRole('radio', { name: 'cost_center', checked: true }).waitFor()
  await side(page).getByRole('listitem').filter({ hasText: 'becomes cost_center' }).waitFor()
})

it('several groups become one plan, and what happens to resources with both is chosen', async ({ page, service }) => {
  const id = await projectWith(service, 'several', [
    { team: 'a' },
    { team: 'b' },
    { Team: 'a' },
    { team: 'c', Team: 'd' },
    { owner: 'x' },
    { owner: 'y' },
    { OWNER: 'z' },
  ])
  await open(page, '/console/several/clean-up')
  await cards(page).filter({ hasText: '1 resource has both' }).waitFor()
  await page.getByText('Keep the value of the chosen key').click()
  await page.getByRole('button', { name: 'Make plan and review' }).click()
  await page.getByRole('heading', { name: 'Rename Team to team and 1 more' }).waitFor()
  const row = page.getByRole('treegrid').getByRole('row').filter({ hasText: 'has both, keeps this one' })
  await row.waitFor()
  await page.getByRole('button', { name: 'Apply 3 changes' }).click()
  await page.getByText('3 resources changed').waitFor()
  expect(await keysOf(service, 'several', id)).toEqual({ owner: 3, team: 4 })
})

it('related words have no tick until somebody gives them one', async ({ page }) => {
  await open(page, CLEAN_UP)
  const chosen = side(page).getByRole('definition').first()
  await cards(page).first().waitFor()
  const before = Number(await chosen.innerText())
  await page.getByRole('option', { name: 'Related' }).click()
  await page.waitForURL('**/clean-up?kind=related')
  await cards(page).first().waitFor()
  await expect.poll(() => cards(page).getByRole('checkbox', { checked: true }).count()).toBe(0)
  await page.getByRole('button', { name: 'Choose all' }).click()
  const more = await cards(page).count()
  await expect.poll(async () => Number(await chosen.innerText())).toBe(before + more)
  await expectNoViolations(page)
})

it('a group that is ignored goes to those that are ignored, and back', async ({ page, service }) => {
  await projectWith(service, 'ignoring', [{ env: 'a' }, { env: 'b' }, { Env: 'c' }, { team: 'a' }, { Team: 'a' }])
  await open(page, '/console/ignoring/clean-up')
  await page.getByRole('button', { name: 'Ignore env, Env' }).click()
  await page.getByRole('option', { name: 'Ignored 1' }).click()
  await cards(page).getByText('ignored by admin (you)').waitFor()
  await expect.poll(() => cards(page).getByRole('radio').count()).toBe(0)
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Take back that env, Env is ignored' }).click()
  await page.getByText('No group is ignored').waitFor()
  await page.getByRole('option', { name: 'Certain 2' }).waitFor()
})

it('the values of a key are compared too, and each spelling leads to its resources', async ({ page }) => {
  await open(page, CLEAN_UP)
  await page.getByRole('radio', { name: 'Values' }).click()
  await page.getByText(/groups of values of/).waitFor()
  await page.goto(`${CLEAN_UP}?key=env`)
  const card = cards(page).filter({ hasText: 'PROD' })
  await card.waitFor()
  const link = card.getByRole('link', { name: /resources with PROD/ })
  expect(new URL(await link.evaluate((a: HTMLAnchorElement) => a.href)).searchParams.get('filter')).toBe(
    'tags.env == "PROD"',
  )
  await page.getByRole('button', { name: 'Choose none' }).click()
  await card.getByText('Prod', { exact: true }).click()
  await card.focus()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Make plan and review' }).click()
  await page.getByRole('heading', { name: 'Change env from' }).waitFor()
  await page.getByRole('treegrid').getByText('env = Prod').first().waitFor()
})

it('a user who may only read sees the groups, and why no plan can be made', async ({ page, service }) => {
  const user = await userWithRole(service, 'clean-up-reader', 'readonly')
  await open(page, CLEAN_UP, { user })
  await cards(page).first().waitFor()
  await side(page)
    .getByRole('paragraph')
    .filter({ hasText: 'None of your roles allows tagwerk:plans:create.' })
    .waitFor()
  expect(await page.getByRole('button', { name: 'Make plan and review' }).getAttribute('aria-disabled')).toBe('true')
  const ignore = page.getByRole('button', { name: /^Ignore/ }).first()
  await expect.poll(() => ignore.getAttribute('aria-disabled')).toBe('true')
  await expectNoViolations(page)
})

it('cards on screen follow a change of the language', async ({ page }) => {
  await open(page, CLEAN_UP)
  await cards(page).first().waitFor()
  await switchToChinese(page)
  await page.getByRole('grid', { name: '分组' }).getByText('种写法').first().waitFor()
  expect(await page.getByText('spellings').count()).toBe(0)
})

it('without tags there is nothing to compare', async ({ page, service }) => {
  await projectWith(service, 'tagless', [{}])
  await open(page, '/console/tagless/clean-up')
  await page.getByText('Nothing to clean up here').waitFor()
  await page.goto('/console/tagless/clean-up?of=values')
  await page.getByText('No tag in use').waitFor()
})
