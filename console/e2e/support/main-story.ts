import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { ADMIN_PASSWORD, type TestService } from '../../../test/support/service.ts'
import { browserTest, open, type StageOptions } from './browser.ts'
import type { Hand } from './hands.ts'
import { laterImages, STORY_WORDS, type StoryLanguage, type StoryWords, storyEstate } from './story.ts'

// The main story of the console. Each file that tells it has a service of its own, because the story leaves traces in its history.

const DAY_MS = 86_400_000

/** The `it` of a file with the main story: a service with forty days of history, and `now`, the service with a fresh token. */
export function storyTest(context: StageOptions['context'] = {}) {
  let daysAgo = 40
  const clock = () => Date.now() - daysAgo * DAY_MS
  return browserTest({ resources: storyEstate(), clock, context }).extend(
    'now',
    { scope: 'file', auto: true },
    async ({ service }): Promise<TestService> => {
      // The images are forty days old. Three days ago five more came, and two got another value.
      daysAgo = 3
      const then = await service.renewed()
      await then.register(...laterImages())
      await setTag(then, 'image-10', 'env', 'dev')
      await setTag(then, 'image-12', 'env', 'dev')
      daysAgo = 0
      return service.renewed()
    },
  )
}

async function setTag(service: TestService, name: string, key: string, value: string): Promise<void> {
  const path = `/tagwerk/v1/${service.project}/resources/images/id-of-${name}/tags`
  const { status, text } = await service.call('POST', path, { body: { action: 'create', tags: [{ key, value }] } })
  expect(status, text).toBe(200)
}

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })

/** Opens a screen by its link at the left. */
const goTo = (page: Page, hand: Hand, name: string) =>
  hand.press(page.getByRole('navigation').getByRole('link', { name, exact: true }))

async function logIn(page: Page, hand: Hand, words: StoryWords): Promise<void> {
  await open(page, '/console/default/explore', { user: null })
  await hand.write(page.getByLabel(words.user, { exact: true }), 'admin')
  await hand.write(page.getByLabel(words.password), ADMIN_PASSWORD)
  await hand.press(page.getByRole('button', { name: words.logIn, exact: true }))
  await page.getByRole('heading', { name: words.resources(45), exact: true }).waitFor()
}

async function filter(page: Page, hand: Hand, words: StoryWords): Promise<void> {
  await hand.press(page.getByRole('checkbox', { name: /^web\b/ }))
  await page.getByRole('heading', { name: words.resources(20), exact: true }).waitFor()
  await hand.press(page.getByRole('checkbox', { name: /^staging\b/ }))
  await page.getByRole('heading', { name: words.resources(9), exact: true }).waitFor()
  await hand.press(page.getByRole('radio', { name: words.text, exact: true }))
  const text = page.getByLabel(words.filterText)
  expect(await text.inputValue()).toBe('tags.team == "web" && tags.env == "staging"')
  await hand.write(text, 'tags.team == "web" && tags.env == "dev"')
  await page.getByRole('heading', { name: words.resources(2), exact: true }).waitFor()
  await hand.press(page.getByRole('radio', { name: words.chips, exact: true }))
}

async function readBlame(page: Page, hand: Hand, words: StoryWords): Promise<void> {
  await hand.press(row(page, 'image-10'))
  const drawer = page.getByRole('complementary', { name: words.resource('image-10') })
  await drawer.getByText('admin').first().waitFor()
  // Its value was another one before somebody set it three days ago.
  await drawer.getByText('prod', { exact: true }).waitFor()
  await hand.press(drawer.getByRole('button', { name: words.close }))
  await drawer.waitFor({ state: 'detached' })
}

async function lookBack(page: Page, hand: Hand, words: StoryWords): Promise<void> {
  await page.goto('/console/default/explore')
  await hand.press(page.getByRole('button', { name: words.now, exact: true }))
  await hand.press(page.getByRole('button', { name: words.weekAgo }))
  await page.getByRole('heading', { name: words.resources(40), exact: true }).waitFor()
  await page.getByText(words.youLookAt).waitFor()
  await hand.press(page.getByRole('button', { name: words.backToNow }))
  await page.getByRole('heading', { name: words.resources(45), exact: true }).waitFor()
  await goTo(page, hand, words.compare)
  await page.getByText(words.differ(7)).waitFor()
  await hand.press(page.getByRole('radio', { name: words.changed(2) }))
  await row(page, 'image-12').waitFor()
  await expect.poll(() => row(page, 'image-40').count()).toBe(0)
}

