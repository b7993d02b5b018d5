import { type CaseContext, checkSame } from '../case.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Measured } from '../load/driver.ts'
import { type Pool, requestBytes } from '../load/load.ts'
import type { ServiceProcess } from '../service/service-process.ts'

const WRITERS = 64
/** Images that are written in rotation, each with a new value per lap. */
const IMAGES = 10_000
const TURNS = ['turn-a', 'turn-b'] as const

/** Writes that each change a value, and the number of acknowledged ones. */
export class Writes {
  readonly #dataset: Dataset
  readonly #service: ServiceProcess
  readonly requests: readonly Buffer[]
  #nextAt = 0
  #acknowledged = 0
  #firstRevision = 0

  /** `name` is part of the values, and must be unique among the writers of the same images. */
  constructor(service: ServiceProcess, dataset: Dataset, name = '') {
    this.#service = service
    this.#dataset = dataset
    const images = Math.min(IMAGES, dataset.size)
    this.requests = TURNS.flatMap((turn) => {
      return Array.from({ length: images }, (_, i) => this.#request(i, `${name}${turn}`))
    })
  }

  pool(): Pool {
    return { connections: WRITERS, requests: this.requests, startAt: this.#nextAt, status: 204, bodyBytes: undefined }
  }

  /** Records the writes of a run. */
  record(result: Measured['pools'][number]): void {
    this.#acknowledged += result.responsesInTotal
    this.#nextAt = result.nextAt
  }

  /** Makes one write and checks that it took effect. */
  async check(): Promise<void> {
    const image = this.#dataset.at(this.#dataset.size - 1)
    const path = `/v2/${this.#service.project}/images/${image.id}/tags`
    const [first, ...others] = image.tags
    const body = JSON.stringify({ tag: { key: first?.key, value: 'checked' } })
    const answer = await this.#service.call('POST', path, body)
    checkSame('status of a write', 204, answer.status)
    const { text, revision } = await this.#service.call('GET', path)
    checkSame(
      'tags after a write',
      [{ ...first, value: 'checked' }, ...others],
      (JSON.parse(text) as { tags: unknown }).tags,
    )
    this.#firstRevision = revision
  }

  /** Checks that every acknowledged write raised the revision, and that the last write of some images is visible. */
  async checkAll(service: ServiceProcess): Promise<void> {
    const numbers = Array.from({ length: 20 }, (_, i) => (i * 479) % Math.min(IMAGES, this.#dataset.size))
    for (const number of numbers) {
      const image = this.#dataset.at(number)
      const { text, revision } = await service.call('GET', `/v2/${service.project}/images/${image.id}/tags`)
      checkSame('revision after all writes', this.#firstRevision + this.#acknowledged, revision)
      const [written] = (JSON.parse(text) as { tags: readonly { key: string; value: string }[] }).tags
      checkSame(`value of image ${number}`, this.#valueOf(number) ?? image.tags[0]?.value, written?.value)
    }
  }

  /** The last value that was written to an image. Undefined before the first write. */
  #valueOf(number: number): string | undefined {
    const images = this.requests.length / TURNS.length
    const [first, second] = TURNS
    // The next write is at `nextAt`: in this lap everything before it is written, after it everything of the previous lap.
    const isFirstLap = this.#acknowledged < this.requests.length
    if (this.#nextAt > images + number) return second
    if (this.#nextAt > number) return first
    return isFirstLap ? undefined : second
  }

  #request(number: number, value: string): Buffer {
    const { id, tags } = this.#dataset.at(number)
    const headers = { 'x-auth-token': this.#service.token }
    const body = JSON.stringify({ tag: { key: tags[0]?.key, value } })
    return requestBytes('POST', `/v2/${this.#service.project}/images/${id}/tags`, headers, body)
  }
}

/** Duration of one run. */
export function timesOf({ isQuick }: CaseContext): { warmUpMs: number; durationMs: number } {
  return isQuick ? { warmUpMs: 100, durationMs: 300 } : { warmUpMs: 500, durationMs: 2000 }
}
