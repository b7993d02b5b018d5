import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { line, planCalls } from '../api/tagwerk-v1/plan-calls.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { type Ran, type RunOptions, run } from './run.ts'

// plan, rename-key and map-values.

let test: TestService
let folder: string
beforeAll(async () => {
  test = await startTestService()
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-plans-'))
})
afterAll(async () => {
  await test.stop()
  await rm(folder, { recursive: true, force: true })
})

const { tagsOf, setTag, contents, fresh } = planCalls(() => test)
beforeEach(() => fresh())

const ask = (argv: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  run(argv, { endpoint: test.url, ...options })
const plans = async () => JSON.parse((await ask(['plan', 'list', '--json'])).stdout).plans
const created = async (...argv: string[]) => {
  const { code, stdout } = await ask(['plan', 'create', '--json', ...argv])
  expect(code).toBe(0)
  return JSON.parse(stdout)
}
const ID = /[0-9A-Z]{26}/g
const withoutIds = (text: string) => text.replace(ID, 'ID')

describe('rename-key', () => {
  it('shows what changes and asks on a terminal, and says how to take it back', async () => {
    const before = await contents()
    const no = await ask(['rename-key', 'Env', 'env'], { typed: 'no\n' })
    expect([no.code, no.stdout]).toEqual([2, ''])
    expect(withoutIds(no.stderr)).toBe(
      [
        'Plan ID: 2 of 3 resources would change (1 ecs and 1 image); 1 resource: has both keys.',
        'KEY  REMOVED  ADDED  CHANGED',
        'Env  2',
        'env           2',
        '  ecs c  Env=dev -> env=dev',
        '  images a  Env=prod -> env=prod',
        '  images b  refused: has both keys',
        'Change 2 resources? Type yes: error: cancelled, nothing was changed',
        '',
      ].join('\n'),
    )
    expect(await contents()).toEqual(before)
    expect(await plans()).toEqual([])
    const yes = await ask(['rename-key', 'Env', 'env'], { typed: 'yes\n' })
    expect([yes.code, withoutIds(yes.stdout)]).toEqual([
      0,
      'Changed 2 resources. To take it back: tagwerk plan undo ID\n',
    ])
    expect(await tagsOf('images', 'a')).toBe('x=1 env=prod y=2')
    const [id = ''] = yes.stdout.match(ID) ?? []
    const back = await ask(['plan', 'undo', id, '--yes'])
    expect([back.code, withoutIds(back.stdout)]).toEqual([
      0,
      'Changed 2 resources. To take it back: tagwerk plan undo ID\n',
    ])
    expect(await contents()).toEqual(before)
  })

  it('needs --yes without a terminal, and keeps the plan to be applied', async () => {
    const { code, stdout, stderr } = await ask(['rename-key', 'Env', 'env', '--type', 'ecs'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('nothing was changed: apply the plan with "tagwerk plan apply ')
    const [{ id }] = await plans()
    expect((await ask(['plan', 'apply', id, '--yes'])).code).toBe(0)
    expect(await tagsOf('ecs', 'c')).toBe('env=dev')
  })

  it('keeps one of both values if that is wanted, and does nothing where nothing matches', async () => {
    expect((await ask(['rename-key', 'Env', 'env', '--if-both', 'keep-from', '--yes'])).code).toBe(0)
    expect(await tagsOf('images', 'b')).toBe('env=Prod')
    const { code, stdout } = await ask(['rename-key', 'Env', 'env', '--yes'])
    expect([code, stdout]).toEqual([0, 'Nothing was changed.\n'])
  })

  it('with --dry-run changes nothing and leaves no plan', async () => {
    const before = await contents()
    const { code, stdout } = await ask(['rename-key', 'Env', 'env', '--dry-run', '--json'])
    expect([code, JSON.parse(stdout).summary.changes]).toEqual([3, 2])
    expect(await contents()).toEqual(before)
    expect(await plans()).toEqual([])
  })
})

describe('map-values', () => {
  it('replaces values of a key, of resources that match', async () => {
    const argv = ['map-values', 'Env', 'production', 'prod', 'Prod', '--type', 'images', '--yes', '--json']
    const { code, stdout } = await ask(argv)
    expect([code, JSON.parse(stdout).applied.changed]).toEqual([0, 2])
    expect(await tagsOf('images', 'a')).toBe('x=1 Env=production y=2')
  })
})

describe('plan', () => {
  it('is created from options, listed, shown, applied and deleted', async () => {
    const argv = ['--tag', 'x', '--set-tag', 'team=web', '--remove-key', 'y', '--upper-case', 'Env', '--note', 'why']
    const { id, summary } = await created(...argv)
    expect(summary).toMatchObject({ matched: 1, changes: 1 })
    const list = await ask(['plan', 'list', '--csv'])
    const [, row] = parse(list.stdout, { bom: true })
    expect(row).toEqual([id, 'planned', expect.stringMatching(/^\d{4}-/), '1', 'why'])
    const shown = await ask(['plan', 'show', id, '--csv'])
    expect(parse(shown.stdout, { bom: true })).toEqual([
      ['resource_type', 'resource_id', 'state', 'reason', 'key', 'before', 'after'],
      ['images', 'a', 'change', '', 'Env', 'prod', 'PROD'],
      ['images', 'a', 'change', '', 'y', '2', ''],
      ['images', 'a', 'change', '', 'team', '', 'web'],
    ])
    const dry = await ask(['plan', 'apply', id, '--dry-run'])
    expect([dry.code, dry.stdout]).toEqual([0, ''])
    const applied = await ask(['plan', 'apply', id], { typed: 'y\n' })
    expect([applied.code, applied.stdout]).toEqual([
      0,
      `Changed 1 resource. To take it back: tagwerk plan undo ${id}\n`,
    ])
    expect(await tagsOf('images', 'a')).toBe('x=1 Env=PROD team=web')
    const again = await ask(['plan', 'apply', id, '--yes'])
    expect(again).toEqual({ ...applied, stderr: '' })
    expect((await ask(['plan', 'delete', id])).stdout).toBe(`Deleted plan ${id}.\n`)
    expect((await ask(['plan', 'show', id])).code).toBe(1)
  })

  it('is created from a plan file, which plan show prints', async () => {
    const { id } = await created('--rename-key', 'Env=env', '--all')
    const { stdout } = await ask(['plan', 'show', id, '--file'])
    const file = join(folder, 'plan.ndjson')
    await writeFile(file, stdout)
    expect((await created(file)).summary).toMatchObject({ changes: 2, refused: 0 })
    const fromInput = await ask(['plan', 'create', '-', '--json'], { stdin: stdout })
    expect(JSON.parse(fromInput.stdout).summary).toMatchObject({ changes: 2 })
  })

  it('is created from an export as CSV that was edited, and changes nothing of one that was not', async () => {
    const file = join(folder, 'export.csv')
    const { stdout } = await ask(['export', '--format', 'csv'])
    await writeFile(file, stdout)
    expect((await created(file)).summary).toMatchObject({ matched: 4, changes: 0, unchanged: 4 })
    await writeFile(file, (await readFile(file, 'utf8')).replace(',prod,', ',production,'))
    const { id, summary } = await created(file)
    expect(summary).toMatchObject({ changes: 1, unchanged: 3 })
    expect((await ask(['plan', 'apply', id, '--yes'])).code).toBe(0)
    expect(await tagsOf('images', 'a')).toBe('x=1 Env=production y=2')
  })

  it('FILE plans what a file says, shows it, asks and applies it', async () => {
    const { id } = await created('--rename-key', 'Env=env', '--all')
    const { stdout } = await ask(['plan', 'show', id, '--file'])
    const file = join(folder, 'run.ndjson')
    await writeFile(file, stdout)
    const no = await ask(['plan', file])
    expect([no.code, no.stdout]).toEqual([2, ''])
    expect(no.stderr).toContain('2 of 2 resources would change')
    const dry = await ask(['plan', file, '--dry-run', '--json'])
    expect([dry.code, JSON.parse(dry.stdout).summary.changes]).toEqual([0, 2])
    const yes = await ask(['plan', file], { typed: 'yes\n' })
    expect([yes.code, withoutIds(yes.stdout)]).toEqual([
      0,
      'Changed 2 resources. To take it back: tagwerk plan undo ID\n',
    ])
    expect(await tagsOf('ecs', 'c')).toBe('env=dev')
    const csv = 'resource_type,resource_id,tag:env\necs,c,test\n'
    expect((await ask(['plan', 'run', '-', '--yes'], { stdin: csv })).code).toBe(0)
    expect(await tagsOf('ecs', 'c')).toBe('env=test')
  })

  it('is taken for a misspelt command where there is no such file', async () => {
    const { code, stderr } = await ask(['plan', 'creat'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: cannot read creat: .*Did you mean the command "plan create"\?\n$/)
    expect((await ask(['plan', join(folder, 'none.csv')])).stderr).not.toContain('Did you mean')
    const none = await ask(['plan'])
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('Usage: tagwerk plan')])
  })

  it('removes a tag with one value only', async () => {
    const { summary } = await created('--remove-tag', 'Env=prod', '--remove-key', 'y', '--type', 'images', '--all')
    expect(summary).toMatchObject({ changes: 1, keys: { Env: { removed: 1 }, y: { removed: 1 } } })
    expect((await ask(['plan', 'create', '--remove-tag', 'Env', '--all'])).code).toBe(2)
  })

  it('changes nothing where a resource has changed, names it, and changes the others on demand', async () => {
    const { id } = await created('--rename-key', 'Env=env', '--all')
    await setTag('ecs', 'c', 'Env', 'other')
    const { code, stdout, stderr } = await ask(['plan', 'apply', id, '--yes'])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toBe(
      '  ecs c  Env is "other" now\n' +
        'error: 1 resource changed since the plan was made; nothing was changed. Make a new plan, or apply it to the ' +
        `others: tagwerk plan apply ${id} --skip-conflicts\n`,
    )
    const skipped = await ask(['plan', 'apply', id, '--yes', '--skip-conflicts'])
    expect([skipped.code, skipped.stderr]).toEqual([
      3,
      `warning: left alone, because of changes meanwhile: 1 resource; "tagwerk plan show ${id} --state conflict" lists them.\n`,
    ])
    expect(await tagsOf('images', 'a')).toBe('x=1 env=prod y=2')
  })

  it('is refused on a command line that does not say what or where', async () => {
    for (const argv of [
      ['--all'],
      ['--remove-key', 'a'],
      ['--rename-key', 'Env', '--all'],
      ['--set-tag', '=x', '--all'],
      ['--actions', '{}', '--all'],
      ['--actions', 'nonsense', '--all'],
      ['--actions', '[]', '--remove-key', 'a', '--all'],
      ['file.csv', '--all'],
    ]) {
      expect([argv, (await ask(['plan', 'create', ...argv])).code]).toEqual([argv, 2])
    }
    expect((await ask(['plan', 'create', join(folder, 'none.csv')])).code).toBe(1)
    await test.register(line('images', 'a', { x: '1' }))
    const actions = '[{"change_case":{"key":"x","to":"upper"}}]'
    expect((await created('--actions', actions, '--all')).summary).toMatchObject({ changes: 0 })
  })
})
