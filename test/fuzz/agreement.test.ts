import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import type { IndexedResource } from '../../src/core/resource.ts'
import type { PageShape } from '../../src/search-index/json-page.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { runLength } from '../support/effort.ts'
import { fromSnapshot, snapshotOf } from '../support/index-snapshot.ts'
import { Random } from '../support/random.ts'
import { rebuilt } from '../support/rebuilt.ts'
import { startTestService, type TestService } from '../support/service.ts'
import {
  meaningOf,
  projectTagsOf,
  type QueryBody,
  ReferenceStore,
  randomName,
  randomQuery,
  randomTags,
} from './reference-store.ts'

// Random resources, changes and queries. `matches`, an index with each kind of kernels, a rebuilt index, an index restored
// from an earlier snapshot plus the changes since, and the service over HTTP must return the same resources in the same
// order with the same total, also after restarts. TAGWERK_FUZZ_SEED repeats a run, TAGWERK_FUZZ_ROUNDS makes it longer.

const SEED = Number(process.env.TAGWERK_FUZZ_SEED ?? 20_261_121)
const ROUNDS = Number(process.env.TAGWERK_FUZZ_ROUNDS ?? runLength(24, 60))
const STEPS_PER_ROUND = 10
const QUERIES_PER_STEP = 35
const CASES_MIN = runLength(8000, 20_000)
const TAGS_MAX = 10

it(`indexes of all kinds and the service agree with matches() on at least ${CASES_MIN} queries (seed ${SEED})`, {
  timeout: 600_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tagwerk-fuzz-'))
  const random = new Random(SEED)
  let cases = 0
  let service = await startTestService({ folder })
  try {
    for (let round = 0; round < ROUNDS; round++) {
      // A new project per round. The sizes cover lists and bitmaps.
      const project = `round-${round}`
      const size = random.pick([3, 12, 40, 150, 600])
      const ids = Array.from({ length: size }, (_, i) => `image-${i}`)
      const copies = new ProjectCopies(random, project, ids)
      await copies.connect(service)
      for (let step = 0; step < STEPS_PER_ROUND; step++) {
        await copies.change()
        if (step === STEPS_PER_ROUND - 1 && round % 10 === 9) {
          await service.stop()
          service = await startTestService({ folder })
          await copies.connect(service)
        }
        const queries = Array.from({ length: QUERIES_PER_STEP }, () => randomQuery(random, ids))
        await Promise.all([...queries.map((query) => copies.check(query)), copies.checkInstances()])
        cases += queries.length
      }
    }
  } finally {
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  }
  expect(cases).toBeGreaterThanOrEqual(CASES_MIN)
  console.log(`agreement: ${cases} queries, seed ${SEED}`)
})

/** One project in a map, in indexes of every kind, and in the service. */
class ProjectCopies {
  readonly #random: Random
  readonly #project: string
  readonly #ids: readonly string[]
  readonly #images = new ReferenceStore()
  readonly #instances = new ReferenceStore()
  readonly #plain = new TagIndex({ kernels: 'plain' })
  readonly #fast = new TagIndex({ kernels: 'wasm', seed: 7 })
  #rebuilt = new TagIndex()
  #restored = new TagIndex()
  #snapshot = snapshotOf(new TagIndex())
  /** The changes since the snapshot, in order. */
  #changes: ((index: TagIndex) => void)[] = []
  #service!: TestService
  #domainToken = ''
  #token = ''
  #projectId = ''

  constructor(random: Random, project: string, ids: readonly string[]) {
    this.#random = random
    this.#project = project
    this.#ids = ids
  }

