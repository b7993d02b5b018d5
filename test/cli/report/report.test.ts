import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { line } from '../../api/tagwerk-v1/plan-calls.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { run } from '../run.ts'

let service: TestService
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-report-'))
  service = await startTestService()
  await service.register(
    line('ecs', 'a', { env: 'prod', team: 'web', owner: 'ann' }),
    line('ecs', 'b', { env: 'Prod', owner: 'ann' }),
    line('ecs', 'c', { Env: 'prod', owner: 'bob' }),
    line('disk', 'd', { env: 'prod' }),
    { ...line('disk', 'e'), resource_name: '<b>=evil</b>' },
  )
})
afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true })
})

const report = (...args: string[]) => run(['report', ...args], { endpoint: service.url })

describe('a report', () => {
  it('has the numbers of a project as JSON, all of one revision', async () => {
    const { code, stdout } = await report('--json', '--listed', '1')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'tagwerk-report/1',
      project: { id: service.project },
      revision: 5,
      resources: 5,
      types: [
        { type: 'ecs', resources: 3, untagged: 0 },
        { type: 'disk', resources: 2, untagged: 1 },
      ],
      coverage: {
        keys: [
          { key: 'env', resources: 3, types: { ecs: 2, disk: 1 } },
          { key: 'owner', resources: 3, types: { ecs: 3 } },
          { key: 'Env', resources: 1, types: { ecs: 1 } },
          { key: 'team', resources: 1, types: { ecs: 1 } },
        ],
        more_keys: 0,
      },
      untagged: { resources: 1, listed: [{ type: 'disk', id: 'e', name: '<b>=evil</b>' }], more: 0 },
      near_duplicates: {
        groups: 2,
        listed: [
          { canonical: 'env', affected: 1, both: 0 },
          { key: 'env', canonical: 'prod', affected: 1 },
        ],
      },
      changes: {
        is_shortened: false,
        from_revision: 0,
        changes: 5,
        entered: 5,
        left: 0,
        changed: 0,
        actors: [{ name: 'admin', changes: 5 }],
        looked_at: 5,
      },
      owners: {
        key: 'owner',
        listed: [{ owner: 'ann', resources: 2 }],
        more: 1,
        with_owner: 3,
        without_owner: 2,
        other_keys: ['team'],
      },
    })
  })

  it('takes the owners from the key that is named', async () => {
    const { stdout } = await report('--json', '--owner-key', 'team')
    expect(JSON.parse(stdout).owners).toMatchObject({ key: 'team', with_owner: 1, other_keys: ['owner'] })
  })

  it('shows only the changes since a time', async () => {
    const { stdout } = await report('--json', '--since', 'now')
    expect(JSON.parse(stdout).changes).toMatchObject({ changes: 0, days: [{ changes: 0 }], actors: [] })
  })

  it('is a page in either language, which replaces a former one', async () => {
    const file = join(folder, 'report.html')
    const { code, stdout } = await report('--html', file)
    expect([code, stdout]).toEqual([0, `Wrote ${file}. Open it in a browser.\n`])
    const page = await readFile(file, 'utf8')
    expect(page).toContain('<h2>What to do next</h2>')
    expect(page).toContain('&lt;b&gt;=evil&lt;/b&gt;')
    await report('--html', file, '--lang', 'zh')
    expect(await readFile(file, 'utf8')).toContain('<h2>下一步做什么</h2>')
    expect(await readdir(folder)).toEqual(['report.html'])
    expect((await report('--html', '-')).stdout).toMatch(/^<!doctype html>/)
  })

  it('is a folder of CSV files', async () => {
    const csv = join(folder, 'csv')
    expect((await report('--csv', csv)).stdout).toBe(`Wrote 9 files into ${csv}.\n`)
    expect(await readFile(join(csv, 'untagged.csv'), 'utf8')).toContain('disk,e,<b>=evil</b>\r\n')
  })

  it('prints the most important numbers without an option', async () => {
    const { stdout } = await report()
    expect(stdout).toContain(
      'revision 5: 5 resources\n  with a tag: 80% of them; 1 have none\n  with an owner (owner): 60%',
    )
  })

  it('names the option for a time that is none, and leaves no part of a file that cannot be written', async () => {
    expect((await report('--since', 'soon')).stderr).toContain('--since must be a time')
    const missing = join(folder, 'missing', 'report.html')
    expect(await report('--html', missing)).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') })
  })
})
