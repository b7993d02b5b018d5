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
    { resource_type: 'images', resource_id: 'twin' },
    { resource_type: 'instances', resource_id: 'twin' },
    { resource_type: 'images', resource_id: 'full', tags: tags.slice(0, 10) },
    { resource_type: 'instances', resource_id: INSTANCE, tags },
    { resource_type: 'instances', resource_id: 'small' },
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
      resource_type: 'images',
      resource_id: 'image',
      total_count: 3,
      tags: [
        { key: 'env', value: 'test' },
        { key: 'a', value: 'b' },
        { key: 'flag', value: '' },
      ],
    })
  })

  it('tag sets all tags in one change, or none', async () => {
    const revision = async () => {
      const { headers } = await test.call('GET', `/v2/${test.project}/images/image/tags`)
      return Number(headers.get('x-tagwerk-revision'))
    }
    const before = await revision()
    const { code, stdout, stderr } = await ask('tag', 'image', 'fine=1', 'bad=x=y', 'never=1')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^error: the service answered 400 tag-invalid: .*tags\[1\]\.value.*; no tag was changed\n$/)
    expect((await ask('tag', 'full', 'k00=new', 'more=1')).stderr).toMatch(
      /400 tag-quota-exceeded: .*; no tag was changed\n$/,
    )
    expect(await revision()).toBe(before)
    await ask('tag', 'image', 'p=1', 'q=2', 'r=3')
    expect(await revision()).toBe(before + 1)
    await ask('untag', 'image', 'p', 'q', 'r')
    expect(await revision()).toBe(before + 2)
  })

  it('tag and untag find a database instance by its id, or by --type under any name', async () => {
    expect((await ask('tag', 'small', 'a=1', 'b=2')).code).toBe(0)
    expect((await ask('tag', 'small', 'c=3', '--type', 'gaussdb')).code).toBe(0)
    expect((await ask('tags', 'small', '--type', 'instances')).stdout).toBe('KEY  VALUE\na    1\nb    2\nc    3\n')
    expect((await ask('untag', 'small', 'a', 'c')).stdout).toBe('Removed 2 tags from small.\n')
    expect((await ask('tags', 'small')).stdout).toBe('KEY  VALUE\nb    2\n')
  })

  it('an id of an image and of an instance has to be told apart by --type', async () => {
    for (const argv of [
      ['tag', 'twin', 'a=1'],
      ['untag', 'twin', 'a'],
      ['tags', 'twin'],
    ]) {
      expect(await ask(...argv)).toEqual({
        code: 2,
        stdout: '',
        stderr: 'error: 2 resources of different types have the id twin: add --type images or --type instances\n',
      })
    }
    expect((await ask('tag', 'twin', 'a=1', '--type', 'instances')).code).toBe(0)
    expect((await ask('tags', 'twin', '--type', 'private_image')).stdout).toBe('KEY  VALUE\n')
    expect((await ask('tags', 'twin', '--type', 'instances')).stdout).toBe('KEY  VALUE\na    1\n')
  })

  it('tag --json prints the resource and its new tags', async () => {
    const { stdout } = await ask('tag', 'image', 'x=1', '--json')
    const tags = [{ key: 'x', value: '1' }]
    expect(JSON.parse(stdout)).toEqual({ resource_type: 'images', resource_id: 'image', tags })
  })
})

describe('tagwerk untag', () => {
  it('untag removes by key or by pair, and names what was not there', async () => {
    await ask('tag', 'image', 'one=1', 'two=2', 'three=3')
    expect(await ask('untag', 'image', 'one', 'two=other', 'none')).toEqual({
      code: 0,
      stderr: '',
      stdout: 'Removed 1 tag from image, which did not have two=other, none.\n',
    })
    const { stdout } = await ask('untag', 'image', 'two=2', 'three', '--json')
    const removed = [
      { key: 'two', value: '2' },
      { key: 'three', value: '3' },
    ]
    expect(JSON.parse(stdout)).toEqual({ resource_type: 'images', resource_id: 'image', removed })
    expect((await ask('tags', 'image')).stdout).not.toMatch(/one|two|three/)
  })
})

describe('tagwerk tags', () => {
  it('tags lists the tags of an instance, found with or without its type', async () => {
    for (const type of [[], ['--type', 'instances']]) {
      const { stdout } = await ask('tags', ...type, INSTANCE)
      expect(stdout.split('\n').slice(0, 3)).toEqual(['KEY  VALUE', 'k00  v0', 'k01  v1'])
    }
    const body = JSON.parse((await ask('tags', INSTANCE, '--json')).stdout)
    expect(body).toMatchObject({ resource_type: 'instances', total_count: 20 })
    expect(body.tags).toHaveLength(20)
  })

  it('tags lists the tags in use of every type over all pages', async () => {
    await ask('tag', 'image', 'only-images=')
    const { stdout } = await ask('tags')
    expect(stdout).toMatch(/^TYPE {7}KEY +VALUES\n/)
    expect(stdout).toMatch(/^images {5}only-images +""$/m)
    expect(stdout).toMatch(/^instances {2}k00 +v0$/m)
    const images = (await ask('tags', '--type', 'images')).stdout
    expect(images).toMatch(/^KEY +VALUES\n/)
    expect(images).toContain('only-images')
    expect(images).not.toContain('n0-00')
    const body = JSON.parse((await ask('tags', '--json', '--type', 'gaussdb')).stdout)
    expect(body.tags[0]).toEqual({ resource_type: 'instances', key: expect.any(String), values: [expect.any(String)] })
    expect(new Set(body.tags.map(({ key }: { key: string }) => key)).size).toBe(body.total_count)
    expect(body.total_count).toBeGreaterThan(100)
  })

  it('tags lists the tags of an image that another project shares', async () => {
    await test.register({
      resource_type: 'images',
      resource_id: 'lent',
      project: 'owner',
      tags: [{ key: 'a', value: '1' }],
    })
    const token = await test.tokenFor('owner')
    await test.call('POST', '/v2/images/lent/members', { token, body: { member: test.project } })
    await test.call('PUT', `/v2/images/lent/members/${test.project}`, { body: { status: 'accepted' } })
    expect(await ask('tags', 'lent')).toMatchObject({ code: 0, stdout: 'KEY  VALUE\na    1\n' })
  })

  it.each([
    [[], 'no resource'],
    [['--type', 'images'], 'no image'],
    [['--type', 'instances'], 'no database instance'],
  ])('tag, untag and tags with %j report an unknown resource', async (flags, words) => {
    for (const argv of [
      ['tags', 'no/such'],
      ['tag', 'no/such', 'a=b'],
      ['untag', 'no/such', 'a'],
    ]) {
      expect(await ask(...argv, ...flags)).toEqual({
        code: 1,
        stdout: '',
        stderr: `error: there is ${words} with the id "no/such" in the project default\n`,
      })
    }
  })
})
