import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CONVERTERS } from '../../../src/cli/convert/converters.ts'
import { readDocument } from '../../../src/cli/convert/read-document.ts'
import { TERRAFORM_TARGETS, typeOfTerraform } from '../../../src/cli/convert/terraform-types.ts'
import { processIo } from '../../../src/cli/io.ts'
import { ResourceTypes } from '../../../src/core/resource-types.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { run } from '../run.ts'
import { SAMPLES, type Sample } from './samples.ts'

let service: TestService
let folder: string
beforeAll(async () => {
  service = await startTestService({ flags: { profile: 'lenient' } })
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-convert-'))
})
afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true, force: true })
})

const convert = (from: string, document: unknown, args: readonly string[] = []) =>
  run(['convert', '--from', from, ...args, '-'], {
    stdin: typeof document === 'string' || document instanceof Uint8Array ? document : JSON.stringify(document),
  })

const linesOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const named = SAMPLES.map((sample, i) => [`${sample.from}, sample ${i}`, sample] as const)

describe('the samples of every program', () => {
  it('each converter has a sample', () => {
    expect(new Set(SAMPLES.map(({ from }) => from))).toEqual(new Set(CONVERTERS.map(({ name }) => name)))
  })

  it.each(named)('%s becomes the lines that it should', async (_name, { from, document, resources, lines, args }) => {
    const { code, stdout, stderr } = await convert(from, document, args)
    expect(code).toBe(0)
    expect(linesOf(stdout)).toMatchObject(lines)
    expect(linesOf(stdout)).toHaveLength(resources)
    expect(stderr.endsWith(`${resources} resources.\n`)).toBe(true)
    expect(stdout).not.toContain('secret')
  })

  it.each(named)('%s is imported whole, and exported with the same tags', async (_name, sample: Sample) => {
    const { stdout } = await convert(sample.from, sample.document, sample.args)
    const imported = await run(['import', '--json', '--last-wins', '-'], { endpoint: service.url, stdin: stdout })
    const report = JSON.parse(imported.stdout)
    expect(report.refusals).toEqual([])
    expect(report.created + report.updated + report.unchanged).toBe(sample.resources)
    const exported = linesOf((await run(['export'], { endpoint: service.url })).stdout)
    for (const line of linesOf(stdout)) {
      const found = exported.find(
        (each) => each.resource_id === line.resource_id && each.resource_type === line.resource_type,
      )
      expect(found?.tags.toSorted(byKey)).toEqual(line.tags.toSorted(byKey))
    }
  })
})

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1
}

describe('documents of another kind', () => {
  const pairs = SAMPLES.flatMap(({ from, document }, i) =>
    CONVERTERS.filter(({ name }) => name !== from).map(({ name }) => [name, from, i, document] as const),
  )
  it.each(pairs)('--from %s is refused for a document of %s (sample %i)', async (name, from, _i, document) => {
    const { code, stdout, stderr } = await convert(name, document)
    if (code === 0) {
      // An array of objects with tags is a valid list of rows, whoever has printed it.
      expect([name, from, Array.isArray(document)]).toEqual(['steampipe', 'azure-graph', true])
      return
    }
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^error: -: this looks like .*: use --from [\w-]+\n$/)
    expect(stderr).toContain(`--from ${from}\n`)
  })

  it('a document that nobody prints is refused with the command that prints one', async () => {
    const { code, stderr } = await convert('aws-tagging', { Reservations: [] })
    expect(code).toBe(1)
    expect(stderr).toBe(
      'error: -: this is not an answer of the tagging API of AWS. This command prints one for --from aws-tagging: ' +
        'aws resourcegroupstaggingapi get-resources --output json\n',
    )
  })

  it('a plan of Terraform is no state', async () => {
    const plan = { format_version: '1.2', terraform_version: '1.9.8', planned_values: { root_module: {} } }
    expect((await convert('terraform-state', plan)).stderr).toContain('this is not a Terraform state')
  })
})

