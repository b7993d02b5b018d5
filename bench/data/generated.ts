import { type DataResource, type Dataset, type DataTag, hex8, uuidOf } from './dataset.ts'
import { KEYS, type KeySpec, TAGS_PER_IMAGE } from './keys.ts'
import { Random, scramble } from './random.ts'

/** So many orders of the keys take turns, so that no two keys always or never go together. */
const ORDERS = 64

const DETAILS = [
  '{"status":"active"}',
  '{"status":"active","min_disk":40}',
  '{"status":"active","visibility":"private"}',
  '{"status":"deprecated"}',
  '{"status":"queued"}',
]
/** Which detail an image has, by a number from 0 to 15: most are simply active. */
const DETAIL_OF = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 4]

const SYSTEMS = ['ubuntu-24.04', 'debian-12', 'rocky-9', 'windows-2022', 'euleros-2.10', 'fedora-41', 'suse-15']
const ROLES = ['web', 'base', 'golden', 'db', 'gateway', 'builder', 'worker', 'bastion', 'gpu', 'kiosk', 'cache']

/** Keys in one order, with the sum of the presences up to and including each. */
type KeyOrder = { readonly keys: readonly Values[]; readonly sums: Float64Array }

/** A key with what it takes to draw a value. */
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

  /** The value for a number from 0 to 1: a bounded Pareto distribution, cut into ranks. */
  draw(chance: number): string {
    const rank = this.#rank(chance)
    // Ranks are spread over the numbers, so that a value does not give away how common it is.
    return this.#names[rank] ?? `${this.#prefix}-${scramble(rank + 1).toString(36)}`
  }

  #rank(chance: number): number {
    const end = this.#count + 1
    const skew = this.#skew
    const place = skew === 1 ? end ** chance : (1 + chance * (end ** (1 - skew) - 1)) ** (1 / (1 - skew))
    return Math.min(Math.floor(place), this.#count) - 1
  }
}

/**
 * Made-up images with a realistic skew: 50 keys, ten tags an image, values from a handful to one for every image. A million
 * of them have some 580,000 different pairs, of which about 58 are on more than every 32nd image. Any image can be had by
 * its number, at the cost of two or three microseconds, and nothing of it is kept.
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

  at(place: number): DataResource {
    const own = scramble(place ^ this.#seed)
    const random = this.#random
    random.restart(own)
    const id = uuidOf(own, random.below(2 ** 32), random.below(2 ** 32), random.below(2 ** 32))
    const day = `${2021 + random.below(5)}${two(1 + random.below(12))}${two(1 + random.below(28))}`
    const name = `${random.pick(SYSTEMS)}-${random.pick(ROLES)}-${day}-${hex8(own).slice(0, 6)}`
    const detail = DETAILS[DETAIL_OF[random.below(DETAIL_OF.length)] as number] as string
    return { id, name, detail, tags: this.#tags(random) }
  }

  /**
   * Systematic sampling: ten points a distance of one apart fall on keys laid end to end, each as long as its presence. So
   * each key is on just its share of the images, and no image has one twice.
   */
  #tags(random: Random): DataTag[] {
    const { keys, sums } = random.pick(this.#orders)
    const tags: DataTag[] = []
    let point = random.next()
    for (let i = 0; i < keys.length && tags.length < TAGS_PER_IMAGE; i++) {
      // The last sum may fall short of ten by what rounding took.
      if ((sums[i] as number) <= point && i < keys.length - 1) continue
      const values = keys[i] as Values
      tags.push({ key: values.key, value: values.draw(random.next()) })
      point++
    }
    return tags
  }
}

function orderOf(values: readonly Values[], random: Random): KeyOrder {
  const places = values.map((_, i) => i)
  for (let i = places.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const moved = places[i] as number
    places[i] = places[j] as number
    places[j] = moved
  }
  const sums = new Float64Array(places.length)
  let sum = 0
  for (const [i, place] of places.entries()) {
    sum += (KEYS[place] as KeySpec).presence
    sums[i] = sum
  }
  return { keys: places.map((place) => values[place] as Values), sums }
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}
