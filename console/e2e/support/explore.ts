import type { Page } from 'playwright-core'

export const EXPLORE = '/console/default/explore'

const ENVIRONMENTS = ['prod', 'staging', 'dev'] as const
const IMAGES = 240
const INSTANCES = 20

/** A resource of the tests of Explore. */
export type Known = {
  readonly resource_type: 'images' | 'instances'
  readonly resource_id: string
  readonly resource_name: string
  readonly tags: Readonly<Record<string, string>>
}

/** Images of three environments and two teams, the last twenty without a tag, and instances. */
export const RESOURCES: readonly Known[] = [
  ...Array.from({ length: IMAGES }, (_, at): Known => {
    const env = ENVIRONMENTS[at % ENVIRONMENTS.length] as string
    const owner = at % 10 === 0 ? { owner: `owner-${at}` } : {}
    return {
      resource_type: 'images',
      resource_id: `image-${at}`,
      resource_name: `image number ${at}`,
      tags: at >= IMAGES - 20 ? {} : { env, team: at % 2 === 0 ? 'data' : 'web', ...owner },
    }
  }),
  ...Array.from(
    { length: INSTANCES },
    (_, at): Known => ({
      resource_type: 'instances',
      resource_id: `instance-${at}`,
      resource_name: `database number ${at}`,
      tags: { env: 'prod', engine: 'mysql' },
    }),
  ),
]

/** The number of resources for which something holds. */
export function count(holds: (tags: Known['tags'], resource: Known) => boolean): number {
  return RESOURCES.filter((resource) => holds(resource.tags, resource)).length
}

/** Waits until the page says that so many resources match. */
export async function matches(page: Page, number: number): Promise<void> {
  await page.getByRole('heading', { level: 1, name: `${number} resources`, exact: true }).waitFor()
}

/** The filter in the address. */
export function filterOf(page: Page): string | null {
  return new URL(page.url()).searchParams.get('filter')
}

/** The rows that are in the page, without the head. */
export const rows = (page: Page) =>
  page
    .getByRole('grid', { name: 'Explore' })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') })

/** Ticks the row of a name. */
export async function choose(page: Page, name: string): Promise<void> {
  await rows(page).filter({ hasText: name }).first().locator('label').click()
}

/** The line of a value in the facet of a key. */
export function value(page: Page, key: string, name: string | RegExp) {
  return page.getByRole('group', { name: `Values of ${key}` }).getByRole('checkbox', { name })
}
