import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { findChromium } from '../console/e2e/support/chromium.ts'
import { type Facts, makeHistory, VIEWER } from './pictures/history.ts'
import { startPictureService } from './pictures/service.ts'

// Makes pictures of every screen of the console, in both languages and themes, at two widths, from a service with ninety days of
// history. `node tools/console-pictures.ts explore policy` makes those of the named screens alone.

const root = join(import.meta.dirname, '..')
const FOLDER = join(root, 'console/pictures')
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
] as const
const LANGUAGES = ['en', 'zh-CN'] as const
const THEMES = ['light', 'dark'] as const
/** Fonts and plots are drawn after the last answer. */
const SETTLE_MS = 700

/** The address of each screen, below `/console/`. */
function screensOf({ plan, resource }: Facts): Readonly<Record<string, string>> {
  const filter = encodeURIComponent('tags.env in ["prod", "staging"] && !("owner" in tags)')
  return {
    explore: 'default/explore',
    'explore-filter': `default/explore?filter=${filter}`,
    drawer: `default/explore?filter=${encodeURIComponent('tags.env in ["prod", "staging"]')}&types=rds&r=${encodeURIComponent(resource)}`,
    compare: 'default/compare',
    tags: 'default/tags',
    'tags-key': 'default/tags/env',
    'clean-up': 'default/clean-up',
    plans: 'default/plans',
    plan: `default/plans/${plan}`,
    policies: 'default/policies?key=owner&type=rds&span=90d',
    'policies-rules': 'default/policies?tab=rules',
    problems: 'default/policies/problems?key=owner',
    policy: 'default/policies/project/owner-required?rehearse=90d',
    'policy-new': 'default/policies/new',
    activity: 'default/activity',
    admin: 'default/admin/users',
    'admin-log': 'default/admin/account-log',
  }
}

async function takePictures(browser: Browser, url: string, screens: Readonly<Record<string, string>>): Promise<void> {
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      const context = await browser.newContext({ baseURL: url, locale: language, colorScheme: theme })
      const page = await context.newPage()
      page.on('pageerror', (error) => console.error(`${page.url()}: ${error.message}`))
      const headers = { 'x-tagwerk-console': '1' }
      const answer = await context.request.post('/tagwerk/v1/session', { headers, data: VIEWER })
      if (!answer.ok()) throw new Error(`no session: ${answer.status()} ${await answer.text()}`)
      for (const viewport of SIZES) {
        await page.setViewportSize(viewport)
        for (const [name, path] of Object.entries(screens)) {
          await page.goto(`/console/${path}`)
          await page.getByRole('main').waitFor()
          await page.waitForLoadState('networkidle')
          await page.waitForTimeout(SETTLE_MS)
          await page.screenshot({ path: join(FOLDER, `${name}-${language}-${theme}-${viewport.width}.png`) })
        }
      }
      await context.close()
    }
  }
}

const executablePath = findChromium(process.env.TAGWERK_TEST_CHROMIUM)
if (executablePath === undefined)
  throw new Error('there is no Chromium: install one, or name it in TAGWERK_TEST_CHROMIUM')
const built = spawnSync(process.execPath, [join(root, 'tools/console.ts')], { stdio: 'inherit' })
if (built.status !== 0) process.exit(1)
mkdirSync(FOLDER, { recursive: true })
const service = await startPictureService()
const browser = await chromium.launch({ executablePath })
try {
  const all = screensOf(await makeHistory(service))
  const named = process.argv.slice(2)
  const unknown = named.find((name) => all[name] === undefined)
  if (unknown !== undefined) throw new Error(`no screen is named ${unknown}: ${Object.keys(all).join(', ')}`)
  const screens =
    named.length === 0 ? all : Object.fromEntries(Object.entries(all).filter(([name]) => named.includes(name)))
  await takePictures(browser, service.url, screens)
  console.log(`pictures of ${Object.keys(screens).length} screens are in ${FOLDER}`)
} finally {
  await browser.close()
  await service.stop()
}
