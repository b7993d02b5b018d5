import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { type DataResource, type Dataset, type DataTag, uuidOf } from './dataset.ts'
import { Random, scramble } from './random.ts'

type Line = {
  readonly resource_name: string
  readonly resource_detail: unknown
  readonly tags: readonly DataTag[]
}

/** What is taken of a detail: status and kind, so that all data sets have details of one size. */
function detailOf(detail: unknown): string {
  const { status = 'active' } = detail as { status?: string }
  return JSON.stringify({ status })
}

/**
 * Images drawn from a file of real catalogues, in the form that an import takes. Beyond the end of the file images are drawn
 * again, at random, each with an id and a name of its own: their tags, and which of them go together, stay real.
 */
export class CatalogueDataset implements Dataset {
  readonly shape = 'catalogue'
  readonly size: number
  readonly #images: readonly Omit<DataResource, 'id'>[]
  readonly #seed: number
  readonly #random = new Random(0)

  private constructor(size: number, images: readonly Omit<DataResource, 'id'>[], seed: number) {
    this.size = size
    this.#images = images
    this.#seed = scramble(seed)
  }

  /** Reads a file of JSON lines, packed by gzip; undefined when it is not there. */
  static async read(file: string, size: number, seed = 1): Promise<CatalogueDataset | undefined> {
    if (!existsSync(file)) return undefined
    const images: Omit<DataResource, 'id'>[] = []
    const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()) })
    for await (const text of lines) {
      const line = JSON.parse(text) as Line
      images.push({ name: line.resource_name, detail: detailOf(line.resource_detail), tags: line.tags })
    }
    return new CatalogueDataset(size, images, seed)
  }

  at(place: number): DataResource {
    const own = scramble(place ^ this.#seed)
    const random = this.#random
    random.restart(own)
    const id = uuidOf(own, random.below(2 ** 32), random.below(2 ** 32), random.below(2 ** 32))
    const isCopy = place >= this.#images.length
    const image = this.#images[isCopy ? random.below(this.#images.length) : place] as Omit<DataResource, 'id'>
    return { ...image, id, name: isCopy ? `${image.name}-${own.toString(36)}` : image.name }
  }
}
