import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CountedTags, counted, startWithTags } from './counted-tags.ts'

// GET /tagwerk/v1/domain/tag-values: values of a key in all projects of the domain.

let tags: CountedTags

beforeAll(async () => {
  tags = await startWithTags()
})
afterAll(() => tags.service.stop())

it('the values of a key in all projects are added up', async () => {
  expect(counted((await tags.list('domain/tag-values', ['key', 'env'])).values)).toEqual({ dev: 1, prod: 4, test: 1 })
  const ofType = await tags.list('domain/tag-values', ['key', 'env'], ['resource_type', 'disk'])
  expect(counted(ofType.values)).toEqual({ dev: 1 })
})
