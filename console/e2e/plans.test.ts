import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { TestService } from '../../test/support/service.ts'
import { browserTest, expectNoViolations, open } from './support/browser.ts'
import { switchToChinese } from './support/looks.ts'
import { userWithRole } from './support/users.ts'

const it = browserTest()

const PLANS = '/console/default/plans'

type Made = { readonly id: string; readonly summary: { readonly changes: number } }

/** Makes a plan by the API. */
async function makePlan(service: TestService, body: Readonly<Record<string, unknown>>): Promise<Made> {
  const answer = await service.call('POST', `/tagwerk/v1/${service.project}/plans`, { body })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}

/** Sets a tag of some resources whose ids begin with a text; they are made for the test. */
async function register(service: TestService, name: string, count: number, tags: Readonly<Record<string, string>>) {
  const lines = Array.from({ length: count }, (_, at) => ({
    resource_type: 'ecs',
    resource_id: `${name}-${at}`,
    resource_name: `${name} ${at}`,
    tags,
  }))
  const answer = await service.register(...lines)
  expect(answer.status, answer.text).toBe(200)
}

const rows = (page: Page) => page.getByRole('treegrid').getByRole('row')

/** The values that resources of a test have now, with their numbers. */
async function valuesOf(service: TestService, key: string): Promise<Record<string, number>> {
  const answer = await service.call('GET', `/tagwerk/v1/${service.project}/tag-values?key=${key}`)
  return Object.fromEntries(
    answer.body.values.map(({ value, total_count }: { value: string; total_count: number }) => [value, total_count]),
  )
}

it('without a plan the list says how to make one', async ({ page, service }) => {
  await service.call('POST', '/v3/projects', {
    token: await service.tokenFor(undefined),
    body: { project: { name: 'bare' } },
  })
  await open(page, '/console/bare/plans')
  await page.getByText('No plan yet').waitFor()
  await page.getByRole('link', { name: 'Open Clean-up' }).click()
  await page.waitForURL('**/console/bare/clean-up')
})

it('the list of plans names each by its note or by what it does, with state, author and numbers', async ({
  page,
  service,
}) => {
  await register(service, 'listed', 3, { stage: 'Prod' })
  const select = { filter: 'id in ["listed-0", "listed-1", "listed-2"]' }
  await makePlan(service, { select, actions: [{ rename_key: { from: 'stage', to: 'phase' } }] })
  await makePlan(service, { select, actions: [{ change_case: { key: 'stage', to: 'lower' } }], note: 'Lower stages' })
  await open(page, PLANS)
  const named = page.getByRole('row', { name: 'Rename stage to phase' })
  await named.waitFor()
  expect(await named.innerText()).toMatch(/Planned[\s\S]*admin \(you\)[\s\S]*3[\s\S]*0[\s\S]*0/)
  await page.getByRole('row', { name: 'Lower stages' }).click()
  await page.getByRole('heading', { name: 'Lower stages' }).waitFor()
})

it('a plan shows the same change once, and opens it to single resources by keyboard', async ({ page, service }) => {
  await register(service, 'grouped', 4, { colour: 'red' })
  await register(service, 'other', 1, { colour: 'blue' })
  const { id } = await makePlan(service, {
    select: { filter: '"colour" in tags' },
    actions: [{ rename_key: { from: 'colour', to: 'color' } }],
  })
  await open(page, `${PLANS}/${id}`)
  const group = rows(page).filter({ hasText: '4 resources' })
  await group.waitFor()
  await expect.poll(() => rows(page).count()).toBe(2)
  expect(await group.getByRole('listitem').allTextContents()).toEqual(['removed colour = red', 'added color = red'])
  await group.focus()
  await page.keyboard.press('ArrowRight')
  await page.getByText('grouped 3').waitFor()
  await expect.poll(() => rows(page).count()).toBe(6)
  await page.getByText('By resource').click()
  await page.waitForURL('**/plans/*?view=resources')
  await rows(page).filter({ hasText: 'other 0' }).getByText('color = blue').waitFor()
  await expectNoViolations(page)
})

