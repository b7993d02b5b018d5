import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DomainError, type Facts } from '../../src/core/errors.ts'
import { compilePolicy, decide, type PolicyDocument, type PolicyStatement, parsePolicy } from '../../src/iam/policy.ts'

const statement = (effect: 'Allow' | 'Deny', ...actions: string[]): PolicyStatement => ({
  Effect: effect,
  Action: actions,
})
const policy = (...statements: PolicyStatement[]): PolicyDocument => ({ Version: '1.1', Statement: statements })
const decision = (action: string, ...documents: PolicyDocument[]) => decide(documents.map(compilePolicy), action)

describe('decide', () => {
  it('an action without a matching statement is unmentioned', () => {
    expect(decision('ims:images:list')).toBe('unmentioned')
    expect(decision('ims:images:list', policy(statement('Allow', 'ims:images:get')))).toBe('unmentioned')
  })

  it('an action is allowed when a policy allows it and none denies it', () => {
    const allow = policy(statement('Allow', 'a:b:c', 'ims:images:list'))
    expect(decision('ims:images:list', allow)).toBe('allowed')
    expect(decision('ims:images:list', policy(statement('Allow', 'a:b:c')), allow)).toBe('allowed')
    expect(decision('ims:images:list', allow, policy(statement('Deny', 'a:b:c')))).toBe('allowed')
  })

  it('a Deny overrides every Allow, in any order', () => {
    const [all, none] = [statement('Allow', '*:*:*'), statement('Deny', 'ims:images:*')]
    for (const documents of [[policy(all, none)], [policy(none, all)], [policy(all), policy(none)], [policy(none)]]) {
      expect(decision('ims:images:list', ...documents)).toBe('denied')
    }
    expect(decision('tms:tags:list', policy(all, none))).toBe('allowed')
  })

  it.each([
    ['ims:images:list', 'ims:images:list', true],
    ['ims:images:list', 'ims:images:lists', false],
    ['ims:images:list', 'ims:image:list', false],
    ['ims:images:list*', 'ims:images:list', true],
    ['ims:images:list*', 'ims:images:listTags', true],
    ['ims:images:*list', 'ims:images:list', true],
    ['ims:images:*Tags', 'ims:images:listTags', true],
    ['ims:images:l*t*s', 'ims:images:listTags', true],
    ['ims:images:l*ta*ta*', 'ims:images:listTags', false],
    ['ims:images:ab*ba', 'ims:images:aba', false],
    ['ims:images:ab*ba', 'ims:images:abba', true],
    ['ims:images:**', 'ims:images:list', true],
    ['ims:*:list', 'ims:images:list', true],
    ['ims:*:list', 'ims:images:get', false],
    ['ims:*:*', 'imsx:images:list', false],
    ['*:*:list*', 'iam:users:listUsers', true],
    ['*:*:list*', 'iam:list:users', false],
    ['*:*:*', 'anything at all', true],
    ['ims:*:*', 'ims:images', false],
    ['ims:*:*', 'ims:images:list:more', false],
    ['ims:Images:LIST', 'ims:images:list', true],
    ['ims:images:listusers', 'ims:images:listUsers', true],
  ])('pattern %s on action %s matches: %s', (pattern, action, expected) => {
    expect(decision(action, policy(statement('Allow', pattern)))).toBe(expected ? 'allowed' : 'unmentioned')
  })

  /** Reference implementation of wildcards: a star matches nothing, or one character and the star again. */
  function matchesSlowly(pattern: string, text: string): boolean {
    if (pattern === '') return text === ''
    if (pattern[0] === '*')
      return matchesSlowly(pattern.slice(1), text) || (text !== '' && matchesSlowly(pattern, text.slice(1)))
    return text[0] === pattern[0] && matchesSlowly(pattern.slice(1), text.slice(1))
  }

  it('wildcards match like the recursive reference implementation', () => {
    const part = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 7 })
    const three = (letters: string) => fc.tuple(part(letters), part(letters), part(letters))
    fc.assert(
      fc.property(three('ab*'), three('ab'), (patterns, parts) => {
        const expected = patterns.every((pattern, i) => matchesSlowly(pattern, parts[i] as string))
        const seen = decision(parts.join(':'), policy(statement('Allow', patterns.join(':'))))
        expect(seen).toBe(expected ? 'allowed' : 'unmentioned')
      }),
      { numRuns: 3000 },
    )
  })

  it('patterns with many stars do not cause exponential backtracking', () => {
    const stars = `a:b:${'a*'.repeat(60)}c`
    const document = policy(statement('Allow', ...Array.from({ length: 100 }, () => stars)))
    const compiled = [compilePolicy(document)]
    const start = performance.now()
    for (let i = 0; i < 100; i++) expect(decide(compiled, `a:b:${'a'.repeat(1000)}`)).toBe('unmentioned')
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('parsePolicy', () => {
  const good = policy(statement('Allow', 'ims:images:update'))

  function factsOf(value: unknown): Facts {
    try {
      parsePolicy(value, 'role.policy')
    } catch (error) {
      if (error instanceof DomainError && error.code === 'policy-invalid') return error.facts
      throw error
    }
    throw new Error('it was not refused')
  }

  it.each([
    good,
    { ...good, Version: '1.0' },
    policy(statement('Deny', '*:*:*'), statement('Allow', 'ims:Images:get_it-2*')),
    policy(...Array.from({ length: 8 }, () => statement('Allow', 'a:b:c'))),
    policy(statement('Allow', ...Array.from({ length: 100 }, () => 'a:b:c'))),
    policy(statement('Allow', `a:b:${'c'.repeat(124)}`)),
    policy({ ...statement('Allow', 'a:b:c'), Resource: ['*'] }),
    policy({ ...statement('Allow', 'a:b:c'), Resource: ['*:*:*:*:*', '*'] }),
  ])('the policy %j is valid', (value) => {
    expect(parsePolicy(value, 'x')).toEqual(value)
  })

  const within = (own: object) => ({ ...good, Statement: [{ ...good.Statement[0], ...own }] })
  it.each([
    [null, 'role.policy', 'type'],
    ['Allow', 'role.policy', 'type'],
    [[], 'role.policy', 'type'],
    [{}, 'role.policy.Version', 'required'],
    [{ ...good, Version: '1.2' }, 'role.policy.Version', 'one-of'],
    [{ ...good, Version: 1.1 }, 'role.policy.Version', 'one-of'],
    [{ ...good, Depends: [] }, 'role.policy.Depends', 'unknown-member'],
    [{ Version: '1.1' }, 'role.policy.Statement', 'required'],
    [{ ...good, Statement: {} }, 'role.policy.Statement', 'type'],
    [{ ...good, Statement: [] }, 'role.policy.Statement', 'items-min'],
    [{ ...good, Statement: Array(9).fill(good.Statement[0]) }, 'role.policy.Statement', 'items-max'],
    [{ ...good, Statement: [good.Statement[0], 1] }, 'role.policy.Statement[1]', 'type'],
    [within({ Effect: undefined }), 'role.policy.Statement[0].Effect', 'required'],
    [within({ Effect: 'ALLOW' }), 'role.policy.Statement[0].Effect', 'one-of'],
    [within({ Action: undefined }), 'role.policy.Statement[0].Action', 'required'],
    [within({ Action: 'ims:images:list' }), 'role.policy.Statement[0].Action', 'type'],
    [within({ Action: [] }), 'role.policy.Statement[0].Action', 'items-min'],
    [within({ Action: Array(101).fill('a:b:c') }), 'role.policy.Statement[0].Action', 'items-max'],
    [within({ Action: [1] }), 'role.policy.Statement[0].Action[0]', 'type'],
    [within({ Action: ['a:b:c', '*'] }), 'role.policy.Statement[0].Action[1]', 'well-formed'],
    [within({ Action: ['a:b:c:d'] }), 'role.policy.Statement[0].Action[0]', 'well-formed'],
    [within({ Action: ['a::c'] }), 'role.policy.Statement[0].Action[0]', 'well-formed'],
    [within({ Action: ['a:b:c d'] }), 'role.policy.Statement[0].Action[0]', 'well-formed'],
    [within({ Action: ['A:b:c'] }), 'role.policy.Statement[0].Action[0]', 'well-formed'],
    [within({ Action: [`a:b:${'c'.repeat(125)}`] }), 'role.policy.Statement[0].Action[0]', 'characters-max'],
    [within({ Condition: {} }), 'role.policy.Statement[0].Condition', 'unknown-member'],
    [within({ NotAction: [] }), 'role.policy.Statement[0].NotAction', 'unknown-member'],
    [within({ Resource: [] }), 'role.policy.Statement[0].Resource', 'items-min'],
    [within({ Resource: '*' }), 'role.policy.Statement[0].Resource', 'type'],
    [within({ Resource: { uri: [] } }), 'role.policy.Statement[0].Resource', 'type'],
    [within({ Resource: ['*', 'ims:*:*:image:*'] }), 'role.policy.Statement[0].Resource[1]', 'one-of'],
  ])('the policy %j is refused with its field and rule', (value, field, rule) => {
    // The JSON round trip removes undefined members.
    expect(factsOf(JSON.parse(JSON.stringify(value)))).toMatchObject({ field, rule: { name: rule } })
  })

  it('a policy of more than 6144 characters is refused', () => {
    const ofLength = (characters: number) => {
      const actions = Array.from({ length: 47 }, () => `a:b:${'c'.repeat(120)}`)
      const short = JSON.stringify(policy(statement('Allow', ...actions))).length
      return policy(statement('Allow', ...actions, `a:b:${'c'.repeat(characters - short - 7)}`))
    }
    expect(JSON.stringify(ofLength(6144))).toHaveLength(6144)
    expect(parsePolicy(ofLength(6144), 'x')).toBeDefined()
    expect(factsOf(ofLength(6145))).toMatchObject({ rule: { name: 'characters-max', limit: 6144, actual: 6145 } })
  })
})
