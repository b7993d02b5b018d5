import type { Locator } from 'playwright-core'

/** Waits until the keyboard acts on an element. */
export async function hasFocus(target: Locator): Promise<void> {
  await target.and(target.page().locator(':focus')).waitFor()
}