it('applied changes are in force, and undo makes the plan that takes them back', async ({ page, service }) => {
  await register(service, 'applied', 2, { tier: 'Gold' })
  const { id } = await makePlan(service, {
    select: { filter: '"tier" in tags' },
    actions: [{ map_value: { key: 'tier', from: ['Gold'], to: 'gold' } }],
  })
  await open(page, `${PLANS}/${id}`)
  await page.getByRole('button', { name: 'Apply 2 changes' }).click()
  await page.getByText('2 resources changed').waitFor()
  expect(await valuesOf(service, 'tier')).toEqual({ gold: 2 })
  await expectNoViolations(page)
  await service.call('POST', `/tagwerk/v1/${service.project}/resources/ecs/applied-1/tags`, {
    body: { action: 'create', tags: [{ key: 'tier', value: 'silver' }] },
  })
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('heading', { name: 'Undo of an earlier plan' }).waitFor()
  await page.getByText('1 tag cannot be taken back').waitFor()
  await page.getByRole('button', { name: 'Apply 1 change' }).click()
  await page.getByText('1 resource changed').waitFor()
  expect(await valuesOf(service, 'tier')).toEqual({ Gold: 1, silver: 1 })
  await page.getByRole('link', { name: 'Open the plan that this one takes back' }).click()
  await page.waitForURL(`**/plans/${id}`)
})

it('a conflict changes nothing and says what the value was and is; it is skipped or planned again', async ({
  page,
  service,
  problems,
}) => {
  // The browser logs the refused call.
  problems.allow(/status of 409/)
  await register(service, 'late', 2, { owner_team: 'A' })
  const body = {
    select: { filter: '"owner_team" in tags' },
    actions: [{ change_case: { key: 'owner_team', to: 'lower' } }],
  }
  const { id } = await makePlan(service, body)
  await service.call('POST', `/tagwerk/v1/${service.project}/resources/ecs/late-1/tags`, {
    body: { action: 'create', tags: [{ key: 'owner_team', value: 'B' }] },
  })
  await open(page, `${PLANS}/${id}`)
  await page.getByRole('button', { name: 'Apply 2 changes' }).click()
  const card = page.getByRole('alert')
  await card.getByText('late 1 changed after the plan was made: owner_team was A, is B').waitFor()
  expect(await valuesOf(service, 'owner_team')).toEqual({ A: 1, B: 1 })
  await expectNoViolations(page)
  await card.getByRole('button', { name: 'Plan again' }).click()
  await page.waitForURL((url) => !url.pathname.endsWith(id))
  await page.getByText('Planned', { exact: true }).waitFor()
  await card.waitFor({ state: 'detached' })
  await page.goBack()
  await page.getByRole('button', { name: 'Apply 2 changes' }).click()
  await card.getByRole('button', { name: 'Skip it' }).click()
  await page.getByText('1 skipped').waitFor()
  expect(await valuesOf(service, 'owner_team')).toEqual({ a: 1, B: 1 })
  await page.getByRole('tab', { name: 'Conflicts 1' }).click()
  await rows(page).filter({ hasText: 'Is not as the plan expects it' }).waitFor()
  expect(new URL(page.url()).searchParams.get('tab')).toBe('conflicts')
  await page.goto(PLANS)
  const listed = page.getByRole('row', { name: 'Lower case for owner_team' }).filter({ hasText: 'Applied' })
  await listed.waitFor()
  expect((await listed.getByRole('gridcell').allInnerTexts()).slice(2, 5)).toEqual(['1', '0', '1'])
})

