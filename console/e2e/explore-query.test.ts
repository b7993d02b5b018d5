import { expect } from 'vitest'
import { browserTest, open } from './support/browser.ts'
import { count, EXPLORE, filterOf, matches, RESOURCES, rows, value } from './support/explore.ts'

const it = browserTest({ resources: RESOURCES })

const field = 'Add filter'

it('values of facets narrow the rows, the address holds them, and going back takes the last one away', async ({
  page,
}) => {
  await open(page, EXPLORE)
  await matches(page, RESOURCES.length)
  await value(page, 'env', /^prod/).click()
  await matches(
    page,
    count(({ env }) => env === 'prod'),
  )
  await value(page, 'env', /^staging/).click()
  await value(page, 'team', /^web/).click()
  const number = count(({ env, team }) => (env === 'prod' || env === 'staging') && team === 'web')
  await matches(page, number)
  expect(filterOf(page)).toBe('tags.env in ["prod", "staging"] && tags.team == "web"')
  await page.getByRole('row', { name: 'env is prod or staging' }).waitFor()
  await page.getByRole('row', { name: 'and team is web' }).waitFor()
  await page.reload()
  await matches(page, number)
  await page.goBack()
  await matches(
    page,
    count(({ env }) => env === 'prod' || env === 'staging'),
  )
})

it('the counts of a facet leave out the conditions on its own key', async ({ page }) => {
  await open(page, `${EXPLORE}?filter=${encodeURIComponent('tags.env == "prod" && tags.team == "web"')}`)
  const dev = count(({ env, team }) => env === 'dev' && team === 'web')
  await value(page, 'env', new RegExp(`^dev.*${dev}$`)).waitFor()
  const data = count(({ env, team }) => env === 'prod' && team === 'data')
  await value(page, 'team', new RegExp(`^data.*${data}$`)).waitFor()
})

it('a value is excluded by Alt and a click, and by the button that the right arrow reaches', async ({ page }) => {
  await open(page, EXPLORE)
  await value(page, 'env', /^prod/).click({ modifiers: ['Alt'] })
  await matches(
    page,
    count(({ env }) => env !== 'prod'),
  )
  expect(filterOf(page)).toBe('tags.env != "prod"')
  await value(page, 'env', /^staging/).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await matches(
    page,
    count(({ env }) => env !== 'prod' && env !== 'staging'),
  )
  await value(page, 'env', /^prod excluded/).click()
  await matches(
    page,
    count(({ env }) => env !== 'staging'),
  )
})

it('resources without a key, and those without any tag, are values of facets as well', async ({ page }) => {
  await open(page, EXPLORE)
  await value(page, 'team', /^Lacks this key/).click()
  await matches(
    page,
    count(({ team }) => team === undefined),
  )
  await page
    .getByRole('group', { name: 'Type' })
    .getByRole('checkbox', { name: /^No tag at all/ })
    .click()
  await matches(
    page,
    count((tags) => Object.keys(tags).length === 0),
  )
  expect(filterOf(page)).toBe('!("team" in tags) && size(tags) == 0')
})

it('a type narrows the rows, and the other types keep their counts', async ({ page }) => {
  await open(page, EXPLORE)
  const types = page.getByRole('group', { name: 'Type' })
  await types.getByRole('checkbox', { name: /^DB instance/ }).click()
  const images = count((_, { resource_type }) => resource_type === 'images')
  await matches(page, RESOURCES.length - images)
  await types.getByRole('checkbox', { name: new RegExp(`^Private image.*${images}$`) }).waitFor()
  expect(new URL(page.url()).searchParams.getAll('types')).toEqual(['instances'])
})

it('the values of a facet are one stop of Tab, with arrows inside', async ({ page }) => {
  await open(page, EXPLORE)
  await value(page, 'env', /^prod/).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  const [, second] = Object.entries(Object.groupBy(RESOURCES, ({ tags }) => tags.env ?? '')).sort(
    ([, a = []], [, b = []]) => b.length - a.length,
  )
  await matches(page, second?.[1]?.length ?? 0)
  await page.keyboard.press('Tab')
  const focused = page.locator(':focus')
  await expect.poll(() => focused.getAttribute('role')).not.toBe('checkbox')
})