  /** Connects to the service, at first and after each restart. */
  async connect(service: TestService): Promise<void> {
    this.#service = service
    this.#domainToken = await service.tokenFor(undefined)
    if (this.#projectId === '') await this.#register(this.#ids.filter(() => this.#random.chance(0.8)))
    const list = await service.call('GET', `/v3/auth/projects`, { token: this.#domainToken })
    this.#projectId = list.body.projects.find(({ name }: { name: string }) => name === this.#project).id
    this.#token = await service.tokenFor(this.#project)
  }

  /** Applies a few random changes to all copies. */
  async change(): Promise<void> {
    const random = this.#random
    for (let i = 0; i < 4; i++) {
      const id = random.pick(this.#ids)
      const known = this.#images.resources.get(id)
      const kind = random.pick(['register', 'delete', 'set-tag', 'set-tag'])
      if (known === undefined || kind === 'register') await this.#register([id])
      else if (kind === 'delete') await this.#delete(id)
      else await this.#setTag(known)
    }
    await this.#registerInstances()
    this.#rebuilt = random.chance(0.5) ? rebuilt(this.#plain) : fromScratch(this.#images)
    this.#restored = fromSnapshot(this.#snapshot, random.pick(['plain', 'wasm', 'auto']))
    for (const change of this.#changes) change(this.#restored)
    if (random.chance(0.3)) {
      this.#snapshot = snapshotOf(random.pick([this.#plain, this.#fast, this.#restored]))
      this.#changes = []
    }
  }

  #apply(change: (index: TagIndex) => void): void {
    for (const index of [this.#plain, this.#fast]) change(index)
    this.#changes.push(change)
  }

  async #register(ids: readonly string[]): Promise<void> {
    const lines = ids.map((id) => {
      const name = randomName(this.#random)
      const tags = randomTags(this.#random, TAGS_MAX)
      const resource = this.#images.register(id, name, tags)
      this.#apply((index) => index.put(resource))
      return JSON.stringify({
        resource_type: 'images',
        project: this.#project,
        resource_id: id,
        resource_name: name,
        tags,
      })
    })
    // At least one line: an import creates the project.
    const body = lines.length > 0 ? lines.join('\n') : this.#oneLine()
    const answer = await this.#service.call('POST', '/tagwerk/v1/import', { body, token: this.#domainToken })
    expect(answer.body).toMatchObject({ refused: 0 })
  }

  /** Registers database instances with the ids of images. */
  async #registerInstances(): Promise<void> {
    const lines = this.#ids.slice(0, 1 + this.#random.below(5)).map((id) => {
      const tags = randomTags(this.#random, TAGS_MAX * 2)
      this.#instances.register(id, '', tags)
      return JSON.stringify({ resource_type: 'instances', project: this.#project, resource_id: id, tags })
    })
    const options = { body: lines.join('\n'), token: this.#domainToken }
    expect((await this.#service.call('POST', '/tagwerk/v1/import', options)).body).toMatchObject({ refused: 0 })
  }

  /** Lists the tags of all instances and of one instance, page by page. */
  async checkInstances(): Promise<void> {
    const limit = 1 + this.#random.below(5)
    const instances = this.#instances.inOrder()
    const one = this.#random.pick(instances)
    const lists = [
      [`/v3/${this.#projectId}/tags`, projectTagsOf(instances)],
      [`/v3/${this.#projectId}/instances/${one.id}/tags`, one.tags],
    ] as const
    for (const [path, expected] of lists) {
      const walked: unknown[] = []
      for (let offset = 0; offset <= expected.length; offset += limit) {
        const { body } = await this.#service.call('GET', `${path}?offset=${offset}&limit=${limit}`, {
          token: this.#token,
        })
        expect(body.total_count, path).toBe(expected.length)
        walked.push(...body.tags)
      }
      expect(walked, path).toEqual(expected)
    }
  }

  #oneLine(): string {
    const id = this.#ids[0] as string
    const resource = this.#images.register(id, '', [])
    this.#apply((index) => index.put(resource))
    return JSON.stringify({ resource_type: 'images', project: this.#project, resource_id: id })
  }

  async #delete(id: string): Promise<void> {
    this.#images.delete(id)
    this.#apply((index) => index.remove(id))
    const path = `/tagwerk/v1/${this.#projectId}/resources/images/${id}`
    expect((await this.#service.call('DELETE', path, { token: this.#token })).status).toBe(204)
  }

  async #setTag(resource: IndexedResource): Promise<void> {
    const [tag = { key: 'env', value: 'prod' }] = randomTags(this.#random, 1)
    const isAllowed = resource.tags.length < TAGS_MAX || resource.tags.some(({ key }) => key === tag.key)
    if (isAllowed) {
      const tagged = this.#images.setTag(resource.id, tag.key, tag.value)
      this.#apply((index) => index.put(tagged))
    }
    const path = `/v2/${this.#projectId}/images/${resource.id}/tags`
    const answer = await this.#service.call('POST', path, { body: { tag }, token: this.#token })
    expect(answer.status).toBe(isAllowed ? 204 : 400)
  }

  /** Compares a page of every index and of the service, and sometimes the count. */
  async check(body: QueryBody): Promise<void> {
    const query = meaningOf(body)
    const expected = this.#images.inOrder().filter((resource) => matches(resource, query))
    const limit = 1 + this.#random.below(1000)
    const offset = this.#random.chance(0.7) ? 0 : this.#random.below(expected.length + 2)
    const page = expected.slice(offset, offset + limit).map(({ id, name, tags }) => ({ id, name, tags }))
    const about = `project ${this.#project}, query ${JSON.stringify({ ...body, limit, offset })}`
    const pageJson = JSON.stringify(page)
    for (const index of [this.#plain, this.#fast, this.#rebuilt, this.#restored]) {
      const found = index.find(query, offset, limit)
      expect(found.total, about).toBe(expected.length)
      const shown = Array.from(found.slots, (slot) => index.at(slot))
      expect(JSON.stringify(shown.map(({ id, name, tags }) => ({ id, name, tags }))), about).toBe(pageJson)
      const { json } = index.findJson(query, offset, limit, SHAPE)
      expect(`[${Buffer.from(json).toString()}]`, about).toBe(pageJson)
    }
    const path = `/v2/${this.#projectId}/images/resource_instances/action`
    const ask = (more: object) => this.#service.call('POST', path, { body: { ...body, ...more }, token: this.#token })
    const filter = await ask({ action: 'filter', limit: String(limit), offset: String(offset) })
    expect(filter.body.total_count, about).toBe(expected.length)
    expect(
      filter.body.resources.map((shown: { resource_id: string; resource_name: string; tags: unknown }) => ({
        id: shown.resource_id,
        name: shown.resource_name,
        tags: shown.tags,
      })),
      about,
    ).toEqual(page)
    if (this.#random.chance(0.2))
      expect((await ask({ action: 'count' })).body, about).toEqual({ total_count: expected.length })
  }
}

/** The compared members of a resource. */
const SHAPE: PageShape = {
  pieces: [{ text: '{"id":"' }, 'id', { text: '","name":"' }, 'name', { text: '","tags":[' }, 'tags', { text: ']}' }],
  detail: (detail) => detail,
}

function fromScratch(store: ReferenceStore): TagIndex {
  const index = new TagIndex()
  for (const resource of store.inOrder()) index.put(resource)
  return index
}
