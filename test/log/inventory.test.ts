import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/operate/logs.md'), 'utf8')

/** The names in the types of the security log, with the forms of `user.${'created' | 'deleted'}` written out. */
function eventNames(): string[] {
  const source = readFileSync(join(root, 'src/iam/security-event.ts'), 'utf8')
  const types = source.slice(source.indexOf('export type SecurityEventName'), source.indexOf('/** An event for'))
  const forms = Array.from(types.matchAll(/`([\w-]+\.)\$\{([^}]+)\}`/g), ([, subject, verbs]) =>
    Array.from(verbs!.matchAll(/'([\w-]+)'/g), ([, verb]) => `${subject}${verb}`),
  )
  const plain = Array.from(types.matchAll(/^ {2}\| '([\w.-]+)'$/gm), ([, name]) => name!)
  return [...plain, ...forms.flat()]
}

it('the page about logs lists every event of the security log', () => {
  const names = eventNames()
  expect(names).toContain('login.locked')
  expect(names).toContain('access-key.deleted')
  expect(names).toHaveLength(27)
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
