import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CountedTags, counted, startWithTags } from './counted-tags.ts'

// GET /tagwerk/v1/domain/tag-keys: keys in use in all projects of the domain.

let tags: CountedTags

beforeAll(async () => {
  tags = await startWithTags()
})
afterAll(() => tags.service.stop())

it('the keys of all projects are added up, by type and in all', async () => {
  const { keys } = await tags.list('domain/tag-keys')
  expect(counted(keys)).toEqual({ Env: 1, env: 6, 'env:2': 1, team: 1, zone: 1, 部门: 1 })
  expect(keys[1].counts).toEqual({ aws_instance: 1, disk: 1, ecs: 2, images: 2 })
})

it('pages over all projects join to the whole', async () => {
  const first = await tags.list('domain/tag-keys', ['limit', '2'])
  expect(counted(first.keys)).toEqual({ Env: 1, env: 6 })
  const second = await tags.list('domain/tag-keys', ['limit', '9'], ['marker', first.next_marker])
  expect(counted(second.keys)).toEqual({ 'env:2': 1, team: 1, zone: 1, 部门: 1 })
  expect(second.next_marker).toBeUndefined()
})