async function cleanUp(page: Page, hand: Hand, words: StoryWords, now: TestService): Promise<void> {
  await goTo(page, hand, words.cleanUp)
  const group = page.getByRole('checkbox', { name: words.inPlan('env, Env') })
  await group.waitFor()
  await hand.press(page.getByRole('button', { name: words.make }))
  await hand.press(page.getByRole('button', { name: words.apply(3) }))
  await page.getByText(words.applied(3)).waitFor()
  expect(await countOf(now, '"Env" in tags')).toBe(0)
  await hand.press(page.getByRole('button', { name: words.undo }))
  await hand.press(page.getByRole('button', { name: words.apply(3) }))
  await page.getByText(words.applied(3)).waitFor()
  expect(await countOf(now, '"Env" in tags')).toBe(3)
}

async function countOf(service: TestService, filter: string): Promise<number> {
  const path = `/tagwerk/v1/${service.project}/resources/search`
  return (await service.call('POST', path, { body: { filter, limit: 0 } })).body.total_count
}

async function enforce(page: Page, hand: Hand, words: StoryWords): Promise<void> {
  await goTo(page, hand, words.policies)
  await hand.press(page.getByRole('link', { name: words.newPolicy }))
  await hand.write(page.getByLabel(words.policyName), 'environments')
  const env = { tag_value: { '@@assign': ['prod', 'staging', 'test'] }, enforced_for: { '@@assign': ['images'] } }
  await hand.write(page.getByLabel(words.json), JSON.stringify({ tags: { env } }))
  await hand.press(page.getByRole('button', { name: words.rehearse, exact: true }))
  // Two images got the value dev, and the plan that took the clean-up back wrote three keys in another case.
  await page
    .getByText(/\d/)
    .filter({ hasText: words.sentence(REFUSED) })
    .first()
    .waitFor()
  await hand.press(page.getByRole('button', { name: words.seeWrites }))
  await page.getByRole('link', { name: 'id-of-image-10' }).waitFor()
  await hand.press(page.getByRole('button', { name: words.put }))
  await page.getByText(words.inForce).waitFor()
}

const REFUSED = 5

/** A write that the policy refuses, and one that it lets pass, which a second window shows without being asked. */
async function write(page: Page, hand: Hand, words: StoryWords, second: Page): Promise<void> {
  await second.goto(`/console/default/explore?filter=${encodeURIComponent('tags.env == "test"')}`)
  await second.getByRole('heading', { name: words.resources(5), exact: true }).waitFor()
  await page.goto(`/console/default/explore?r=images%2Fid-of-image-05`)
  const drawer = page.getByRole('complementary', { name: words.resource('image-05') })
  await hand.press(drawer.getByRole('row').filter({ hasText: 'env' }).first())
  await hand.press(drawer.getByRole('button', { name: words.edit('env') }))
  await hand.write(drawer.getByLabel(words.valueOf('env')), 'production')
  await hand.press(drawer.getByRole('button', { name: words.save, exact: true }))
  await drawer.getByText(/tag policy/).waitFor()
  await hand.write(drawer.getByLabel(words.valueOf('env')), 'test')
  await hand.press(drawer.getByRole('button', { name: words.save, exact: true }))
  await second.getByRole('heading', { name: words.resources(6), exact: true }).waitFor()
  await row(second, 'image-05').waitFor()
}

/** Does everything that the console is for, from the log-in to a refused write. Once for a service: it leaves a policy behind. */
export async function tellMainStory(page: Page, now: TestService, language: StoryLanguage, hand: Hand): Promise<void> {
  const words: StoryWords = STORY_WORDS[language]
  await logIn(page, hand, words)
  await filter(page, hand, words)
  await readBlame(page, hand, words)
  await lookBack(page, hand, words)
  await cleanUp(page, hand, words, now)
  await enforce(page, hand, words)
  await write(page, hand, words, await page.context().newPage())
}
