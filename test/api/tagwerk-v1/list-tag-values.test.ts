import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'
import { type CountedTags, counted, startWithTags } from './counted-tags.ts'

// GET /tagwerk/v1/{project_id}/tag-values: values of a key with the number of resources.

let tags: CountedTags
let target: Target
beforeAll(async () => {
  tags = await startWithTags()
  target = await targetOf(tags.service, {})
})
afterAll(() => tags.service.stop())

describe('the values of a key in a project', () => {
  it('are listed with their numbers, also the empty one', async () => {
    expect(counted((await tags.list('tag-values', ['key', 'env'])).values)).toEqual({ prod: 3, test: 1 })
    expect((await tags.list('tag-values', ['key', 'team'])).values).toEqual([
      { value: '', total_count: 1, counts: { images: 1 } },
    ])
    expect((await tags.list('tag-values', ['key', 'none'])).values).toEqual([])
  })

  it('are listed for some types, or for a prefix, on request', async () => {
    expect(counted((await tags.list('tag-values', ['key', 'env'], ['prefix', 'te'])).values)).toEqual({ test: 1 })
    expect(counted((await tags.list('tag-values', ['key', 'env'], ['resource_type', 'ecs'])).values)).toEqual({
      prod: 1,
    })
  })
})

describe('answers to a list of values', () => {
  runScenarios(
    () => target,
    [
      {
        name: 'a missing key is answered with 400',
        request: { method: 'GET', path: '/tagwerk/v1/{project}/tag-values' },
        ...tagwerkError(400, 'request-invalid', 'key'),
      },
    ],
  )
})