it('a plan of more than 1,000 changes is applied when its number is typed', async ({ page, service }) => {
  await register(service, 'many', 1001, { bulk: 'old' })
  const { id } = await makePlan(service, { select: { filter: '"bulk" in tags' }, actions: [{ set: { bulk: 'new' } }] })
  await open(page, `${PLANS}/${id}`)
  const apply = page.getByRole('button', { name: 'Apply 1,001 changes' })
  await apply.waitFor()
  await expect.poll(() => apply.getAttribute('aria-disabled')).toBe('true')
  await page.getByLabel('Type 1,001 to apply').fill('1,001')
  await page.keyboard.press('Enter')
  await page.getByText('1,001 resources changed').waitFor()
  expect(await valuesOf(service, 'bulk')).toEqual({ new: 1001 })
})

it('a plan that is applied in part is called for until all of it is', async ({ page, service }) => {
  await register(service, 'parts', 3, { part: 'x' })
  const { id } = await makePlan(service, { select: { filter: '"part" in tags' }, actions: [{ set: { part: 'y' } }] })
  await open(page, `${PLANS}/${id}`)
  let calls = 0
  await page.route('**/apply', async (route) => {
    calls++
    if (calls > 1) return route.continue()
    const plan = await service.call('GET', `/tagwerk/v1/${service.project}/plans/${id}`)
    const applied = {
      at: plan.body.created_at,
      by: plan.body.created_by,
      changed: 1,
      conflicts: 0,
      remaining: 2,
      cause: '',
    }
    return route.fulfill({ json: { ...plan.body, state: 'partly-applied', applied } })
  })
  await page.getByRole('button', { name: 'Apply 3 changes' }).click()
  await page.getByText('3 resources changed').waitFor()
  expect(calls).toBe(2)
})

it('a plan that was left half applied goes on where it ended', async ({ page, service }) => {
  await register(service, 'half', 2, { half: 'x' })
  const { id } = await makePlan(service, { select: { filter: '"half" in tags' }, actions: [{ set: { half: 'y' } }] })
  await page.route(`**/tagwerk/v1/*/plans/${id}`, async (route) => {
    const { body } = await service.call('GET', `/tagwerk/v1/${service.project}/plans/${id}`)
    const applied = {
      at: body.created_at,
      by: 'gone',
      by_name: 'zhang.min',
      changed: 1,
      conflicts: 0,
      remaining: 1,
      cause: '',
    }
    return route.fulfill({ json: { applied, ...body, state: body.applied ? body.state : 'partly-applied' } })
  })
  await open(page, `${PLANS}/${id}`)
  await page.getByText('Partly applied').waitFor()
  await page.getByText('by zhang.min').waitFor()
  await page.getByText('The plan is applied in part.').waitFor()
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Go on with 1 left' }).click()
  await page.getByText('2 resources changed').waitFor()
  expect(await valuesOf(service, 'half')).toEqual({ y: 2 })
})

it('resources that a rule keeps from changing are listed with the reason', async ({ page, service }) => {
  await register(service, 'twice', 2, { Zone: 'a', zone: 'b' })
  const { id } = await makePlan(service, {
    select: { filter: '"Zone" in tags' },
    actions: [{ rename_key: { from: 'Zone', to: 'zone' } }],
  })
  await open(page, `${PLANS}/${id}?tab=refused`)
  await rows(page).filter({ hasText: '2 resources' }).getByText('Has both keys').waitFor()
  expect(await page.getByRole('button', { name: 'Apply 0 changes' }).getAttribute('aria-disabled')).toBe('true')
  await page.getByRole('tab', { name: 'Changes 0' }).click()
  await page.getByText('The plan changes nothing').waitFor()
})

it('where a resource has both keys, the one that it keeps stays in sight', async ({ page, service }) => {
  await register(service, 'kept', 1, { Unit: 'a', unit: 'b' })
  const { id } = await makePlan(service, {
    select: { filter: '"Unit" in tags' },
    actions: [{ rename_key: { from: 'Unit', to: 'unit', if_both: 'keep-to' } }],
  })
  await open(page, `${PLANS}/${id}?view=resources`)
  const row = rows(page).filter({ hasText: 'kept 0' })
  await row.getByText('unit = b').waitFor()
  await row.getByText('has both, keeps this one').waitFor()
})

