import { DomainError, invalid, unknownMember } from '../errors.ts'
import type { ResourceTypes } from '../resource-types.ts'
import { type PolicyWarning, parsePolicy } from './parse-policy.ts'

/** A policy that says the same as a rule of another service, and what its author should know. */
export type ConvertedPolicy = {
  readonly policy: { readonly tags: Readonly<Record<string, unknown>> }
  readonly warnings: readonly PolicyWarning[]
}

const DEFINITION = 'required-tag-check'
const PARAMETERS = ['specifiedTagKey', 'specifiedTagValue']
/** Parts of a filter that narrow a rule down in a way that no tag policy can say. */
const NARROWING = ['region_id', 'resource_id', 'tag_key', 'tag_value']
const FILTER_MEMBERS = ['resource_provider', 'resource_type', ...NARROWING]

/**
 * Converts an assignment of the definition `required-tag-check` of Huawei Cloud Config, as its API shows it, into a tag
 * policy: the key has to be there, with one of the values if there are any. Config only reports, so the policy is not
 * enforced. Throws `request-invalid`, also for what would change the meaning of the rule.
 */
export function convertConfigAssignment(assignment: unknown, types: ResourceTypes): ConvertedPolicy {
  const members = toObject(assignment, 'assignment')
  const definition = members.policy_definition_name ?? DEFINITION
  if (definition !== DEFINITION) {
    throw invalid('assignment.policy_definition_name', { name: 'one-of', allowed: [DEFINITION] }, definition)
  }
  const parameters = toObject(members.parameters, 'assignment.parameters')
  const unknown = Object.keys(parameters).find((name) => !PARAMETERS.includes(name))
  if (unknown !== undefined) throw unknownMember(`assignment.parameters.${unknown}`, unknown, PARAMETERS)
  const key = parameterOf(parameters, 'specifiedTagKey')
  if (typeof key !== 'string') {
    throw invalid('assignment.parameters.specifiedTagKey.value', { name: 'type', expected: 'a string' }, key)
  }
  const values = valuesOf(parameters)
  const selected = typesOf(members.policy_filter, types)
  const policy = {
    tags: {
      [key]: {
        tag_key: { '@@assign': key },
        ...(values.length > 0 && { tag_value: { '@@assign': values } }),
        report_required_tag_for: { '@@assign': selected },
      },
    },
  }
  return { policy, warnings: parsePolicy(policy, types).warnings }
}

function valuesOf(parameters: Members): readonly string[] {
  const field = 'assignment.parameters.specifiedTagValue.value'
  if (parameters.specifiedTagValue === undefined) return []
  const values = parameterOf(parameters, 'specifiedTagValue')
  if (!Array.isArray(values)) throw invalid(field, { name: 'type', expected: 'an array' }, values)
  for (const [i, value] of values.entries()) {
    if (typeof value !== 'string') throw invalid(`${field}[${i}]`, { name: 'type', expected: 'a string' }, value)
    if (value.includes('*')) {
      const detail = `${field}[${i}]: "*" stands for any text in a tag policy, so the value ${JSON.stringify(value)} cannot be converted.`
      throw new DomainError('request-invalid', { field: `${field}[${i}]`, detail })
    }
  }
  return values
}

/** The types that a rule applies to; those of all services when it has no filter. */
function typesOf(filter: unknown, types: ResourceTypes): readonly string[] {
  const field = 'assignment.policy_filter'
  const members = filter === undefined || filter === null ? {} : toObject(filter, field)
  const unknown = Object.keys(members).find((name) => !FILTER_MEMBERS.includes(name))
  if (unknown !== undefined) throw unknownMember(`${field}.${unknown}`, unknown, FILTER_MEMBERS)
  for (const name of NARROWING) {
    const value = members[name]
    if (value === undefined || value === null || value === '') continue
    const detail = `${field}.${name}: a tag policy applies to all resources of a type; remove this member to convert the rule for all of them.`
    throw new DomainError('request-invalid', { field: `${field}.${name}`, detail })
  }
  const { resource_provider: provider, resource_type: type } = members
  if (provider === undefined || provider === null || provider === '') {
    return [...new Set(types.rows.map(({ service }) => `${service}:*`))]
  }
  if (typeof provider !== 'string') {
    throw invalid(`${field}.resource_provider`, { name: 'type', expected: 'a string' }, provider)
  }
  if (type === undefined || type === null || type === '') return [`${provider}:*`]
  if (typeof type !== 'string') throw invalid(`${field}.resource_type`, { name: 'type', expected: 'a string' }, type)
  return [`${provider}:${type}`]
}

type Members = Readonly<Record<string, unknown>>

function parameterOf(parameters: Members, name: string): unknown {
  const field = `assignment.parameters.${name}`
  if (parameters[name] === undefined) throw invalid(field, { name: 'required' })
  return toObject(parameters[name], field).value
}

function toObject(value: unknown, field: string): Members {
  if (value === undefined) throw invalid(field, { name: 'required' })
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members
  throw invalid(field, { name: 'type', expected: 'an object' }, value)
}
