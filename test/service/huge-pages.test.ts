import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hugePagesAdvice } from '../../src/service/huge-pages.ts'

// What a start says about the machine's setting for huge pages.

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-huge-pages-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function adviceFor(text: string): Promise<string | undefined> {
  const file = join(folder, 'enabled')
  await writeFile(file, text)
  return hugePagesAdvice(file)
}

it.each(['madvise', 'never'])('says how to have huge pages where the setting is %s', async (chosen) => {
  const text = ['always', 'madvise', 'never'].map((each) => (each === chosen ? `[${each}]` : each)).join(' ')
  const advice = await adviceFor(`${text}\n`)
  expect(advice).toContain(`is "${chosen}"`)
  expect(advice).toContain(`echo always > ${join(folder, 'enabled')}`)
})

it('says nothing where they are used, or where the system has no such setting', async () => {
  expect(await adviceFor('[always] madvise never\n')).toBeUndefined()
  expect(await adviceFor('')).toBeUndefined()
  expect(await hugePagesAdvice(join(folder, 'nothing here'))).toBeUndefined()
})
