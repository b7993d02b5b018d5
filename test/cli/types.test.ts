import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { type Ran, run } from './run.ts'

// The commands on resources, over several types and projects, as tables, as JSON and as CSV.

let test: TestService
const line = (project: string, type: string, id: string, tags: Record<string, string>) => ({
  project,
  resource_type: type,
  resource_id: id,
  resource_name: `name of ${id}`,
  tags,
})
beforeAll(async () => {
  test = await startTestService({ flags: { profile: 'open' } })
  await test.register(
    line('default', 'images', 'a', { env: 'prod', team: '' }),
    line('default', 'ecs', 'b', { env: 'prod', formula: '=1+1' }),
    line('default', 'aws_instance', 'arn:c/1', { 'Cost Center': 'R&D' }),
    line('second', 'ecs', 'd', { env: 'test' }),
    line('second', 'ecs', 'b', { env: 'dev' }),
    line('third', 'disk', 'e', {}),
  )
})
afterAll(() => test.stop())

const ask = (...argv: string[]): Promise<Ran> => run(argv, { endpoint: test.url })
const json = async (...argv: string[]) => {
  const { code, stdout, stderr } = await ask(...argv, '--json')
  expect([code, stderr]).toEqual([0, stderr])
  return JSON.parse(stdout)
}
const csv = async (...argv: string[]): Promise<string[][]> => {
  const { code, stdout } = await ask(...argv, '--csv')
  expect(code).toBe(0)
  return parse(stdout, { bom: true })
}

describe('resources of several types', () => {
  it('are found by names of types that are repeated or separated by commas, also under aliases', async () => {
    for (const types of [
      ['--type', 'ecs,aws_instance'],
      ['--type', 'cloudservers', '--type', 'aws_instance'],
      ['--type', 'aws_instance', '--type', 'ecs, cloudservers'],
    ]) {
      expect(await json('count', ...types)).toEqual({ total_count: 2, counts: { aws_instance: 1, ecs: 1 } })
    }
    expect((await ask('query', '--type', 'ecs,aws_instance')).stdout).toMatch(/^TYPE +ID +/)
    expect((await ask('query', '--type', 'ecs')).stdout).toMatch(/^ID +/)
  })

  it('a type that is misspelt or not in use is refused with a suggestion', async () => {
    const misspelt = await ask('query', '--type', 'ecs,image')
    expect([misspelt.code, misspelt.stderr]).toEqual([2, expect.stringMatching(/did you mean "images"\?/)])
    const unused = await ask('keys', '--type', 'aws_instanse')
    expect([unused.code, unused.stderr]).toEqual([1, expect.stringMatching(/resource type that is known or in use/)])
  })

  it('of any cloud can be tagged and untagged, also with the empty value', async () => {
    expect(await ask('tag', 'arn:c/1', 'Owner Name=Ann & Bob', 'none')).toMatchObject({ code: 0, stderr: '' })
    expect((await ask('tags', 'arn:c/1')).stdout).toBe(
      'KEY          VALUE\nCost Center  R&D\nOwner Name   Ann & Bob\nnone\n',
    )
    expect((await ask('untag', 'arn:c/1', 'none=', 'Owner Name=')).stdout).toBe(
      'Removed 1 tag from arn:c/1, which did not have Owner Name=.\n',
    )
    expect((await ask('untag', 'arn:c/1', 'Owner Name')).stdout).toBe('Removed 1 tag from arn:c/1.\n')
  })
})

