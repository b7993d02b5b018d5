import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { variableOf } from '../src/config/setting.ts'
import * as settings from '../src/config/table.ts'

// Documents and files for operators name only settings that exist.

const root = join(import.meta.dirname, '..')
const OPERATE = readdirSync(join(root, 'docs/operate')).map((file) => `docs/operate/${file}`)
const FILES = ['README.md', 'SECURITY.md', 'Containerfile', 'compose.yaml', 'docs/scale-out.md', ...OPERATE]

/** Variables of the settings of all commands. */
const known = new Set(
  Object.values(settings)
    .flat()
    .flatMap((setting) => (typeof setting === 'object' && 'name' in setting ? [variableOf(setting)] : [])),
)

it.each(FILES)('%s names only variables that exist', (file) => {
  const named = readFileSync(join(root, file), 'utf8').match(/\bTAGWERK_[A-Z_]+\b/g) ?? []
  expect(named.filter((name) => !known.has(name))).toEqual([])
})

it('the container and the unit of systemd set where to listen and where the data is', () => {
  const text = (file: string) => readFileSync(join(root, file), 'utf8')
  expect(text('Containerfile')).toMatch(/TAGWERK_LISTEN=0\.0\.0\.0:8780[\s\S]*TAGWERK_DATA=\/data[\s\S]*VOLUME \/data/)
  expect(text('docs/operate/tagwerk.service')).toMatch(/TAGWERK_DATA=\/var\/lib\/tagwerk[\s\S]*StateDirectory=tagwerk/)
})
