import { describe, expect, it } from 'vitest'
import { describeFacts, shortenedField } from '../../src/api/error-text.ts'
import type { Rule } from '../../src/core/errors.ts'

const texts: readonly [rule: Rule, english: string, chinese: string][] = [
  [{ name: 'required' }, 'is required', '必填'],
  [{ name: 'unknown-member' }, 'is not a known member', '未知的参数'],
  [{ name: 'unknown-parameter', known: [] }, 'is not a known parameter, there are none', '未知的参数，该接口没有参数'],
  [
    { name: 'unknown-parameter', known: ['a', 'b'] },
    'is not a known parameter, known are "a", "b"',
    '未知的参数，可用参数为 "a"、"b"',
  ],
  [
    { name: 'unknown-parameter', known: ['a', 'b'], similar: 'b' },
    'is not a known parameter, use "b"',
    '未知的参数，请使用 "b"',
  ],
  [{ name: 'type', expected: 'a string' }, 'must be a string', '类型必须为 a string'],
  [
    { name: 'one-of', allowed: ['filter', 'count'] },
    'must be one of "filter", "count"',
    '取值必须为 "filter"、"count" 之一',
  ],
  [{ name: 'not-blank' }, 'must not be empty or blank', '不能为空或空白'],
  [{ name: 'characters', allowed: 'digits' }, 'may only hold digits', '只能包含 digits'],
  [
    { name: 'characters', allowed: 'digits', found: { character: '\u200b', position: 4 } },
    'may only hold digits; has "\\u200b" at character 4',
    '只能包含 digits；第 4 个字符为 "\\u200b"',
  ],
  [{ name: 'characters-min', limit: 1 }, 'must have at least 1 character', '至少 1 个字符'],
  [{ name: 'characters-min', limit: 2 }, 'must have at least 2 characters', '至少 2 个字符'],
  [
    { name: 'characters-max', limit: 36, actual: 37 },
    'must have at most 36 characters, has 37',
    '最多 36 个字符，实际 37 个',
  ],
  [{ name: 'bytes-max', limit: 1024 }, 'must have at most 1024 bytes', '最多 1024 字节'],
  [{ name: 'number-min', limit: 1 }, 'must not be below 1', '不能小于 1'],
  [{ name: 'number-max', limit: 1000 }, 'must not be above 1000', '不能大于 1000'],
  [{ name: 'items-min', limit: 1 }, 'must have at least 1 item', '至少 1 项'],
  [{ name: 'items-min', limit: 2 }, 'must have at least 2 items', '至少 2 项'],
  [{ name: 'items-max', limit: 10 }, 'must have at most 10 items', '最多 10 项'],
  [{ name: 'depth-max', limit: 32 }, 'must not be nested deeper than 32 levels', '嵌套不能超过 32 层'],
  [{ name: 'unique' }, 'must not occur twice', '不能重复'],
  [
    { name: 'unique-key', key: 'env', first: 'env=prod' },
    'repeats the key "env" of "env=prod"; remove one of the two tags first',
    '键 "env" 与 "env=prod" 重复，请先删除其中一个标签',
  ],
  [{ name: 'exists' }, 'does not exist', '不存在'],
  [{ name: 'supported', supported: 'password' }, 'only password is understood', '仅支持 password'],
  [{ name: 'well-formed', what: 'UTF-8' }, 'must be UTF-8', '必须为 UTF-8'],
  [{ name: 'policy-requires' }, 'a tag policy requires this key for a new resource', '标签策略要求新资源带有该键'],
  [
    { name: 'policy-spells', key: 'env' },
    'a tag policy spells the key "env", use that',
    '标签策略规定该键写作 "env"，请使用该写法',
  ],
  [
    { name: 'policy-allows', values: ['prod', 'dev*'] },
    'a tag policy allows only "prod", "dev*"',
    '标签策略只允许 "prod"、"dev*"',
  ],
  [
    { name: 'policy-allows', values: [...'abcdefghijk'] },
    'a tag policy allows only "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", …',
    '标签策略只允许 "a"、"b"、"c"、"d"、"e"、"f"、"g"、"h"、"i"、"j"、…',
  ],
]

describe('describing a rule', () => {
  it.each(texts)('the rule %j has an English and a Chinese text', (rule, english, chinese) => {
    expect(describeFacts({ field: 'tags[0].key', rule }, 'en-us')).toBe(`tags[0].key: ${english}.`)
    expect(describeFacts({ field: 'tags[0].key', rule }, 'zh-cn')).toBe(`tags[0].key：${chinese}。`)
    expect(describeFacts({ field: 'k', rule, value: 'v' }, 'en-us')).toBe(`k: ${english} (got "v").`)
    expect(describeFacts({ field: 'k', rule, value: 'v' }, 'zh-cn')).toBe(`k：${chinese}（实际为 "v"）。`)
  })
})

