import { randomUUID } from 'node:crypto'
import type { Random } from '../support/random.ts'
import { type Answer, type Asked, type AskedFacets, byText, type Operation, type Tags } from './history.ts'
import { PASSWORD } from './nodes.ts'

/** Keys that every client writes, with values that nobody has written before. */
const REGISTERS = ['r0', 'r1', 'r2']
/** A key whose values come again. */
const COLOUR = 'colour'
const CALL_TIMEOUT_MS = 15_000

/** The project that everything is in, and a token for it. */
export type Session = { readonly token: string; readonly project: string }

/** Takes a token of the administrator, for the default project. */
export async function logIn(url: string): Promise<Session> {
  const { token, project } = await takeToken(url, { project: { name: 'default', domain: { name: 'default' } } })
  return { token, project: project as string }
}

async function takeToken(url: string, scope: object): Promise<{ token: string; project: string | undefined }> {
  const user = { name: 'admin', password: PASSWORD, domain: { name: 'default' } }
  const body = JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/v3/auth/tokens?nocatalog=1`, { method: 'POST', headers, body })
  if (answer.status !== 201) throw new Error(`no token: ${answer.status} ${await answer.text()}`)
  const { token } = (await answer.json()) as { token: { project?: { id: string } } }
  return { token: answer.headers.get('x-subject-token') as string, project: token.project?.id }
}

/** Registers images without tags; gives their ids, and the revision after them. */
export async function registerImages(
  url: string,
  { token, project }: Session,
  count: number,
): Promise<{ images: readonly string[]; revision: number }> {
  const images = Array.from({ length: count }, () => randomUUID())
  const lines = images.map((id) =>
    JSON.stringify({ resource_type: 'images', project: 'default', resource_id: id, tags: [] }),
  )
  const { token: domainToken } = await takeToken(url, { domain: { name: 'default' } })
  const headers = { 'x-auth-token': domainToken, 'content-type': 'application/json' }
  const imported = await fetch(`${url}/tagwerk/v1/import`, { method: 'POST', headers, body: lines.join('\n') })
  if (imported.status !== 200) throw new Error(`no images: ${imported.status} ${await imported.text()}`)
  await imported.arrayBuffer()
  const answer = await fetch(`${url}/v2/${project}/images/${images[0]}/tags`, { headers: { 'x-auth-token': token } })
  await answer.arrayBuffer()
  return { images, revision: Number(answer.headers.get('x-tagwerk-revision')) }
}

/** Notes what every client does; calls that were refused without effect are counted and left out. */
export class Recorder {
  readonly operations: Operation[] = []
  refused = 0
  /** Answers that no client should get. */
  readonly odd: string[] = []

  get answered(): number {
    return this.operations.filter(({ answer }) => answer !== undefined).length
  }
}

/** One client, which makes a call at a time to any of the nodes. */
export class Client {
  readonly #number: number
  readonly #urls: readonly string[]
  readonly #session: Session
  readonly #images: readonly string[]
  readonly #random: Random
  readonly #recorder: Recorder
  #writes = 0
  /** Part of the values of the key that has some again; a new one after each write whose outcome is not known. */
  #epoch = 0
  #last: string | undefined

  constructor(
    number: number,
    world: { urls: readonly string[]; session: Session; images: readonly string[]; recorder: Recorder; random: Random },
  ) {
    this.#number = number
    this.#urls = world.urls
    this.#session = world.session
    this.#images = world.images
    this.#random = world.random
    this.#recorder = world.recorder
  }

  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const isAnswered = await this.#call(this.#choose())
      // A node that is gone is not asked again at once.
      if (!isAnswered) await new Promise((resolve) => setTimeout(resolve, 10 + this.#random.below(40)))
    }
  }

  #choose(): Asked {
    const image = this.#random.pick(this.#images)
    const chance = this.#random.below(100)
    if (chance < 30) {
      this.#last = image
      const value = `c${this.#number}-${this.#writes++}`
      return { kind: 'put', image, key: this.#random.pick(REGISTERS), value }
    }
    if (chance < 42) return { kind: 'put', image, key: COLOUR, value: this.#colour() }
    if (chance < 50) return { kind: 'delete', image, key: this.#random.pick([...REGISTERS, COLOUR]) }
    // What was just written is read back, most likely from another node.
    if (chance < 75) return { kind: 'read', image: this.#last ?? image }
    const key = this.#random.pick([COLOUR, COLOUR, ...REGISTERS])
    const values = key === COLOUR && chance % 2 === 0 ? [this.#colour(), this.#colour()] : []
    if (chance >= 92) return this.#facets(key, [...new Set(values)])
    return { kind: chance < 84 ? 'count' : 'list', key, values: [...new Set(values)] }
  }

  #facets(key: string, values: readonly string[]): AskedFacets {
    const isOfAll = this.#random.chance(0.3)
    const of = [COLOUR, this.#random.pick(REGISTERS)]
    const condition = isOfAll ? { key: undefined, values: [] } : { key, values }
    return { kind: 'facets', ...condition, of, excludesOwn: this.#random.chance(0.5) }
  }

  #colour(): string {
    return `${this.#random.pick(['red', 'green', 'blue'])}-${this.#number}-${this.#epoch}`
  }

  /** Makes a call and notes it. Gives false when there was no answer to it. */
  async #call(asked: Asked): Promise<boolean> {
    const { method, path, body } = this.#toRequest(asked)
    const startMs = performance.now()
    let outcome: { status: number; revision: number; body: unknown } | undefined
    try {
      outcome = await this.#send(this.#random.pick(this.#urls) + path, method, body)
    } catch {
      // The node is gone, or was before it had answered.
    }
    const note = (endMs: number, answer: Answer | undefined) => {
      this.#recorder.operations.push({ client: this.#number, asked, startMs, endMs, answer })
    }
    if (outcome === undefined || outcome.status >= 500) {
      this.#recorder.refused++
      if (outcome !== undefined && outcome.status !== 503) this.#recorder.odd.push(`${outcome.status} to ${path}`)
      if (asked.kind === 'put' || asked.kind === 'delete') {
        this.#epoch++
        note(Number.POSITIVE_INFINITY, undefined)
      }
      return false
    }
    const answer = toAnswer(asked, outcome)
    if (answer === undefined)
      this.#recorder.odd.push(`${outcome.status} to ${method} ${path}: ${JSON.stringify(outcome.body)}`)
    else note(performance.now(), answer)
    return true
  }

  async #send(url: string, method: string, body: unknown) {
    const answer = await fetch(url, {
      method,
      headers: { 'x-auth-token': this.#session.token, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    })
    const text = await answer.text()
    const revision = Number(answer.headers.get('x-tagwerk-revision') ?? Number.NaN)
    return { status: answer.status, revision, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
  }

  #toRequest(asked: Asked): { method: string; path: string; body?: unknown } {
    const base = `/v2/${this.#session.project}/images`
    switch (asked.kind) {
      case 'put':
        return {
          method: 'POST',
          path: `${base}/${asked.image}/tags`,
          body: { tag: { key: asked.key, value: asked.value } },
        }
      case 'delete':
        return { method: 'DELETE', path: `${base}/${asked.image}/tags/${asked.key}` }
      case 'read':
        return { method: 'GET', path: `${base}/${asked.image}/tags` }
      case 'facets':
        return {
          method: 'POST',
          path: `/tagwerk/v1/${this.#session.project}/resources/search`,
          body: toSearch(asked),
        }
      default: {
        const page = asked.kind === 'count' ? { action: 'count' } : { action: 'filter', limit: '1000', offset: '0' }
        const tags = [{ key: asked.key, values: asked.values }]
        return { method: 'POST', path: `${base}/resource_instances/action`, body: { ...page, tags } }
      }
    }
  }
}

/** The body of a search with facets. */
function toSearch({ key, values, of, excludesOwn }: AskedFacets) {
  const has = `${JSON.stringify(key)} in tags`
  return {
    types: ['images'],
    ...(key !== undefined && { filter: values.length === 0 ? has : `tags.${key} in ${JSON.stringify(values)}` }),
    limit: key === undefined ? 0 : 1000,
    facets: [...of.map((each) => ({ key: each, limit: 1000, exclude_own: excludesOwn })), { keys: true, limit: 1000 }],
  }
}

type SearchBody = {
  readonly revision: number
  readonly total_count: number
  readonly resources: readonly { readonly resource_id: string }[]
  readonly facets: readonly {
    readonly with_key: number
    readonly without_key: number
    readonly values?: readonly { readonly value: string; readonly count: number }[]
    readonly keys?: readonly { readonly key: string; readonly count: number }[]
  }[]
}

/** Undefined for an answer that names two revisions. */
function toFacetsAnswer(revision: number, body: SearchBody): Answer | undefined {
  if (body.revision !== revision) return undefined
  return {
    revision,
    total: body.total_count,
    images: body.resources.map(({ resource_id }) => resource_id),
    facets: body.facets.map(({ with_key, without_key, values = [], keys = [] }) => ({
      withKey: with_key,
      withoutKey: without_key,
      counts: byText([
        ...values.map(({ value, count }) => [value, count] as const),
        ...keys.map(({ key, count }) => [key, count] as const),
      ]),
    })),
  }
}

/** Reads an answer; undefined for one that nobody should get. */
function toAnswer(
  asked: Asked,
  { status, revision, body }: { status: number; revision: number; body: unknown },
): Answer | undefined {
  if (Number.isNaN(revision)) return undefined
  switch (asked.kind) {
    case 'put':
      return status === 204 ? { revision } : undefined
    case 'delete':
      return status === 204 || status === 404 ? { revision, there: status === 204 } : undefined
    case 'read': {
      if (status !== 200) return undefined
      const { tags } = body as { tags: readonly { key: string; value: string }[] }
      const all: Tags = Object.fromEntries(tags.map(({ key, value }) => [key, value]))
      return { revision, tags: all }
    }
    case 'facets':
      return status === 200 ? toFacetsAnswer(revision, body as SearchBody) : undefined
    case 'count':
      return status === 200 ? { revision, total: (body as { total_count: number }).total_count } : undefined
    default: {
      if (status !== 200) return undefined
      const { resources } = body as { resources: readonly { resource_id: string }[] }
      return { revision, images: resources.map(({ resource_id }) => resource_id) }
    }
  }
}
