import { describe, expect, it } from 'vitest'
import { DomainError } from '../../../src/core/errors.ts'
import { parsePolicy } from '../../../src/core/policy/parse-policy.ts'
import { ResourceTypes } from '../../../src/core/resource-types.ts'

const parse = (document: unknown) => parsePolicy(document, ResourceTypes.builtIn)
const block = (members: unknown, key = 'env') => parse({ tags: { [key]: members } }).policy.blocks[0]
const warningsOf = (document: unknown) => parse(document).warnings.map(({ field, message }) => `${field}: ${message}`)

/** The field and the rule that a document breaks. */
function refusal(document: unknown): unknown {
  try {
    parse(document)
  } catch (error) {
    const { code, facts } = error as DomainError
    expect(error).toBeInstanceOf(DomainError)
    expect(code).toBe('request-invalid')
    return [facts.field, facts.rule?.name ?? facts.detail]
  }
  return 'accepted'
}

describe('the policies of the vendors', () => {
  it('are read as the AWS guide prints them', () => {
    const sample = {
      tags: {
        costcenter: {
          tag_key: { '@@assign': 'CostCenter' },
          tag_value: { '@@assign': ['100', '200', '300*'] },
          enforced_for: { '@@assign': ['secretsmanager:*'] },
        },
      },
    }
    expect(parse(sample).policy).toEqual({
      blocks: [
        {
          fold: 'costcenter',
          tag_key: { assign: 'CostCenter' },
          tag_value: { assign: ['100', '200', '300*'] },
          enforced_for: { assign: ['secretsmanager:*'] },
        },
      ],
    })
  })

  it('are read as the Huawei Cloud guide prints them, with the names of types resolved', () => {
    const members = { tag_key: { '@@assign': 'CostCenter' }, enforced_for: { '@@assign': ['apig:instance'] } }
    expect(block(members, 'costcenter')).toEqual({
      fold: 'costcenter',
      tag_key: { assign: 'CostCenter' },
      enforced_for: { assign: ['apig'] },
    })
  })

  it('keep every operator, and what projects may do', () => {
    const members = {
      tag_key: { '@@assign': 'Project', '@@operators_allowed_for_child_policies': ['@@none'] },
      tag_value: {
        '@@append': ['b', 'a', 'a'],
        '@@remove': ['c'],
        '@@operators_allowed_for_child_policies': ['@@append', '@@assign'],
      },
      report_required_tag_for: { '@@assign': ['ims:image'], '@@operators_allowed_for_child_policies': ['@@all'] },
      '@@operators_allowed_for_child_policies': ['@@remove'],
    }
    expect(block(members, 'project')).toEqual({
      fold: 'project',
      tag_key: { assign: 'Project', allowed: [] },
      tag_value: { append: ['a', 'b'], remove: ['c'], allowed: ['@@assign', '@@append'] },
      report_required_tag_for: { assign: ['images'], allowed: ['@@assign', '@@append', '@@remove'] },
      allowed: ['@@remove'],
    })
    expect(parse({ tags: { '@@operators_allowed_for_child_policies': ['@@none'], a: {} } }).policy).toEqual({
      blocks: [{ fold: 'a' }],
      allowed: [],
    })
  })

  it('may set nothing of a member but what projects may do', () => {
    const none = { '@@operators_allowed_for_child_policies': ['@@none'] }
    expect(block({ tag_key: none, tag_value: none, required_on_create: none })).toEqual({
      fold: 'env',
      tag_key: { allowed: [] },
      tag_value: { allowed: [] },
      required_on_create: { allowed: [] },
    })
  })

  it('take required_on_create as a plain value or with an operator', () => {
    expect(block({ required_on_create: true })).toMatchObject({ required_on_create: { assign: true } })
    expect(block({ required_on_create: { '@@assign': false } })).toMatchObject({
      required_on_create: { assign: false },
    })
  })
})

