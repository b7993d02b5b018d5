import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Client, type Login, type Reply } from './client.ts'
import type { Cloud, Services } from './cloud.ts'
import { databaseSteps } from './cloud-databases.ts'
import { imageSteps } from './cloud-images.ts'
import { tagServiceSteps } from './cloud-tag-service.ts'

/** Timeouts: for a query to reflect a change (real clouds are eventually consistent), and for a step of several queries. */
const SETTLE_MS = 20_000
const PATIENT = { timeout: 10 * SETTLE_MS }

/** Tokens of a logged-in user and the names of this run. */
export type Visitor = {
  readonly cloud: Cloud
  /** Scoped to the project of the image and the instance. */
  readonly home: Login
  /** Scoped to the domain; only if the tag service is tested. */
  readonly domain: Login
  readonly ims: Client
  readonly gaussdb: Client
  readonly tms: Client
}

/** Keys unique to this run. All queries are limited to them, because the cloud is shared. */
export type Keys = readonly [first: string, second: string, third: string]

/** A cleanup call for a tag that was added. */
export type Cleaning = { readonly what: string; readonly clean: () => Promise<Reply> }

/**
 * A scenario of vendor calls that must pass on a real cloud and on Tagwerk alike. It adds tags with unique keys to one
 * image, one instance and the predefined tags, and deletes them at the end, also after a failure. It asserts only what
 * the vendor documents, so not, for example, the exact code of every error.
 */
export function cloudStory(open: () => Promise<Cloud>, services: Services): void {
  const key = `tagwerk-acceptance-${randomUUID().slice(0, 8)}`
  const keys = [key, `${key}-b`, `${key}-c`] as const
  const cleanings: Cleaning[] = []
  let cloud: Cloud | undefined
  let visitor: Visitor | undefined
  const visit = () => {
    if (visitor === undefined) throw new Error('nobody has logged in')
    return visitor
  }

  beforeAll(async () => {
    const place = await open()
    cloud = place
    const client = new Client(cloud.iam)
    const home = await client.logIn(place.project)
    expect(home.status, 'a token for the project').toBe(201)
    const domain = services.tagService ? await client.logIn() : home
    expect(domain.status, 'a token for the domain').toBe(201)
    const at = (url: string) => new Client({ ...place.iam, url })
    visitor = {
      cloud: place,
      home,
      domain,
      ims: at(place.imsUrl),
      gaussdb: at(place.gaussdbUrl),
      tms: at(place.tmsUrl),
    }
  })

  afterAll(async () => {
    const left: string[] = []
    for (const { what, clean } of cleanings.reverse()) {
      const problem = await clean().then(problemOf, String)
      if (problem !== undefined) left.push(`${what}: ${problem}`)
    }
    await cloud?.close()
    expect(left, `what has a key beginning with ${key} and could not be taken away`).toEqual([])
  })

  it('a token names its user and its project', () => {
    const { cloud, home } = visit()
    expect(home).toMatchObject({
      body: {
        token: {
          methods: ['password'],
          expires_at: expect.any(String),
          issued_at: expect.any(String),
          user: { id: expect.any(String), name: cloud.iam.user },
          project: { name: cloud.project },
        },
      },
    })
    expect(home.projectId).toMatch(/^[\da-z]{32}$/)
  })

  describe.runIf(services.images)('the image service', PATIENT, () => imageSteps(visit, keys, cleanings))
  describe.runIf(services.databases)('the database service', PATIENT, () => databaseSteps(visit, keys, cleanings))
  describe.runIf(services.tagService)('the tag service', PATIENT, () => tagServiceSteps(visit, keys, cleanings))
}

/** A batch call can return 200 and report failures of single resources. */
function problemOf({ status, body }: Reply): string | undefined {
  const isDone = status < 300 && (body?.failed_resources ?? []).length === 0
  return isDone ? undefined : `${status} ${JSON.stringify(body)}`
}

/** Retries a query until it returns the expected result: a cloud may need seconds to reflect a change. */
export async function settles(ask: () => Promise<unknown>, expected: unknown, message = ''): Promise<void> {
  await expect.poll(ask, { timeout: SETTLE_MS, interval: 500, message }).toEqual(expected)
}

/** Those of some tags that are this run's, or that are not. */
export function tagsOfRun<T extends { readonly key: string }>(tags: readonly T[], [first]: Keys, own = true): T[] {
  return tags.filter(({ key }) => key.startsWith(first) === own)
}
