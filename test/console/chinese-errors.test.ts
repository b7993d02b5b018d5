import { describe, expect, it } from 'vitest'
import { chineseError } from '../../console/src/text/chinese-errors.ts'
import { TAGWERK_ERRORS } from '../../src/api/tagwerk-v1/errors.ts'

describe('the errors of the service in Chinese', () => {
  it.each(Object.keys(TAGWERK_ERRORS))('%s has a sentence', (code) => {
    expect(chineseError(code)).toMatch(/[\u4e00-\u9fff].*。$/)
  })

  it.each(['no-such-code', 'toString'])('%s, which the service does not have, has none', (code) => {
    expect(chineseError(code)).toBeUndefined()
  })
})