describe('damaged documents', () => {
  const tagging = (item: unknown) => ({ ResourceTagMappingList: [item] })
  it.each([
    ['aws-tagging', tagging(3), 'ResourceTagMappingList[0]: must be an object'],
    [
      'aws-tagging',
      tagging({ ResourceARN: 'i-1' }),
      'ResourceTagMappingList[0].ResourceARN: must be an ARN, not "i-1"',
    ],
    ['aws-tagging', tagging({ Tags: [] }), 'ResourceTagMappingList[0]: has no text "ResourceARN"'],
    [
      'aws-tagging',
      tagging({ ResourceARN: 'arn:aws:s3:::b', Tags: [{ k: 1 }] }),
      'ResourceTagMappingList[0].Tags[0]: must be a text, or an object with "key" and "value" or "Key" and "Value"',
    ],
    [
      'config',
      { resources: [{ provider: 'a', type: 'b', id: 'c', tags: { k: {} } }] },
      'resources[0].tags.k: must be a text',
    ],
    ['config', { resources: [{ provider: 'a', type: 'b', id: 'c', tags: 3 }] }, 'resources[0].tags: must be an object'],
    ['aws-config', { Results: ['{'], QueryInfo: {} }, 'Results[0]: must be JSON in a text'],
    ['steampipe', { rows: [{ tags: {} }] }, 'rows[0]: has no id: select one of the columns'],
    ['steampipe', { rows: [{ id: '1', tags: {} }] }, 'rows[0]: nothing says its type: give it with --type NAME'],
    ['kubernetes', { apiVersion: 'v1', kind: 'List', items: [{ kind: 'Pod' }] }, 'items[0]: has no object "metadata"'],
    ['terraform-state', '', 'is empty'],
    ['terraform-state', '{"version": 4}{"version": 4}', 'is not one JSON document: '],
    ['terraform-state', 'resource "x" {}', 'Let the program print JSON'],
  ])('--from %s names the place: %j', async (from, document, message) => {
    const { code, stdout, stderr } = await convert(from, document)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('error: -: ')
    expect(stderr).toContain(message)
  })

  it('a document above the limit is refused', async () => {
    const file = join(folder, 'large.json')
    await writeFile(file, JSON.stringify({ resources: ['x'.repeat(2 ** 20)] }))
    await expect(readDocument(file, processIo(), 1)).rejects.toThrow('has more than 1 MiB')
    await writeFile(`${file}.gz`, gzipSync(await readFile(file)))
    await expect(readDocument(`${file}.gz`, processIo(), 1)).rejects.toThrow('has more than 1 MiB')
  })

  it('a missing file and a folder are named', async () => {
    const missing = join(folder, 'missing.json')
    expect((await run(['convert', '--from', 'config', missing])).stderr).toBe(
      `error: ${missing}: there is no such file\n`,
    )
    expect((await run(['convert', '--from', 'config', folder])).stderr).toContain('is a folder')
  })
})

describe('tagwerk convert', () => {
  it('several files become one, which appears when it is complete', async () => {
    const page = (id: string) => ({ ResourceTagMappingList: [{ ResourceARN: `arn:aws:s3:::${id}`, Tags: [] }] })
    const files = [join(folder, 'page-1.json'), join(folder, 'page-2.json')]
    await writeFile(files[0] as string, JSON.stringify(page('a')))
    await writeFile(files[1] as string, gzipSync(JSON.stringify(page('b'))))
    const output = join(folder, 'all.ndjson')
    const { code, stdout } = await run(['convert', '--from', 'aws-tagging', '--output', output, ...files])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(linesOf(await readFile(output, 'utf8')).map((line) => line.resource_name)).toEqual(['a', 'b'])
  })

  it('a document in UTF-16, as PowerShell writes it, is read', async () => {
    const text = JSON.stringify({ ResourceTagMappingList: [{ ResourceARN: 'arn:aws:s3:::ü', Tags: [] }] })
    const { stdout } = await convert(
      'aws-tagging',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
    )
    expect(linesOf(stdout)[0].resource_name).toBe('ü')
  })

  it.each([
    ['config', { resources: [], page_info: { current_count: 0, next_marker: 'abc' } }, 'with the marker'],
    ['aws-tagging', { ResourceTagMappingList: [], NextToken: 'abc' }, 'with the token'],
    ['aws-config', { Results: [], QueryInfo: {}, NextToken: 'abc' }, 'with the token'],
    ['azure-graph', { count: 0, data: [], skip_token: 'abc', total_records: 2345 }, 'with --skip-token'],
  ])('it warns when an answer of %s has further pages', async (from, document, how) => {
    const { code, stderr } = await convert(from, document)
    expect(code).toBe(0)
    expect(stderr).toContain('warning: -: there are further pages: ')
    expect(stderr).toContain(how)
  })

  it('it says what was left out of a Terraform state', async () => {
    const state = SAMPLES.find(({ from }) => from === 'terraform-state')?.document
    expect((await convert('terraform-state', state)).stderr).toBe(
      '-: 1 deposed objects were left out.\n-: 1 resources of types without tags were left out.\n' +
        '-: 1 data sources were left out.\n5 resources.\n',
    )
  })

  it('--from is mandatory, and --type is for Steampipe', async () => {
    expect((await run(['convert', 'x'])).code).toBe(2)
    expect((await run(['convert', '--from', 'gcp', 'x'])).code).toBe(2)
    const { code, stderr } = await convert('config', {}, ['--type', 'x'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: --type is for --from steampipe: remove it\n' })
  })

  it('Terraform types lead to registered types only', () => {
    expect(TERRAFORM_TARGETS.filter((name) => ResourceTypes.builtIn.registered(name) !== name)).toEqual([])
  })

  it('Terraform types of both providers have the names of Tagwerk, in every version', () => {
    const typeOf = (name: string, attributes = {}) => typeOfTerraform(name, attributes)
    expect(typeOf('opentelekomcloud_gaussdb_mysql_instance_v3')).toBe('instances')
    expect(typeOf('huaweicloud_images_image_v2')).toBe('images')
    expect(typeOf('huaweicloud_dns_recordset', { zone_type: 'private', type: 'A' })).toBe('DNS_private_recordset')
    expect(typeOf('opentelekomcloud_dns_recordset_v2', { type: 'A' })).toBe('opentelekomcloud_dns_recordset_v2')
    expect(typeOf('huaweicloud_something_new')).toBe('huaweicloud_something_new')
    expect(typeOf('aws_vpc')).toBe('aws_vpc')
  })

  it('a type of Config in another spelling becomes the registered one', () => {
    expect(ResourceTypes.builtIn.canonical('vpc.security_groups')).toBe('security-groups')
    expect(ResourceTypes.builtIn.canonical('AWS::EC2::Instance')).toBe('AWS::EC2::Instance')
  })
})