describe('all projects', () => {
  it('query shows the project of each resource, and count the numbers of each project', async () => {
    const { stdout, stderr } = await ask('query', '--all-projects', '--tag', 'env')
    expect(stdout.split('\n').map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
      ['PROJECT', 'TYPE', 'ID'],
      ['default', 'ecs', 'b'],
      ['default', 'images', 'a'],
      ['second', 'ecs', 'd'],
      ['second', 'ecs', 'b'],
      [''],
    ])
    expect(stderr).toBe(
      '4 resources match (0 aws_instance, 0 disk, 3 ecs and 1 image, in 2 projects): showing 1 to 4.\n',
    )
    const counted = await ask('count', '--all-projects', '--type', 'ecs')
    expect(counted).toMatchObject({ stdout: '3\n', stderr: 'default: 1 ecs.\nsecond: 2 ecs.\n' })
    expect(await json('count', '--all-projects', '--type', 'disk')).toMatchObject({
      total_count: 1,
      projects: [{ project_name: 'third', total_count: 1, counts: { disk: 1 } }],
    })
  })

  it('keys and values add up, sorted by name or by number, with a limit', async () => {
    expect((await ask('keys')).stdout).toBe(
      'KEY          RESOURCES  TYPES\nCost Center  1          aws_instance 1\nenv          2          ecs 1, images 1\nformula      1          ecs 1\nteam         1          images 1\n',
    )
    const all = await json('keys', '--all-projects', '--sort', 'count', '--limit', '1')
    expect(all).toEqual({ keys: [{ key: 'env', total_count: 4, counts: { ecs: 3, images: 1 } }] })
    expect((await json('values', 'env', '--all-projects')).values.map(({ value }: { value: string }) => value)).toEqual(
      ['dev', 'prod', 'test'],
    )
    const limited = await ask('keys', '--limit', '2')
    expect(limited.stderr).toBe('There are more: the first 2 are shown.\n')
    expect(await ask('values', 'none')).toMatchObject({ code: 0, stderr: 'No resource has the key "none".\n' })
    expect((await json('keys', '--prefix', 'te')).keys).toHaveLength(1)
  })

  it('tags lists the tags in use of all projects by type', async () => {
    expect((await json('tags', '--all-projects')).tags).toEqual([
      { resource_type: 'aws_instance', key: 'Cost Center', values: ['R&D'] },
      { resource_type: 'ecs', key: 'env', values: ['dev', 'prod', 'test'] },
      { resource_type: 'ecs', key: 'formula', values: ['=1+1'] },
      { resource_type: 'images', key: 'env', values: ['prod'] },
      { resource_type: 'images', key: 'team', values: [''] },
    ])
  })

  it('tag and untag find a resource in any project, and ask for the project where several have the id', async () => {
    expect((await ask('tag', 'd', 'x=1', '--all-projects')).stdout).toBe('Set 1 tag on d.\n')
    expect((await ask('tags', 'd', '--project', 'second')).stdout).toMatch(/^x +1$/m)
    expect((await ask('untag', 'd', 'x', '--all-projects')).code).toBe(0)
    const { code, stderr } = await ask('tag', 'b', 'x=1', '--all-projects')
    expect([code, stderr]).toEqual([
      2,
      'error: resources of several projects have the id b: choose --project default or --project second\n',
    ])
  })

  it('cannot be combined with one project', async () => {
    const { code, stderr } = await ask('query', '--all-projects', '--project', 'default')
    expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot be used with/)])
  })
})

describe('CSV', () => {
  it('of resources has a column for each key, and marks formulas and empty values', async () => {
    expect(await csv('query', '--type', 'images,ecs')).toEqual([
      [
        'resource_type',
        'project',
        'resource_id',
        'resource_name',
        'tag:env',
        'tag:formula',
        'tag:team',
        'resource_detail',
      ],
      ['ecs', 'default', 'b', 'name of b', 'prod', "'=1+1", '', '{}'],
      ['images', 'default', 'a', 'name of a', 'prod', '', '(empty)', expect.any(String)],
    ])
    expect(await csv('query', '--all', '--all-projects')).toHaveLength(7)
  })

  it('of lists has one row each, with formulas marked', async () => {
    expect(await csv('values', 'formula')).toEqual([
      ['value', 'resources', 'types'],
      ["'=1+1", '1', 'ecs 1'],
    ])
    expect(await csv('count', '--all-projects', '--type', 'ecs')).toEqual([
      ['project', 'resource_type', 'resources'],
      ['default', 'ecs', '1'],
      ['second', 'ecs', '2'],
    ])
    expect((await csv('tags', 'a'))[0]).toEqual(['key', 'value'])
    expect(await csv('tag', 'a', 'new=1')).toEqual([
      ['resource_type', 'resource_id', 'key', 'value'],
      ['images', 'a', 'new', '1'],
    ])
    expect((await csv('untag', 'a', 'new'))[1]).toEqual(['images', 'a', 'new', '1'])
    expect((await csv('projects'))[0]).toEqual(['id', 'name', 'domain_id'])
    expect((await csv('user', 'list'))[0]).toContain('e_mail')
  })

  it('and JSON at once are refused', async () => {
    const { code, stderr } = await ask('keys', '--csv', '--json')
    expect([code, stderr]).toEqual([2, expect.stringMatching(/'--json' cannot be used with option '--csv'/)])
  })
})
