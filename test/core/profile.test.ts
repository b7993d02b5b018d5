import { describe, expect, it } from 'vitest'
import { PROFILE_NAMES, type ProfileName, profileOf } from '../../src/core/profile.ts'
import { toTag } from '../../src/core/tag.ts'

// Contract D5, D6, D7 and the character sets of section 5.

const CASES: readonly (readonly [text: string, asKey: readonly ProfileName[], asValue: readonly ProfileName[]])[] = [
  ['Az09_-', ['huawei', 'otc', 'lenient'], ['huawei', 'otc', 'lenient']],
  ['a.b', ['lenient'], ['huawei', 'otc', 'lenient']],
  ['环境', ['huawei', 'lenient'], ['huawei', 'lenient']],
  ['a@b', ['lenient'], ['lenient']],
  ['a b', ['lenient'], ['lenient']],
  ['é', ['lenient'], ['lenient']],
  ['a:b+c', ['lenient'], ['lenient']],
  ...[...'=*<>\\,|/\u0007'].map((sign) => [`a${sign}b`, [], []] as const),
]

const SHORT_TYPES = ['images', 'instances'] as const
const STRICT_NAMES = PROFILE_NAMES.filter((name) => name !== 'open')

const fits = (work: () => unknown): boolean => {
  try {
    work()
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'tag-invalid' })
    return false
  }
}

describe('profiles', () => {
  it('there are four profiles', () => {
    expect(PROFILE_NAMES).toEqual(['huawei', 'otc', 'lenient', 'open'])
    for (const name of PROFILE_NAMES) expect(profileOf(name).name).toBe(name)
  })

  for (const type of SHORT_TYPES) {
    it.each(CASES)(`%j is a valid key or value of ${type} in the expected profiles`, (text, asKey, asValue) => {
      const rules = (name: ProfileName) => profileOf(name).tagRulesOf(type)
      expect(STRICT_NAMES.filter((name) => fits(() => toTag(text, '', rules(name), 'tag')))).toEqual(asKey)
      expect(STRICT_NAMES.filter((name) => fits(() => toTag('k', text, rules(name), 'tag')))).toEqual(asValue)
    })
  }

  it('every profile of a cloud has the length limits of the contract', () => {
    for (const name of STRICT_NAMES) {
      for (const type of SHORT_TYPES) {
        const { keyCharactersMax, valueCharactersMax } = profileOf(name).tagRulesOf(type)
        expect([keyCharactersMax, valueCharactersMax]).toEqual([36, 43])
      }
    }
    expect(profileOf('lenient').tagRulesOf('images').tagsPerResourceMax).toBe(10)
    expect(profileOf('lenient').tagRulesOf('instances').tagsPerResourceMax).toBe(20)
  })

  it('only the lenient and the open profile default a missing value to the empty one', () => {
    for (const name of PROFILE_NAMES) {
      const tag = () => toTag('k', undefined, profileOf(name).tagRulesOf('images'), 'tag')
      if (name === 'lenient' || name === 'open') expect(tag()).toEqual({ key: 'k', value: '' })
      else expect(tag).toThrow(expect.objectContaining({ code: 'request-invalid', facts: expect.anything() }))
    }
  })

  it.each([
    ['ecs', 'huawei', 36, 43, 10],
    ['ecs', 'otc', 36, 43, 20],
    ['rds', 'huawei', 36, 43, 20],
    ['waf', 'huawei', 128, 255, 20],
    ['hss', 'huawei', 128, 128, 20],
    ['aws_instance', 'huawei', 128, 256, 50],
    ['images', 'open', 128, 256, 50],
    ['ecs', 'open', 128, 256, 50],
  ] as const)('%s under %s takes keys of %i, values of %i and %i tags', (type, name, key, value, tags) => {
    const { keyCharactersMax, valueCharactersMax, tagsPerResourceMax } = profileOf(name).tagRulesOf(type as 'images')
    expect([keyCharactersMax, valueCharactersMax, tagsPerResourceMax]).toEqual([key, value, tags])
  })

  it('the wide rules take every visible character and no invisible one', () => {
    const wide = profileOf('huawei').tagRulesOf('aws_instance' as 'images')
    for (const key of ['kubernetes.io/cluster/a', 'Cost Center', 'R&D / 42', 'a=b', '成本', 'é', '<>*\\|,', '👍']) {
      expect(
        fits(() => toTag(key, key, wide, 'tag')),
        key,
      ).toBe(true)
    }
    for (const key of ['a\u200bb', 'a\u00a0b', 'a\u202eb', 'a\nb', 'a\u0000b']) {
      expect(
        fits(() => toTag(key, '', wide, 'tag')),
        JSON.stringify(key),
      ).toBe(false)
    }
  })

  it('keys of images hold no "=" under the open profile, because lists of texts end the key there', () => {
    const rules = profileOf('open').tagRulesOf('images')
    expect(fits(() => toTag('a=b', '', rules, 'tag'))).toBe(false)
    expect(fits(() => toTag('a/b c', 'x=y', rules, 'tag'))).toBe(true)
  })

  it('predefined tags may contain the characters that the tag service allows', () => {
    const allowed = (name: ProfileName, key: string, value: string) =>
      fits(() => toTag(key, value, profileOf(name).predefinedTagRules, 'tag'))
    expect(allowed('huawei', 'a b_.:=+-@é环', 'a/b')).toBe(true)
    expect(allowed('huawei', 'a/b', '')).toBe(false)
    expect(allowed('huawei', 'a', 'a*b')).toBe(false)
    expect(allowed('otc', 'a-b@c_d', 'e-f@g_h')).toBe(true)
    expect(allowed('otc', 'a.b', '')).toBe(false)
    expect(allowed('otc', 'a', '环')).toBe(false)
  })
})
