import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { type Ran, run } from './run.ts'

const INSTANCE = `${'0123456789abcdef'.repeat(2)}in07`

let test: TestService
beforeAll(async () => {
  test = await startTestService()
  const tags = Array.from({ length: 20 }, (_, i) => ({ key: `k${String(i).padStart(2, '0')}`, value: `v${i}` }))
  await test.register(
    { resource_type: 'images', resource_id: 'image' },
    { resource_type: 'instances', resource_id: INSTANCE, tags },
    // Enough keys for a second page.
    ...Array.from({ length: 5 }, (_, n) => ({
      resource_type: 'instances',
      resource_id: `i${n}`,
      tags: Array.from({ length: 18 }, (_, i) => ({ key: `n${n}-${String(i).padStart(2, '0')}`, value: `值${n}` })),
    })),
  )
})
afterAll(() => test.stop())

const ask = (...argv: string[]): Promise<Ran> => run(argv, { endpoint: test.url })

describe('tagwerk tag', () => {
  it('tags lists the tags that tag has set', async () => {
    expect(await ask('tag', 'image', 'env=prod', 'a=b', 'flag')).toEqual({
      code: 0,
      stderr: '',
      stdout: 'Set 3 tags on image.\n',
    })
    expect((await ask('tag', 'image', 'env=test')).stdout).toBe('Set 1 tag on image.\n')
    expect((await ask('tags', 'image')).stdout).toBe('KEY   VALUE\nenv   test\na     b\nflag\n')
    expect(JSON.parse((await ask('tags', 'image', '--type', 'images', '--json')).stdout)).toEqual({
      tags: [
        { key: 'env', value: 'test' },
        { key: 'a', value: 'b' },
        { key: 'flag', value: '' },
      ],
    })
  })

  it('tag splits at the first "=" and reports how many tags were set before an error', async () => {
    const { code, stdout, stderr } = await ask('tag', 'image', 'fine=1', 'bad=x=y', 'never=1')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^error: bad=x=y: the service answered 400 IMG\.0115: .*; 1 of 3 tags were set before this error\n$/,
    )
    expect((await ask('tags', 'image')).stdout).toContain('fine')
    expect((await ask('tags', 'image')).stdout).not.toContain('never')
  })

  it('tag reports an unknown image', async () => {
    const { code, stderr } = await ask('tag', 'no/such', 'a=b')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: a=b: the service answered 404 IMG\.0027: .*; no tag was set\n$/)
  })
})

describe('tagwerk tags', () => {
  it('tags lists the tags of an instance', async () => {
    const { stdout } = await ask('tags', '--type', 'instances', INSTANCE)
    expect(stdout.split('\n').slice(0, 3)).toEqual(['KEY  VALUE', 'k00  v0', 'k01  v1'])
    const body = JSON.parse((await ask('tags', '--type', 'instances', INSTANCE, '--json')).stdout)
    expect(body.total_count).toBe(20)
    expect(body.tags).toHaveLength(20)
  })

  it('tags lists the tags of a project over all pages', async () => {
    const { stdout } = await ask('tags')
    expect(stdout.split('\n').slice(0, 2)).toEqual(['KEY    VALUES', 'k00    v0'])
    const body = JSON.parse((await ask('tags', '--json')).stdout)
    expect(body.total_count).toBe(110)
    expect(new Set(body.tags.map(({ key }: { key: string }) => key)).size).toBe(110)
  })

  it('tags reports an unknown resource', async () => {
    expect(await ask('tags', 'nope')).toMatchObject({ code: 1, stderr: expect.stringContaining('404 IMG.0027') })
    const instance = await ask('tags', '--type', 'instances', 'nope')
    expect(instance).toMatchObject({ code: 1, stderr: expect.stringContaining('400 DBS.280404') })
  })
})
