import { describe, expect, it } from 'vitest'
import { resolvePolicyType, typeTest } from '../../../src/core/policy/policy-types.ts'
import { type ResourceType, ResourceTypes } from '../../../src/core/resource-types.ts'

const resolve = (text: string) => resolvePolicyType(ResourceTypes.builtIn, text, 'types')
const test = (selectors: readonly string[], type: string) => typeTest(selectors)(type as ResourceType)

describe('a type in a policy', () => {
  it.each([
    // Names of the pages of Huawei Cloud Organizations.
    ['apig:instance', 'apig'],
    ['ces:alarm', 'alarm-rules'],
    ['ims:image', 'images'],
    ['ecs:instance', 'ecs'],
    ['evs:volume', 'disk'],
    ['vpc:securityGroup', 'security-groups'],
    ['obs:bucket', 'bucket'],
    ['dcaas:directConnect', 'dc-directconnect'],
    ['ECS:cloudservers', 'ecs'],
    ['gaussdb', 'instances'],
    ['gaussdb.instance', 'instances'],
  ])('%s is the registered type %s', (text, type) => {
    expect(resolve(text)).toEqual({ selectors: [type], isKnown: true })
  })

  it('that stands for a service is each of its types, and those with its name that are not registered', () => {
    expect(resolve('evs:*')).toEqual({ selectors: ['disk', 'evs:*'], isKnown: true })
    expect(resolve('EVS:ALL_SUPPORTED')).toEqual({ selectors: ['disk', 'evs:*'], isKnown: true })
    expect(resolve('ec2:*')).toEqual({ selectors: ['ec2:*'], isKnown: false })
  })

  it('that is not registered keeps its name', () => {
    expect(resolve('ec2:instance')).toEqual({ selectors: ['ec2:instance'], isKnown: false })
    expect(resolve('vpc:instance')).toEqual({ selectors: ['vpc:instance'], isKnown: false })
    expect(resolve('acme-thing')).toEqual({ selectors: ['acme-thing'], isKnown: false })
  })

  it('must be a valid name', () => {
    expect(() => resolve('a b:c')).toThrow('request-invalid')
    expect(() => resolve(':*')).toThrow('request-invalid')
  })
})

describe('the types that selectors select', () => {
  it('are the registered types that they name', () => {
    expect(test(['images'], 'images')).toBe(true)
    expect(test(['images'], 'instances')).toBe(false)
    expect(test(['images'], 'ec2:instance')).toBe(false)
    expect(test([], 'images')).toBe(false)
  })

  it('are the spellings of one type that programs of AWS use', () => {
    expect(test(['ec2:security-group'], 'AWS::EC2::SecurityGroup')).toBe(true)
    expect(test(['ec2:security-group'], 'ec2:security-group')).toBe(true)
    expect(test(['ec2:security-group'], 'ec2:instance')).toBe(false)
    expect(test(['ec2:*'], 'AWS::EC2::Instance')).toBe(true)
    expect(test(['ec2:*'], 'ec2:instance')).toBe(true)
    expect(test(['ec2:*'], 's3:bucket')).toBe(false)
    expect(test(['ec2:*'], 'images')).toBe(false)
  })
})