it('a condition is written by keyboard: key, value, back into the chips, away again', async ({ page }) => {
  await open(page, EXPLORE)
  await matches(page, RESOURCES.length)
  await page.getByRole('combobox', { name: field }).focus()
  await page.keyboard.type('tea')
  await page.getByRole('option', { name: /^team/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: /^data/ }).waitFor()
  await page.keyboard.type('we')
  await page.getByRole('option', { name: /^web/ }).waitFor()
  await page.getByRole('option', { name: /^data/ }).waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await matches(
    page,
    count(({ team }) => team === 'web'),
  )
  await page.keyboard.type('number 1')
  await page.getByRole('option', { name: 'name contains number 1' }).waitFor()
  await page.keyboard.press('Enter')
  await matches(
    page,
    count(({ team }, { resource_name }) => team === 'web' && resource_name.includes('number 1')),
  )
  await page.keyboard.press('Backspace')
  await page
    .getByRole('row', { name: /name contains/ })
    .and(page.locator(':focus'))
    .waitFor()
  await page.keyboard.press('Delete')
  await matches(
    page,
    count(({ team }) => team === 'web'),
  )
})

it('the word of a chip negates it', async ({ page }) => {
  await open(page, `${EXPLORE}?filter=${encodeURIComponent('tags.env == "prod"')}`)
  await page.getByRole('button', { name: 'Negate env is prod' }).click()
  await matches(
    page,
    count(({ env }) => env !== 'prod'),
  )
})

it('the text of a filter is applied when it is valid, and a fault leaves the rows as they are', async ({ page }) => {
  await open(page, `${EXPLORE}?filter=${encodeURIComponent('tags.env == "prod"')}`)
  const prod = count(({ env }) => env === 'prod')
  await matches(page, prod)
  await page.getByRole('radio', { name: 'Text' }).click()
  const text = page.getByRole('textbox', { name: 'Filter as text' })
  await text.fill('tags.env == "prod" && size(tags) = 3')
  await page.getByText(/^At character 34: expected/).waitFor()
  await expect.poll(() => text.getAttribute('aria-invalid')).toBe('true')
  await matches(page, prod)
  expect(filterOf(page)).toBe('tags.env == "prod"')
  await text.fill('tags.env == "prod" && "owner" in tags || tags.team == "web"')
  await matches(
    page,
    count(({ env, owner, team }) => (env === 'prod' && owner !== undefined) || team === 'web'),
  )
  await page.getByRole('radio', { name: 'Chips' }).click()
  await page.getByRole('row', { name: 'expression' }).waitFor()
  await value(page, 'team', /^data/).click()
  await matches(
    page,
    count(({ env, owner, team }) => env === 'prod' && owner !== undefined && team === 'data'),
  )
})

it('an address whose filter cannot be read opens the text with its fault, and can be corrected', async ({ page }) => {
  await open(page, `${EXPLORE}?filter=${encodeURIComponent('tags.env = "prod"')}`)
  await page.getByText(/^At character 10: expected/).waitFor()
  await page.getByRole('textbox', { name: 'Filter as text' }).fill('tags.env == "prod"')
  await matches(
    page,
    count(({ env }) => env === 'prod'),
  )
})

it('an empty answer says what to take away and how much that leaves', async ({ page }) => {
  await open(page, `${EXPLORE}?filter=${encodeURIComponent('tags.env == "dev" && tags.engine == "mysql"')}`)
  await matches(page, 0)
  const dev = count(({ env }) => env === 'dev')
  await page.getByRole('button', { name: `Without “engine is mysql” ${dev} match` }).click()
  await matches(page, dev)
  await rows(page).first().waitFor()
})