describe('describing what a caller lacks', () => {
  it.each([
    [
      { action: 'ims:images:update' },
      'The call needs the action ims:images:update, which no role of the user allows here.',
      '此接口需要授权项 ims:images:update，用户在此没有该权限。',
    ],
    [
      { action: 'ims:images:update', isDenied: true },
      'The call needs the action ims:images:update, which a policy of the user denies here.',
      '此接口需要授权项 ims:images:update，用户的策略在此拒绝它。',
    ],
    [
      { neededScope: 'domain', domainName: 'd "1"' },
      'The call needs a token of a domain: get one with "scope":{"domain":{"name":"d \\"1\\""}}, or send X-Domain-Id in a signed request.',
      '此接口需要账号（domain）级别的 Token：请以 "scope":{"domain":{"name":"d \\"1\\""}} 获取 Token，或在签名请求中发送 X-Domain-Id。',
    ],
    [
      { neededScope: 'project', domainName: 'd' },
      'The call needs a token of a project: get one with "scope":{"project":{"name":"..."}}, or send X-Project-Id in a signed request.',
      '此接口需要项目（project）级别的 Token：请以 "scope":{"project":{"name":"..."}} 获取 Token，或在签名请求中发送 X-Project-Id。',
    ],
  ] as const)('%j has an English and a Chinese text', (facts, english, chinese) => {
    expect(describeFacts(facts, 'en-us')).toBe(english)
    expect(describeFacts(facts, 'zh-cn')).toBe(chinese)
  })

  it('a scope and an action are both described', () => {
    const facts = { neededScope: 'domain', domainName: 'd', action: 'a:b:c' } as const
    expect(describeFacts(facts, 'en-us')).toMatch(
      /^The call needs a token of a domain: .* The call needs the action a:b:c,/,
    )
  })
})

describe('describing a value', () => {
  const got = (value: unknown) =>
    /\(got (.*)\)\.$/s.exec(describeFacts({ field: 'f', rule: { name: 'unique' }, value }, 'en-us'))?.[1]

  it.each([
    ['', '""'],
    ['a"b\\c\n', '"a\\"b\\\\c\\n"'],
    ['标签', '"标签"'],
    [0, '0'],
    [-1.5, '-1.5'],
    [false, 'false'],
    [null, 'null'],
  ])('the value %j is shown as %s', (value, shown) => {
    expect(got(value)).toBe(shown)
  })

  it('a value is truncated beyond 64 characters, including its quotes', () => {
    expect(got('x'.repeat(62))).toBe(`"${'x'.repeat(62)}"`)
    expect(got('x'.repeat(63))).toBe(`"${'x'.repeat(63)}…`)
    expect(got('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(63)}…`)
  })

  it('a truncated text never ends with an unpaired surrogate', () => {
    expect(got('😀'.repeat(62))).toBe(`"${'😀'.repeat(62)}"`)
    expect(got('😀'.repeat(300))).toBe(`"${'😀'.repeat(63)}…`)
    expect(got(`a${'😀'.repeat(300)}`)).toBe(`"a${'😀'.repeat(62)}…`)
  })

  it('an array or object is described instead of shown', () => {
    expect(got([])).toBe('an array of 0')
    expect(got([1, 'secret', {}])).toBe('an array of 3')
    expect(got({ password: 'secret' })).toBe('an object')
    expect(got({})).toBe('an object')
  })
})

it('facts without a field or without a rule have no description', () => {
  for (const language of ['en-us', 'zh-cn'] as const) {
    expect(describeFacts({}, language)).toBe('')
    expect(describeFacts({ field: 'f' }, language)).toBe('')
    expect(describeFacts({ field: 'f', value: 1 }, language)).toBe('')
    expect(describeFacts({ rule: { name: 'required' } }, language)).toBe('')
    expect(describeFacts({ revision: 3, retryAfterSeconds: 1 }, language)).toBe('')
  }
})

it('a field with an empty name is described', () => {
  expect(describeFacts({ field: '', rule: { name: 'required' } }, 'en-us')).toBe(': is required.')
})

describe('truncating the path of a field', () => {
  it('the path of a field is truncated beyond 128 characters', () => {
    expect(shortenedField('f'.repeat(128))).toBe('f'.repeat(128))
    expect(shortenedField('f'.repeat(129))).toBe(`${'f'.repeat(128)}…`)
    const facts = { field: 'f'.repeat(1_000_000), rule: { name: 'required' } } as const
    expect(describeFacts(facts, 'en-us')).toBe(`${'f'.repeat(128)}…: is required.`)
    expect(describeFacts(facts, 'zh-cn')).toBe(`${'f'.repeat(128)}…：必填。`)
  })

  it('a truncated text never ends with an unpaired surrogate', () => {
    expect(shortenedField(`f${'😀'.repeat(128)}`).isWellFormed()).toBe(true)
  })
})
