import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hugePagesAdvice } from '../../src/service/huge-pages.ts'

// The advice about huge pages that the service logs at start.

const LARGE = 10 ** 9

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-huge-pages-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function adviceFor(text: string): Promise<string | undefined> {
  const file = join(folder, 'enabled')
  await writeFile(file, text)
  return hugePagesAdvice(LARGE, file)
}

it.each(['madvise', 'never'])(
  'the advice names the command that enables huge pages when the setting is %s',
  async (selected) => {
    const text = ['always', 'madvise', 'never'].map((each) => (each === selected ? `[${each}]` : each)).join(' ')
    const advice = await adviceFor(`${text}\n`)
    expect(advice).toContain(`is "${selected}"`)
    expect(advice).toContain(`echo always > ${join(folder, 'enabled')}`)
  },
)

it('there is no advice if huge pages are enabled or the system has no such setting', async () => {
  expect(await adviceFor('[always] madvise never\n')).toBeUndefined()
  expect(await adviceFor('')).toBeUndefined()
  expect(await hugePagesAdvice(LARGE, join(folder, 'missing'))).toBeUndefined()
})

it('there is no advice for a small store', async () => {
  const file = join(folder, 'for a small store')
  await writeFile(file, 'always madvise [never]')
  expect([await hugePagesAdvice(0, file), await hugePagesAdvice(2 ** 20, file)]).toEqual([undefined, undefined])
  expect(await hugePagesAdvice(LARGE, file)).toBeDefined()
})
