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

/** Reduces a detail to its status, so that the details of all data sets have about one size. */
function detailOf(detail: unknown): string {
  const { status = 'active' } = detail as { status?: string }
  return JSON.stringify({ status })
}

/**
 * Images from a file of real catalogues in the format of an import. Beyond the end of the file images are drawn at
 * random with new ids and names: their tags, and the combinations of tags, stay real.
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

  /** Reads gzipped JSON lines. Returns undefined when the file does not exist. */
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

  at(number: number): DataResource {
    const scrambled = scramble(number ^ this.#seed)
    const random = this.#random
    random.restart(scrambled)
    const id = uuidOf(scrambled, random.below(2 ** 32), random.below(2 ** 32), random.below(2 ** 32))
    const isCopy = number >= this.#images.length
    const image = this.#images[isCopy ? random.below(this.#images.length) : number] as Omit<DataResource, 'id'>
    return { ...image, id, name: isCopy ? `${image.name}-${scrambled.toString(36)}` : image.name }
  }
}
