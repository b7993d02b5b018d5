import { describe, expect, it } from 'vitest'
import { PROFILE_NAMES, type ProfileName, profileOf } from '../../src/core/profile.ts'
import { RESOURCE_TYPES } from '../../src/core/resource-type.ts'
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
  it('there are three profiles', () => {
    expect(PROFILE_NAMES).toEqual(['huawei', 'otc', 'lenient'])
    for (const name of PROFILE_NAMES) expect(profileOf(name).name).toBe(name)
  })

  for (const type of RESOURCE_TYPES) {
    it.each(CASES)(`%j is a valid key or value of ${type} in the expected profiles`, (text, asKey, asValue) => {
      const rules = (name: ProfileName) => profileOf(name).tagRules[type]
      expect(PROFILE_NAMES.filter((name) => fits(() => toTag(text, '', rules(name), 'tag')))).toEqual(asKey)
      expect(PROFILE_NAMES.filter((name) => fits(() => toTag('k', text, rules(name), 'tag')))).toEqual(asValue)
    })
  }

  it('every profile has the length limits of the contract', () => {
    for (const name of PROFILE_NAMES) {
      for (const type of RESOURCE_TYPES) {
        const { keyCharactersMax, valueCharactersMax } = profileOf(name).tagRules[type]
        expect([keyCharactersMax, valueCharactersMax]).toEqual([36, 43])
      }
    }
    expect(profileOf('lenient').tagRules.images.tagsPerResourceMax).toBe(10)
    expect(profileOf('lenient').tagRules.instances.tagsPerResourceMax).toBe(20)
  })

  it('only the lenient profile defaults a missing value to the empty one', () => {
    for (const name of PROFILE_NAMES) {
      const tag = () => toTag('k', undefined, profileOf(name).tagRules.images, 'tag')
      if (name === 'lenient') expect(tag()).toEqual({ key: 'k', value: '' })
      else expect(tag).toThrow(expect.objectContaining({ code: 'request-invalid', facts: expect.anything() }))
    }
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
