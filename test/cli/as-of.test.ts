import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, newImageId } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { run } from './run.ts'

// --as-of of the commands that list.

const ids = [newImageId(), newImageId()].sort() as [string, string]

let service: TestService
/** When only the first image was there. */
let then: string

beforeAll(async () => {
  service = await startTestService()
  await service.register(image(ids[0], 'env=test'))
  await sleep(5)
  then = new Date().toISOString()
  await sleep(5)
  await service.register(image(ids[0], 'env=prod', 'team=web'), image(ids[1], 'env=prod'))
})
afterAll(() => service.stop())

const tagwerk = (...argv: readonly string[]) => run(argv, { endpoint: service.url })

describe('--as-of', () => {
  it.each([
    ['query', ['query', '--json'], { total_count: 1, counts: { images: 1 } }],
    ['query --all', ['query', '--all', '--json'], { total_count: 1 }],
    ['query --all-projects', ['query', '--all-projects', '--json'], { total_count: 1 }],
    ['count', ['count', '--tag', 'env=test', '--json'], { total_count: 1 }],
    ['count of what came later', ['count', '--tag', 'env=prod', '--json'], { total_count: 0 }],
    ['keys', ['keys', '--json'], { keys: [{ key: 'env', total_count: 1, counts: { images: 1 } }] }],
    ['values', ['values', 'env', '--json'], { values: [{ value: 'test', total_count: 1, counts: { images: 1 } }] }],
    ['tags', ['tags', '--json'], { tags: [{ resource_type: 'images', key: 'env', values: ['test'] }] }],
    ['tags of a resource', ['tags', ids[0], '--json'], { tags: [{ key: 'env', value: 'test' }] }],
  ] as const)('%s shows what was there at a time', async (_name, argv, expected) => {
    const { code, stdout, stderr } = await tagwerk(...argv, '--as-of', then)
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject(expected)
  })

  it.each([
    ['ndjson', []],
    ['with conditions', ['--tag', 'env']],
    ['csv', ['--format', 'csv']],
  ])('export writes what was there at a time: %s', async (_name, argv) => {
    const { code, stdout } = await tagwerk('export', ...argv, '--as-of', then)
    expect([code, stdout.includes(ids[0]), stdout.includes('test'), stdout.includes(ids[1])]).toEqual([
      ...[0, true, true, false],
    ])
  })

  it('a number is a revision of the project', async () => {
    expect((await tagwerk('count', '--as-of', '1')).stdout).toBe('1\n')
    expect((await tagwerk('count', '--as-of', '0')).stdout).toBe('0\n')
    const { code, stderr } = await tagwerk('count', '--as-of', '99')
    expect([code, stderr]).toEqual([1, expect.stringContaining('must not be above 3 (got 99)')])
    const several = await tagwerk('count', '--as-of', '1', '--all-projects')
    expect([several.code, several.stderr]).toEqual([1, expect.stringContaining('a revision is of one project')])
  })

  it('a resource that was not there then is not found', async () => {
    const { code, stderr } = await tagwerk('tags', ids[1], '--as-of', then)
    expect([code, stderr]).toEqual([1, expect.stringContaining(ids[1])])
  })

  it('a text that is no moment is refused before the service is asked', async () => {
    const { code, stderr } = await run(['count', '--as-of', 'last week'], { endpoint: 'http://127.0.0.1:1' })
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('--as-of must be a revision or a time, such as yesterday'),
    ])
  })
})
