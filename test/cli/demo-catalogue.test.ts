import { describe, expect, it } from 'vitest'
import { type DemoLine, demoCatalogue } from '../../src/cli/demo-catalogue.ts'

const lines = demoCatalogue()
const images = lines.filter(({ resource_type }) => resource_type === 'images')
const instances = lines.filter(({ resource_type }) => resource_type === 'instances')
const keysOf = (some: readonly DemoLine[]) => new Set(some.flatMap(({ tags }) => tags.map(({ key }) => key)))

describe('the demo catalogue', () => {
  it('the demo catalogue is always the same', () => {
    expect(demoCatalogue()).toEqual(lines)
  })

  it('the ids of the demo catalogue are valid and unique', () => {
    expect([images.length, instances.length]).toEqual([240, 120])
    for (const { resource_id } of images) {
      expect(resource_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
    for (const { resource_id } of instances) expect(resource_id).toMatch(/^[0-9A-Za-z]{32}in07$/)
    expect(new Set(lines.map(({ resource_id }) => resource_id)).size).toBe(lines.length)
  })

  it('the tags of the demo catalogue are within the limits', () => {
    for (const { resource_type, tags } of lines) {
      expect(tags.length).toBeLessThanOrEqual(resource_type === 'images' ? 10 : 20)
      expect(new Set(tags.map(({ key }) => key)).size).toBe(tags.length)
      for (const { key, value } of tags) {
        expect(key).toMatch(/^[0-9A-Za-z_\-\u4E00-\u9FFF]{1,36}$/)
        expect(value).toMatch(/^[0-9A-Za-z_.\-\u4E00-\u9FFF]{0,43}$/)
      }
    }
  })

  it('the demo catalogue has inconsistent tags and several states', () => {
    expect(keysOf(images)).toEqual(new Set([...keysOf(images), 'env', 'Env', 'environment', '环境']))
    for (const some of [images, instances]) {
      expect(some.filter(({ tags }) => tags.length === 0).length).toBeGreaterThan(2)
      expect(new Set(some.map(({ resource_detail }) => resource_detail.status)).size).toBeGreaterThan(3)
    }
    const values = lines.flatMap(({ tags }) => tags.map(({ value }) => value))
    expect(values).toContain('')
    expect(values.filter((value) => /\p{Script=Han}/u.test(value)).length).toBeGreaterThan(20)
  })
})
