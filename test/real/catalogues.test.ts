import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { startTestService, type TestService } from '../support/service.ts'

// Real catalogues of images and database instances, where they lie beside the repository; skipped where they do not.

const FOLDER = join(import.meta.dirname, '../../../shared/data')
const FILES = ['images.ndjson.gz', 'instances.ndjson'].map((name) => join(FOLDER, name))

type Line = {
  readonly resource_type: string
  readonly project: string
  readonly resource_id: string
  readonly resource_name: string
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  readonly resource_detail?: Readonly<Record<string, unknown>>
}

/** Image attributes that the image API types as numbers; all others are strings there. */
const NUMBERS = ['min_disk', 'min_ram', 'size', 'virtual_size']

/** The line as the service stores it: a number in an untyped image attribute becomes a string. */
function asStored(line: Line): Line {
  if (line.resource_type !== 'images' || !line.resource_detail) return line
  const attributes = Object.entries(line.resource_detail).map(([name, value]) =>
    typeof value === 'number' && !NUMBERS.includes(name) ? [name, String(value)] : [name, value],
  )
  return { ...line, resource_detail: Object.fromEntries(attributes) }
}

/** The members of an exported line that the service adds to what was imported. */
const TIMES = /"created_at":"([^"]+)","updated_at":"[^"]+",/

const QUERIES: readonly (readonly [project: string, body: Record<string, unknown>, meaning: TagQuery])[] = [
  ['fedora-coreos', {}, {}],
  [
    'fedora-coreos',
    { tags: [{ key: 'stream', values: ['stable', 'next'] }], not_tags: [{ key: 'arch', values: ['x86_64'] }] },
    { tags: [{ key: 'stream', values: ['stable', 'next'] }], notTags: [{ key: 'arch', values: ['x86_64'] }] },
  ],
  [
    'aws-ecs-optimized',
    {
      tags_any: [
        { key: 'region', values: ['eu-west-1'] },
        { key: 'variant', values: [] },
      ],
    },
    {
      tagsAny: [
        { key: 'region', values: ['eu-west-1'] },
        { key: 'variant', values: [] },
      ],
    },
  ],
  [
    'docker-official',
    {
      not_tags_any: [
        { key: 'base', values: [] },
        { key: 'latest', values: ['true'] },
      ],
    },
    {
      notTagsAny: [
        { key: 'base', values: [] },
        { key: 'latest', values: ['true'] },
      ],
    },
  ],
  [
    'aws-ssm-latest',
    {
      matches: [{ key: 'resource_name', value: 'WINDOWS' }],
      not_tags: [
        { key: 'edition', values: [] },
        { key: 'sriov', values: [] },
      ],
    },
    {
      nameContains: 'WINDOWS',
      notTags: [
        { key: 'edition', values: [] },
        { key: 'sriov', values: [] },
      ],
    },
  ],
  ['openstack-osism', { without_any_tag: true }, { withoutAnyTag: true }],
]

describe.skipIf(!FILES.every((file) => existsSync(file)))('real catalogues', () => {
  const texts: string[] = []
  let lines: Line[]
  let service: TestService

  beforeAll(async () => {
    for (const file of FILES) {
      const bytes = createReadStream(file)
      const input = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes
      for await (const text of createInterface({ input })) texts.push(text)
    }
    lines = texts.map((text) => JSON.parse(text) as Line)
    service = await startTestService()
  }, 120_000)

  afterAll(() => service.stop())

  it('are imported without a refusal, and a second import changes nothing', { timeout: 180_000 }, async () => {
    const token = await service.tokenFor(undefined)
    for (const effect of ['created', 'unchanged']) {
      const report = { created: 0, updated: 0, unchanged: 0, refused: 0 }
      for (let at = 0; at < texts.length; at += 20_000) {
        const body = texts.slice(at, at + 20_000).join('\n')
        const answer = await service.call('POST', '/tagwerk/v1/import', { body, token })
        expect(answer.status).toBe(200)
        for (const name of Object.keys(report) as (keyof typeof report)[]) report[name] += answer.body[name]
      }
      expect(report).toEqual({ created: 0, updated: 0, unchanged: 0, refused: 0, [effect]: lines.length })
    }
  })

  it.each(QUERIES)('are counted in %s by %j as by the plain predicate', async (project, body, meaning) => {
    const token = await service.tokenFor(project)
    const { body: session } = await service.call('GET', '/v3/auth/tokens', {
      token,
      headers: { 'x-subject-token': token },
    })
    const path = `/v2/${session.token.project.id}/images/resource_instances/action`
    const answer = await service.call('POST', path, { body: { action: 'count', ...body }, token })
    const truth = lines.filter(
      (line) =>
        line.project === project &&
        line.resource_type === 'images' &&
        matches({ id: line.resource_id, name: line.resource_name, tags: line.tags }, meaning),
    )
    expect(answer.body).toEqual({ total_count: truth.length })
  })

  it('are exported line by line as they were imported', async () => {
    const token = await service.tokenFor(undefined)
    const { text } = await service.call('GET', '/tagwerk/v1/export', { token })
    // Projects come out by name; within a project and type, lines keep their order.
    const place = ({ project, resource_type }: Line) => `${project} ${resource_type}`
    const inOrder = lines
      .map((line) => ({ line, place: place(line) }))
      .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
    const exported = text.trimEnd().split('\n')
    expect(exported.length).toBe(inOrder.length)
    // Compares line by line and stops at the first difference: a diff of the whole catalogue takes minutes.
    for (const [i, { line }] of inOrder.entries()) {
      const exportedLine = exported[i] as string
      expect(exportedLine.replace(TIMES, '')).toBe(JSON.stringify(asStored(line)))
      const createdAt = line.resource_detail?.created_at as string | undefined
      if (createdAt) expect(Date.parse(TIMES.exec(exportedLine)?.[1] ?? '')).toBe(Date.parse(createdAt))
    }
  })
})
