import type { Page } from 'playwright-core'
import { expectNoViolations } from './browser.ts'

/** Switches from English to Chinese by the menu, as a reader does. */
export async function switchToChinese(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Language: English' }).click()
  const entry = page.getByRole('menuitem', { name: '中文' })
  await entry.click()
  await entry.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '语言: 中文' }).waitFor()
}

/** Expects that a page in English breaks no rule of accessibility in the light theme, nor in the dark one and in Chinese. */
export async function expectNoViolationsInBothLooks(page: Page): Promise<void> {
  await expectNoViolations(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await switchToChinese(page)
  await expectNoViolations(page)
}