it('a plan is saved as a file, and discarded', async ({ page, service }) => {
  await register(service, 'filed', 1, { file: 'x' })
  const { id } = await makePlan(service, {
    select: { filter: '"file" in tags' },
    actions: [{ remove: { keys: ['file'] } }],
    note: 'To be discarded',
  })
  await open(page, `${PLANS}/${id}`)
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(saved.suggestedFilename()).toBe(`plan-${id}.ndjson`)
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
  await page.waitForURL('**/console/default/plans')
  await page.getByRole('grid', { name: 'Plans' }).waitFor()
  expect(await page.getByRole('row', { name: 'To be discarded' }).count()).toBe(0)
})

it('a plan from a file is planned again for the resources as they are', async ({ page, service, problems }) => {
  problems.allow(/status of 409/)
  await register(service, 'from-file', 1, { level: 'one' })
  const lines = [
    { format: 'tagwerk-plan/1' },
    { resource_type: 'ecs', resource_id: 'from-file-0', expect: { level: 'one' }, patch: { level: 'three' } },
  ]
  const file = await service.call('POST', `/tagwerk/v1/${service.project}/plans`, {
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
    headers: { 'content-type': 'application/x-ndjson' },
  })
  await service.call('POST', `/tagwerk/v1/${service.project}/resources/ecs/from-file-0/tags`, {
    body: { action: 'create', tags: [{ key: 'level', value: 'two' }] },
  })
  await open(page, `${PLANS}/${file.body.id}`)
  await page.getByRole('button', { name: 'Apply 1 change' }).click()
  await page.getByRole('button', { name: 'Plan again' }).click()
  await page.waitForURL((url) => !url.pathname.endsWith(file.body.id))
  await rows(page).getByText('level = two').waitFor()
  await page.getByRole('button', { name: 'Apply 1 change' }).click()
  await page.getByText('1 resource changed').waitFor()
  expect(await valuesOf(service, 'level')).toEqual({ three: 1 })
})

it('a user who may only read sees a plan, and why it may not be applied', async ({ page, service }) => {
  const { id } = await makePlan(service, { select: {}, actions: [{ set: { seen: 'yes' } }] })
  const user = await userWithRole(service, 'plan-reader', 'readonly')
  await open(page, `${PLANS}/${id}`, { user })
  const apply = page.getByRole('button', { name: /^Apply/ })
  await page.getByRole('paragraph').filter({ hasText: 'None of your roles allows tagwerk:plans:apply.' }).waitFor()
  expect(await apply.getAttribute('aria-disabled')).toBe('true')
  expect(await page.getByRole('button', { name: 'Discard' }).getAttribute('aria-disabled')).toBe('true')
  await expectNoViolations(page)
})

it('rows on screen follow a change of the language', async ({ page, service }) => {
  await register(service, 'spoken', 2, { word: 'x' })
  const { id } = await makePlan(service, { select: { filter: '"word" in tags' }, actions: [{ set: { word: 'y' } }] })
  await open(page, `${PLANS}/${id}`)
  await rows(page).filter({ hasText: '2 resources' }).waitFor()
  await switchToChinese(page)
  await rows(page).filter({ hasText: '2 个资源' }).waitFor()
  await page.getByRole('button', { name: '执行 2 处变更' }).waitFor()
})

it('the address of a plan that does not exist shows the words of the service', async ({ page, problems }) => {
  problems.allow(/status of 404/)
  await open(page, `${PLANS}/01M8MN6VPX8D09GYJH1X06AC89`)
  await page.getByRole('alert').getByText('404 plan-not-found').waitFor()
})
