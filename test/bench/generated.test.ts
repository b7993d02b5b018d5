import { describe, expect, it } from 'vitest'
import { importLine } from '../../bench/data/dataset.ts'
import { GeneratedDataset } from '../../bench/data/generated.ts'
import { KEYS } from '../../bench/data/keys.ts'
import { DENSE_SHARE } from '../../bench/data/vocabulary.ts'
import { readImportedImage } from '../../src/api/ims-v2/imported-detail.ts'
import { toResourceLine } from '../../src/api/tagwerk-v1/resource-line.ts'
import { readImportedInstance } from '../../src/api/taurusdb-v3/imported-detail.ts'
import { profileOf } from '../../src/core/profile.ts'

const SIZE = 20_000
const details = new Map([
  ['images' as const, readImportedImage],
  ['instances' as const, readImportedInstance],
])

const dataset = new GeneratedDataset(SIZE)
const images = Array.from({ length: SIZE }, (_, number) => dataset.at(number))
const counts = new Map<string, number>()
for (const { key, value } of images.flatMap(({ tags }) => tags)) {
  const pair = `${key}=${value}`
  counts.set(pair, (counts.get(pair) ?? 0) + 1)
}

const KNOWN_TAGS = [
  { key: 'project', value: 'project-1c9zl9h' },
  { key: 'region', value: 'eu-nl' },
  { key: 'team', value: 'team-vdqfao' },
  { key: 'env', value: 'staging' },
  { key: 'flavor', value: 'flavor-ps55vs' },
  { key: 'os', value: 'windows-2022' },
  { key: 'arch', value: 'riscv64' },
  { key: 'owner', value: 'owner-vppxwl' },
  { key: 'version', value: 'version-1x6usne' },
  { key: 'repository', value: 'repository-ps55vs' },
]

describe('the generated data', () => {
  it('an image depends only on its number and the seed', () => {
    const again = new GeneratedDataset(SIZE)
    expect(again.at(SIZE - 1)).toEqual(images[SIZE - 1])
    expect(again.at(7)).toEqual(images[7])
    expect(new GeneratedDataset(SIZE, 2).at(7)).not.toEqual(images[7])
  })

  it('a fixed image of the generated data has not changed, so that figures of two versions are comparable', () => {
    expect(new GeneratedDataset(1_000_000).at(5)).toEqual({
      id: 'bfc86e6a-63ac-4640-86ca-95618c2961f4',
      name: 'rocky-9-web-20210310-bfc86e',
      detail: '{"status":"active"}',
      tags: KNOWN_TAGS,
    })
  })

  it('every image has ten tags with different keys', () => {
    for (const { tags } of images) expect(new Set(tags.map(({ key }) => key)).size).toBe(10)
    expect(images.every(({ tags }) => tags.length === 10)).toBe(true)
  })

  it('ids are unique and names almost unique', () => {
    expect(new Set(images.map(({ id }) => id)).size).toBe(SIZE)
    expect(new Set(images.map(({ name }) => name)).size).toBeGreaterThan(SIZE * 0.99)
    expect(images[0]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('there are about 0.58 distinct pairs per image, and about 58 dense ones', () => {
    expect(counts.size / SIZE).toBeGreaterThan(0.5)
    expect(counts.size / SIZE).toBeLessThan(1.2)
    const dense = [...counts.values()].filter((count) => count > SIZE * DENSE_SHARE)
    expect(dense.length).toBeGreaterThanOrEqual(52)
    expect(dense.length).toBeLessThanOrEqual(64)
  })

  it('there are 50 keys, each on about its share of the images', () => {
    expect(KEYS).toHaveLength(50)
    for (const { key, presence } of KEYS) {
      const share = images.filter(({ tags }) => tags.some((tag) => tag.key === key)).length / SIZE
      expect(Math.abs(share - presence), `${key}: ${share} instead of ${presence}`).toBeLessThan(0.03)
    }
  })

  it('the import parses a generated line to the same image', () => {
    const image = dataset.at(3)
    const line = importLine(image)
    expect(line.endsWith('}\n')).toBe(true)
    const read = toResourceLine(Buffer.from(line.trimEnd()), { profile: profileOf('huawei'), details })
    expect(read).toMatchObject({ type: 'images', id: image.id, project: 'default' })
    expect(read.state).toEqual({ name: image.name, detail: image.detail, tags: image.tags })
  })
})