describe('a policy is refused with the path of', () => {
  it.each([
    ['a body that is no object', [], 'body', 'type'],
    ['a body without tags', {}, 'tags', 'required'],
    ['a member beside tags', { tags: {}, version: 1 }, 'version', 'unknown-member'],
    ['tags that are no object', { tags: [] }, 'tags', 'type'],
    ['an operator in place of a key', { tags: { '@@assign': {} } }, 'tags.@@assign', 'unknown-member'],
    ['a key that occurs in two cases', { tags: { env: {}, Env: {} } }, 'tags.Env', 'unique'],
    ['a blank key', { tags: { ' ': {} } }, 'tags[" "]', 'not-blank'],
    ['a key that is too long', { tags: { ['k'.repeat(129)]: {} } }, `tags.${'k'.repeat(129)}`, 'characters-max'],
    ['a block that is no object', { tags: { env: 'prod' } }, 'tags.env', 'type'],
    // The sample of the Terraform provider's page.
    ['a misspelt member', { tags: { env: { test_key: {} } } }, 'tags.env.test_key', 'unknown-member'],
    ['a key with a path of its own', { tags: { 'a.b': { x: 1 } } }, 'tags["a.b"].x', 'unknown-member'],
    ['a setting without an operator', { tags: { env: { tag_key: 'env' } } }, 'tags.env.tag_key', 'type'],
    [
      'a spelling that is another key',
      { tags: { env: { tag_key: { '@@assign': 'stage' } } } },
      'tags.env.tag_key.@@assign',
      'type',
    ],
    [
      'a spelling that is no text',
      { tags: { env: { tag_key: { '@@assign': 1 } } } },
      'tags.env.tag_key.@@assign',
      'type',
    ],
    [
      'an operator for lists on a spelling',
      { tags: { env: { tag_key: { '@@append': 'Env' } } } },
      'tags.env.tag_key.@@append',
      'unknown-member',
    ],
    [
      'a list that is a text',
      { tags: { env: { tag_value: { '@@assign': 'prod' } } } },
      'tags.env.tag_value.@@assign',
      'type',
    ],
    [
      'a value that is no text',
      { tags: { env: { tag_value: { '@@assign': ['a', 1] } } } },
      'tags.env.tag_value.@@assign[1]',
      'type',
    ],
    [
      'a value with two wildcards',
      { tags: { env: { tag_value: { '@@append': ['*a*'] } } } },
      'tags.env.tag_value.@@append[0]',
      'type',
    ],
    [
      'a value that is too long',
      { tags: { env: { tag_value: { '@@remove': ['v'.repeat(257)] } } } },
      'tags.env.tag_value.@@remove[0]',
      'characters-max',
    ],
    [
      'a wildcard for all services',
      { tags: { env: { enforced_for: { '@@assign': ['*'] } } } },
      'tags.env.enforced_for.@@assign[0]',
      'type',
    ],
    [
      'a misspelt type',
      { tags: { env: { enforced_for: { '@@assign': ['Images'] } } } },
      'tags.env.enforced_for.@@assign[0]',
      'resource-type',
    ],
    [
      'a flag that is a text',
      { tags: { env: { required_on_create: { '@@assign': 'true' } } } },
      'tags.env.required_on_create.@@assign',
      'type',
    ],
    [
      'operators for projects that are no array',
      { tags: { '@@operators_allowed_for_child_policies': '@@none' } },
      'tags.@@operators_allowed_for_child_policies',
      'type',
    ],
    [
      'operators for projects that contradict each other',
      { tags: { '@@operators_allowed_for_child_policies': ['@@append', '@@none'] } },
      'tags.@@operators_allowed_for_child_policies[1]',
      'type',
    ],
    [
      'an unknown operator for projects',
      { tags: { '@@operators_allowed_for_child_policies': ['append'] } },
      'tags.@@operators_allowed_for_child_policies[0]',
      'one-of',
    ],
  ])('%s', (_, document, field, rule) => {
    expect(refusal(document)).toEqual([field, rule])
  })

  it.each(['resource_type_scope', 'correction', 'auto_assign', 'tag_value_dynamic'])(
    'the member %s of another cloud, which it names',
    (member) => {
      const field = `tags.env.${member}`
      const detail = `${field}: this member of Tencent Cloud's policies is not supported; remove it.`
      expect(refusal({ tags: { env: { [member]: {} } } })).toEqual([field, detail])
    },
  )

  it('a member whose name every object has', () => {
    expect(refusal({ tags: { env: { constructor: {} } } })).toEqual(['tags.env.constructor', 'unknown-member'])
  })
})

describe('the author of a policy is warned', () => {
  it('of a policy without keys', () => {
    expect(warningsOf({ tags: {} })).toEqual(['tags: The policy names no key and applies to nothing.'])
  })

  it('of types that are not known', () => {
    const tags = { env: { enforced_for: { '@@assign': ['ec2:instance', 'ec2:ALL_SUPPORTED', 'ims:*'] } } }
    expect(warningsOf({ tags })).toEqual([
      'tags.env.enforced_for.@@assign[0]: "ec2:instance" is no registered type: it applies to resources whose type has that name.',
      'tags.env.enforced_for.@@assign[1]: "ec2:ALL_SUPPORTED" is no registered type: it applies to types whose names begin with that service.',
    ])
  })

  it('of required_on_create without types', () => {
    expect(warningsOf({ tags: { env: { required_on_create: true } } })).toEqual([
      'tags.env.required_on_create: It applies to the types of report_required_tag_for, which this policy does not name.',
    ])
    const tags = { env: { required_on_create: true, report_required_tag_for: { '@@assign': ['images'] } } }
    expect(warningsOf({ tags })).toEqual([])
  })
})
