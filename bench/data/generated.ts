import { type DataResource, type Dataset, type DataTag, hex8, uuidOf } from './dataset.ts'
import { KEYS, type KeySpec, TAGS_PER_IMAGE } from './keys.ts'
import { Random, scramble } from './random.ts'

/** Number of random key orders. Several orders keep any two keys from always or never occurring together. */
const ORDERS = 64

const DETAILS = [
  '{"status":"active"}',
  '{"status":"active","min_disk":40}',
  '{"status":"active","visibility":"private"}',
  '{"status":"deprecated"}',
  '{"status":"queued"}',
]
/** The detail of an image by a random number from 0 to 15: most are simply active. */
const DETAIL_OF = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 4]

const SYSTEMS = ['ubuntu-24.04', 'debian-12', 'rocky-9', 'windows-2022', 'euleros-2.10', 'fedora-41', 'suse-15']
const ROLES = ['web', 'base', 'golden', 'db', 'gateway', 'builder', 'worker', 'bastion', 'gpu', 'kiosk', 'cache']

/** The keys in one order, with the cumulative sums of their presence. */
type KeyOrder = { readonly keys: readonly Values[]; readonly sums: Float64Array }

/** A key and the distribution of its values. */
class Values {
  readonly key: string
  readonly #count: number
  readonly #skew: number
  readonly #names: readonly string[]
  readonly #prefix: string

  constructor(spec: KeySpec, imageCount: number) {
    this.key = spec.key
    this.#count =
      typeof spec.values === 'number' ? spec.values : Math.max(2, Math.round(imageCount * spec.values.perImage))
    this.#skew = spec.skew
    this.#names = spec.names ?? []
    this.#prefix = spec.key.split('-')[0] as string
  }

  /** Maps a number from 0 to 1 to a value: a bounded Pareto distribution, rounded to ranks. */
  draw(chance: number): string {
    const rank = this.#rank(chance)
    // Scrambled ranks, so that the text of a value does not reveal how common it is.
    return this.#names[rank] ?? `${this.#prefix}-${scramble(rank + 1).toString(36)}`
  }

  #rank(chance: number): number {
    const end = this.#count + 1
    const skew = this.#skew
    const rank = skew === 1 ? end ** chance : (1 + chance * (end ** (1 - skew) - 1)) ** (1 / (1 - skew))
    return Math.min(Math.floor(rank), this.#count) - 1
  }
}

/**
 * Generated images with a realistic skew: 50 keys, ten tags per image, from a handful of values to one for every image.
 * A million images have some 580,000 distinct pairs, of which about 58 are on more than every 32nd image. An image is
 * computed from its number within two or three microseconds; nothing is stored.
 */
export class GeneratedDataset implements Dataset {
  readonly shape = 'generated'
  readonly size: number
  readonly #seed: number
  readonly #orders: readonly KeyOrder[]
  readonly #random = new Random(0)

  constructor(size: number, seed = 1) {
    this.size = size
    this.#seed = scramble(seed)
    const values = KEYS.map((spec) => new Values(spec, size))
    const random = new Random(this.#seed)
    this.#orders = Array.from({ length: ORDERS }, () => orderOf(values, random))
  }

  at(number: number): DataResource {
    const scrambled = scramble(number ^ this.#seed)
    const random = this.#random
    random.restart(scrambled)
    const id = uuidOf(scrambled, random.below(2 ** 32), random.below(2 ** 32), random.below(2 ** 32))
    const day = `${2021 + random.below(5)}${two(1 + random.below(12))}${two(1 + random.below(28))}`
    const name = `${random.pick(SYSTEMS)}-${random.pick(ROLES)}-${day}-${hex8(scrambled).slice(0, 6)}`
    const detail = DETAILS[DETAIL_OF[random.below(DETAIL_OF.length)] as number] as string
    return { id, name, detail, tags: this.#tags(random) }
  }

  /**
   * Systematic sampling: ten points at a distance of one select keys that are laid end to end, each as long as its
   * presence. So each key has exactly its share of the images, and no image has a key twice.
   */
  #tags(random: Random): DataTag[] {
    const { keys, sums } = random.pick(this.#orders)
    const tags: DataTag[] = []
    let point = random.next()
    for (let i = 0; i < keys.length && tags.length < TAGS_PER_IMAGE; i++) {
      // Rounding errors may leave the last sum below ten.
      if ((sums[i] as number) <= point && i < keys.length - 1) continue
      const values = keys[i] as Values
      tags.push({ key: values.key, value: values.draw(random.next()) })
      point++
    }
    return tags
  }
}

function orderOf(values: readonly Values[], random: Random): KeyOrder {
  const order = values.map((_, i) => i)
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const moved = order[i] as number
    order[i] = order[j] as number
    order[j] = moved
  }
  const sums = new Float64Array(order.length)
  let sum = 0
  for (const [i, key] of order.entries()) {
    sum += (KEYS[key] as KeySpec).presence
    sums[i] = sum
  }
  return { keys: order.map((key) => values[key] as Values), sums }
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}
