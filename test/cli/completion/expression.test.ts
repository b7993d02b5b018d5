import { describe, expect, it } from 'vitest'
import { completeExpression } from '../../../src/cli/completion/expression.ts'

const VALUES: Readonly<Record<string, readonly string[]>> = {
  env: ['prod', 'pre"prod', 'test'],
  'business-unit': ['HQ', 'Platforms'],
}
const startingWith = (texts: readonly string[], start: string) =>
  texts.filter((text) => text.startsWith(start)).map((text) => ({ text }))
const read = {
  keys: async (start: string) => startingWith(['business-unit', 'env', 'in', 'owner', 'os'], start),
  values: async (key: string, start: string) => startingWith(VALUES[key] ?? [], start),
  types: async () => startingWith(['images', 'instances'], ''),
}
const completed = async (text: string) => (await completeExpression(text, read)).map((candidate) => candidate.text)

describe('the completion of a filter expression', () => {
  it.each<[string, string[]]>([
    ['tags.o', ['tags.owner', 'tags.os']],
    ['size(tags) > 0 && !(tags.o', ['size(tags) > 0 && !(tags.owner', 'size(tags) > 0 && !(tags.os']],
    ['tags.i', []],
    [
      'tags["b',
      ['== "', '!= "', 'in ["', '.startsWith("', '.contains("'].map((end) => at('tags["business-unit"]', end)),
    ],
    ["tags['en", ['== "', '!= "', 'in ["', '.startsWith("', '.contains("'].map((end) => at("tags['env']", end))],
    ['"o', ['"owner" in tags', '"os" in tags']],
    ['true || ("ow', ['true || ("owner" in tags']],
    ['has(tags.e', ['has(tags.env)']],
  ])('of the key in %j is %j', async (text, expected) => {
    expect(await completed(text)).toEqual(expected)
  })

  it('of a single key goes on with what can follow it, so that a shell does not close the quotes', async () => {
    expect(await completed('tags.e')).toEqual([
      'tags.env == "',
      'tags.env != "',
      'tags.env in ["',
      'tags.env.startsWith("',
      'tags.env.contains("',
    ])
  })

  it.each<[string, string[]]>([
    ['tags.env == "p', ['tags.env == "prod"', 'tags.env == "pre\\"prod"']],
    ["tags.env!='p", ["tags.env!='prod'", "tags.env!='pre\"prod'"]],
    ['tags.env in ["test", "pro', ['tags.env in ["test", "prod"']],
    ['tags.env.startsWith("t', ['tags.env.startsWith("test")']],
    ['tags["business-unit"] == "', ['tags["business-unit"] == "HQ"', 'tags["business-unit"] == "Platforms"']],
    ['tags.none == "', []],
    ['type == "in', ['type == "instances"']],
    ['type in ["images", "in', ['type in ["images", "instances"']],
    ['name.contains("o', []],
  ])('of the value in %j is %j', async (text, expected) => {
    expect(await completed(text)).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['ta', ['tags.']],
    ['!si', ['!size(tags) ']],
    ['true && (na', ['true && (name.containsFold("', 'true && (name == "']],
    ['tags.env ', ['tags.env == "', 'tags.env != "', 'tags.env in ["']],
    ['tags.env == "prod" ', ['tags.env == "prod" && ', 'tags.env == "prod" || ']],
    ['"env" in tags ', ['"env" in tags && ', '"env" in tags || ']],
    ['xyz', []],
  ])('of the words in %j is %j', async (text, expected) => {
    expect(await completed(text)).toEqual(expected)
  })

  it('of nothing is every kind of test', async () => {
    const tests = await completed('')
    expect(tests).toContain('tags.')
    expect(tests).toContain('created > timestamp("')
  })
})

function at(key: string, end: string): string {
  return key + (end.startsWith('.') ? end : ` ${end}`)
}
