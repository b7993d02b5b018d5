import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkSame } from '../case.ts'
import { type Dataset, importLine } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { actionBody, namePartQueries, variedQueries } from '../data/queries.ts'
import { Random } from '../data/random.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { runImport } from '../service/import-run.ts'
import type { ServiceProcess } from '../service/service-process.ts'

/**
 * Images per small import. Those of the previous import are deleted meanwhile, so that the catalogue keeps its size.
 */
const IMPORTED = 500
/** Images whose tags are written. The last write of each is remembered, to check reads. */
const WRITTEN = 2000

type Step = { readonly share: number; readonly run: () => Promise<void> }

/** The work of the soak test: reads of all kinds, writes that are read back, small imports and deletes. */
export class SoakWork {
  readonly #service: ServiceProcess
  readonly #dataset: Dataset
  readonly #folder: string
  readonly #random = new Random(51)
  readonly #steps: readonly Step[]
  readonly #bodies: Readonly<Record<'counts' | 'pages10' | 'pages100' | 'pages1000' | 'names', readonly string[]>>
  readonly #busy = new Set<number>()
  #toDelete: string[] = []
  #imports = 0
  #writes = 0
  /** Number of calls that were answered. */
  calls = 0

  constructor(service: ServiceProcess, dataset: Dataset, folder: string) {
    this.#service = service
    this.#dataset = dataset
    this.#folder = folder
    const vocabulary = new Vocabulary(dataset)
    const { selective, common } = namePartQueries(dataset)
    const pages = (limit: number) =>
      variedQueries(vocabulary, 100, false, limit).map((query) => actionBody(query, { offset: 0, limit }))
    this.#bodies = {
      counts: variedQueries(vocabulary, 400, true).map((query) => actionBody(query)),
      pages10: pages(10),
      pages100: pages(100),
      pages1000: pages(1000),
      names: [...selective, ...common].map((query) => actionBody(query, { offset: 0, limit: 10 })),
    }
    const query = (bodies: readonly string[]) => () => this.#read('POST', ACTION, this.#random.pick(bodies))
    this.#steps = [
      { share: 30, run: query(this.#bodies.counts) },
      { share: 20, run: query(this.#bodies.pages10) },
      { share: 6, run: query(this.#bodies.pages100) },
      { share: 1, run: query(this.#bodies.pages1000) },
      { share: 4, run: query(this.#bodies.names) },
      { share: 20, run: () => this.#read('GET', `/v2/PROJECT/images/${this.#anyImage()}/tags`) },
      { share: 5, run: () => this.#read('GET', `/v3/PROJECT/tags?offset=${this.#random.below(9900)}&limit=100`) },
      { share: 12, run: () => this.#write() },
      // As many per minute as an import creates.
      { share: 9, run: () => this.#delete() },
    ]
  }

  /** Makes one call, chosen by its share. Throws a WrongAnswer for an unexpected response. */
  async step(): Promise<void> {
    let point = this.#random.below(this.#steps.reduce((sum, { share }) => sum + share, 0))
    const step = this.#steps.find(({ share }) => {
      point -= share
      return point < 0
    })
    await step?.run()
    this.calls++
  }

  /** Imports new images. Those of the previous import are deleted from now on. */
  async import(): Promise<void> {
    const first = this.#dataset.size + this.#imports * IMPORTED
    // Another data set, so that no id repeats.
    const more = new GeneratedDataset(this.#dataset.size, 2)
    const images = Array.from({ length: IMPORTED }, (_, i) => more.at(first + i))
    const file = join(this.#folder, 'soak.ndjson')
    await writeFile(file, images.map((image) => importLine(image)).join(''))
    const { created } = await runImport(this.#service, file)
    checkSame('images that an import made', IMPORTED, created)
    this.#imports++
    this.#toDelete.push(...images.map(({ id }) => id))
  }

  #anyImage(): string {
    return this.#dataset.at(this.#random.below(this.#dataset.size)).id
  }

  async #read(method: string, path: string, body?: string): Promise<void> {
    const { status } = await this.#service.call(method, path.replace('PROJECT', this.#service.project), body)
    checkSame(`status of ${method} ${path}`, 200, status)
  }

  /** Writes a tag and reads it back: an acknowledged write must be visible at once. */
  async #write(): Promise<void> {
    const number = this.#random.below(Math.min(WRITTEN, this.#dataset.size))
    // Concurrent writes of one image would make the result ambiguous.
    if (this.#busy.has(number)) return
    this.#busy.add(number)
    try {
      const { id, tags } = this.#dataset.at(number)
      const tag = { key: tags[0]?.key as string, value: `soak-${this.#writes++ % 5000}` }
      const path = `/v2/${this.#service.project}/images/${id}/tags`
      const { status } = await this.#service.call('POST', path, JSON.stringify({ tag }))
      checkSame('status of a write', 204, status)
      const { text } = await this.#service.call('GET', path)
      const read = (JSON.parse(text) as { tags: readonly { key: string }[] }).tags.find(({ key }) => key === tag.key)
      checkSame('a tag that was just written', tag, read)
    } finally {
      this.#busy.delete(number)
    }
  }

  async #delete(): Promise<void> {
    const id = this.#toDelete.shift()
    if (id === undefined) return
    const { status } = await this.#service.call('DELETE', `/tagwerk/v1/${this.#service.project}/resources/images/${id}`)
    checkSame('status of a delete', 204, status)
  }
}

const ACTION = '/v2/PROJECT/images/resource_instances/action'
