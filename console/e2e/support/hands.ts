import type { Locator, Page } from 'playwright-core'

/** How somebody uses a page. */
export type Hand = {
  /** Presses what a locator names. */
  press(target: Locator): Promise<void>
  /** Writes into a field in place of what it has. */
  write(field: Locator, text: string): Promise<void>
}

export const mouse: Hand = {
  press: (target) => target.click(),
  write: (field, text) => field.fill(text),
}

/** Presses of Tab and of arrows before a part of a page counts as out of reach. */
const STEPS_MAX = 160
/** Parts that are one stop of Tab, with arrow keys inside. */
const COMPOSITES =
  '[role=radiogroup], [role=tablist], [role=menu], [role=listbox], [role=grid], [role=treegrid], [role=group], tbody'

/** Uses the keyboard alone: Tab, arrows, Enter and Space, as somebody without a mouse does. */
export const keyboard: Hand = {
  press: async (target) => {
    await reach(target)
    const role = await target.getAttribute('role')
    await target.page().keyboard.press(role === 'checkbox' || role === 'radio' ? 'Space' : 'Enter')
  },
  write: async (field, text) => {
    await reach(field)
    const { keyboard } = field.page()
    await keyboard.press('Control+a')
    await keyboard.press('Delete')
    await keyboard.type(text)
  },
}

async function reach(target: Locator): Promise<void> {
  await target.waitFor()
  const page = target.page()
  for (let step = 0; step < STEPS_MAX; step++) {
    const key = await nextKey(target)
    if (key === undefined) return
    await page.keyboard.press(key)
  }
  throw new Error(
    `the keyboard does not reach ${target} within ${STEPS_MAX} presses; the focus is on ${await focusOf(page)}`,
  )
}

/** The key that brings the focus nearer to an element; undefined when it is there. */
function nextKey(target: Locator): Promise<string | undefined> {
  return target.evaluate((element, composites) => {
    const active = document.activeElement
    // Check boxes and radios of React Aria are inputs inside of what has their name.
    if (active === element || (active instanceof HTMLInputElement && element.contains(active))) return undefined
    const group = element.closest(composites)
    if (group === null || active === null || !group.contains(active)) return 'Tab'
    // Inside of a group, Tab would leave it, unless the element is a stop of its own beside others.
    if (element instanceof HTMLElement && element.tabIndex >= 0 && !element.matches('[role=row], [role=radio]'))
      return 'Tab'
    const isBefore = (element.compareDocumentPosition(active) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
    if (group.matches('[role=radiogroup], [role=tablist]')) return isBefore ? 'ArrowLeft' : 'ArrowRight'
    return isBefore ? 'ArrowUp' : 'ArrowDown'
  }, COMPOSITES)
}

function focusOf(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? 'nothing')
}
