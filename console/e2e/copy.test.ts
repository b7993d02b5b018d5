import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { browserTest, expectNoViolations, open } from './support/browser.ts'

const ID = 'img-1'
const it = browserTest({
  resources: [{ resource_type: 'images', resource_id: ID, resource_name: 'web-1', tags: { env: 'prod' } }],
})

const RESOURCE = `/console/default/explore?r=images/${ID}`

/** Takes the clipboard away, as a browser does over plain http to another machine. */
const withoutClipboard = (page: Page) =>
  page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined }))

/** Lets the browser refuse every way to copy. */
async function refuseToCopy(page: Page): Promise<void> {
  await withoutClipboard(page)
  await page.addInitScript(() => {
    document.execCommand = () => false
  })
}

/** What the clipboard holds, pasted into the field of the search. */
async function pasted(page: Page): Promise<string> {
  await page.keyboard.press('Control+k')
  const field = page.getByRole('dialog').getByRole('combobox')
  await field.waitFor()
  await page.keyboard.press('Control+v')
  return field.inputValue()
}

describe('copying over plain http', () => {
  it('a button copies an id, says so, and keeps the focus', async ({ page }) => {
    await withoutClipboard(page)
    await open(page, RESOURCE)
    const button = page.getByRole('button', { name: 'Copy the id' })
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('Copied', { exact: true }).waitFor({ state: 'attached' })
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await pasted(page)).toBe(ID)
  })

  it('a button in a dialog copies the secret of a new access key', async ({ page }) => {
    await withoutClipboard(page)
    await open(page, '/console/default/admin/access-keys')
    await page.getByRole('button', { name: 'New access key' }).click()
    await page.getByRole('button', { name: 'Create' }).click()
    const dialog = page.getByRole('dialog')
    const secret = await dialog.locator('dd code').last().innerText()
    await dialog.getByRole('button', { name: 'Copy the secret' }).click()
    await dialog.getByRole('status').getByText('Copied', { exact: true }).waitFor({ state: 'attached' })
    await dialog.getByRole('button', { name: 'I have it' }).click()
    await expect.poll(() => dialog.count()).toBe(0)
    expect(await pasted(page)).toBe(secret)
  })

  it('a text that the browser does not copy is shown selected, with words that say how to copy it', async ({
    page,
  }) => {
    await refuseToCopy(page)
    await open(page, RESOURCE)
    await page.getByRole('complementary').getByRole('button', { name: 'Copy as' }).click()
    await page.getByRole('menuitem', { name: 'curl' }).click()
    const dialog = page.getByRole('dialog', { name: 'Copy by hand' })
    await dialog.getByText(/does not let this page copy/).waitFor()
    const text = dialog.getByLabel('Text to copy')
    expect(await text.inputValue()).toMatch(/^curl -X GET .*images\/img-1/)
    const isSelected = () =>
      text.evaluate((field: HTMLTextAreaElement) => {
        const isWhole = field.selectionStart === 0 && field.selectionEnd === field.value.length
        return field === document.activeElement && isWhole
      })
    await expect.poll(isSelected).toBe(true)
    await expectNoViolations(page)
    await page.keyboard.press('Escape')
    await expect.poll(() => dialog.count()).toBe(0)
  })

  it('a text is also shown when the browser has a clipboard and refuses to write it', async ({ page }) => {
    await page.addInitScript(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('denied', 'NotAllowedError'))
      document.execCommand = () => false
    })
    await open(page, RESOURCE)
    await page.getByRole('button', { name: 'Copy the id' }).click()
    const dialog = page.getByRole('dialog', { name: 'Copy by hand' })
    expect(await dialog.getByLabel('Text to copy').inputValue()).toBe(ID)
  })
})
