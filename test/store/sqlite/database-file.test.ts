import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findUnreadablePart } from '../../../src/store/sqlite/database-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-file-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('a file that can be read has no part that the disk refuses, whatever its size', async () => {
  const file = join(folder, 'database')
  for (const bytes of [0, 1, 2 ** 20, 2 ** 20 + 1]) {
    await writeFile(file, Buffer.alloc(bytes))
    expect(await findUnreadablePart(file)).toBeUndefined()
  }
})

it('a read that the system refuses is named with file, position and reason', async () => {
  // Linux refuses to read a folder, like a disk a bad sector.
  expect(await findUnreadablePart(folder)).toMatch(
    /^the disk failed to read \S+ near byte 0: EISDIR: .*\. What follows may be its consequence$/,
  )
})
