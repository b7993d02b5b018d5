import { describe, expect, it } from 'vitest'
import type { DomainError } from '../../../src/core/errors.ts'
import { convertConfigAssignment } from '../../../src/core/policy/convert-config.ts'
import { problemsOfResource } from '../../../src/core/policy/judge-resource.ts'
import { IMAGES, ResourceTypes } from '../../../src/core/resource-types.ts'
import { effectiveOf, tagsOf } from './policies.ts'

const convert = (assignment: unknown) => convertConfigAssignment(assignment, ResourceTypes.builtIn)
const parameters = { specifiedTagKey: { value: 'env' }, specifiedTagValue: { value: ['prod', 'test'] } }

function refusal(assignment: unknown): unknown {
  try {
    convert(assignment)
  } catch (error) {
    const { code, facts } = error as DomainError
    return [code, facts.field]
  }
  return 'accepted'
}

describe('an assignment of required-tag-check', () => {
  it('becomes a policy whose types must have the key with one of the values', () => {
    const assignment = {
      name: 'env-required',
      policy_definition_id: '5f8d549bffeecc14f1fb522a',
      policy_definition_name: 'required-tag-check',
      parameters,
      policy_filter: { region_id: null, resource_provider: 'ims', resource_type: 'images', tag_key: '' },
    }
    const { policy, warnings } = convert(assignment)
    expect(policy.tags).toEqual({
      env: {
        tag_key: { '@@assign': 'env' },
        tag_value: { '@@assign': ['prod', 'test'] },
        report_required_tag_for: { '@@assign': ['ims:images'] },
      },
    })
    expect(warnings).toEqual([])
    const problems = (tags: string) => problemsOfResource(effectiveOf(policy.tags), IMAGES, tagsOf(tags))
    expect([problems('env=prod'), problems('env=x').length, problems('').length]).toEqual([[], 1, 1])
  })

  it('applies to all types of a service, and of all services, where its filter names none', () => {
    const ofVpc = convert({ parameters, policy_filter: { resource_provider: 'vpc' } }).policy.tags.env
    expect(ofVpc).toMatchObject({ report_required_tag_for: { '@@assign': ['vpc:*'] } })
    const { policy, warnings } = convert({ parameters: { specifiedTagKey: { value: 'env' } } })
    expect(policy.tags.env).not.toHaveProperty('tag_value')
    expect(warnings).toEqual([])
    const everywhere = effectiveOf(policy.tags)
    for (const { name } of ResourceTypes.builtIn.rows) {
      const type = ResourceTypes.builtIn.named(name)!
      expect(problemsOfResource(everywhere, type, [])).toEqual([{ key: 'env', problem: 'missing' }])
    }
  })

  it('has no values when its list is empty', () => {
    const empty = { ...parameters, specifiedTagValue: { value: [] } }
    expect(convert({ parameters: empty, policy_filter: null }).policy.tags.env).not.toHaveProperty('tag_value')
  })

  it.each([
    ['it is no object', [], 'assignment'],
    ['it is missing', undefined, 'assignment'],
    ['it has another definition', { policy_definition_name: 'x', parameters }, 'assignment.policy_definition_name'],
    ['it has no parameters', {}, 'assignment.parameters'],
    ['it has an unknown parameter', { parameters: { ...parameters, x: {} } }, 'assignment.parameters.x'],
    ['it has no key', { parameters: {} }, 'assignment.parameters.specifiedTagKey'],
    [
      'its key is no text',
      { parameters: { specifiedTagKey: { value: 1 } } },
      'assignment.parameters.specifiedTagKey.value',
    ],
    [
      'its values are no list',
      { parameters: { ...parameters, specifiedTagValue: { value: 'prod' } } },
      'assignment.parameters.specifiedTagValue.value',
    ],
    [
      'a value is no text',
      { parameters: { ...parameters, specifiedTagValue: { value: [1] } } },
      'assignment.parameters.specifiedTagValue.value[0]',
    ],
    [
      'a value would become a pattern',
      { parameters: { ...parameters, specifiedTagValue: { value: ['a', 'b*'] } } },
      'assignment.parameters.specifiedTagValue.value[1]',
    ],
    ['its filter is no object', { parameters, policy_filter: 'ims' }, 'assignment.policy_filter'],
    [
      'its filter has an unknown member',
      { parameters, policy_filter: { provider: 'ims' } },
      'assignment.policy_filter.provider',
    ],
    [
      'its filter selects some resources of a type',
      { parameters, policy_filter: { region_id: 'eu-de' } },
      'assignment.policy_filter.region_id',
    ],
    [
      'its provider is no text',
      { parameters, policy_filter: { resource_provider: 1 } },
      'assignment.policy_filter.resource_provider',
    ],
    [
      'its type is no text',
      { parameters, policy_filter: { resource_provider: 'ims', resource_type: 1 } },
      'assignment.policy_filter.resource_type',
    ],
  ])('is refused when %s', (_, assignment, field) => {
    expect(refusal(assignment)).toEqual(['request-invalid', field])
  })
})
