import { describe, expect, it } from 'vitest'
import { profileOf } from '../../src/core/profile.ts'
import { RESOURCE_TYPE_ROWS, SERVICE_ROWS } from '../../src/core/resource-type-rows.ts'
import {
  InvalidTypeRows,
  namesOf,
  ResourceTypes,
  toResourceType,
  unknownTypeRule,
} from '../../src/core/resource-types.ts'

const types = ResourceTypes.builtIn

describe('the registry of resource types', () => {
  it('has at least 100 types of at least 60 services, each with names in both languages', () => {
    expect(RESOURCE_TYPE_ROWS.length).toBeGreaterThanOrEqual(100)
    expect(Object.keys(SERVICE_ROWS).length).toBeGreaterThanOrEqual(60)
    for (const { name, en, zh, service } of RESOURCE_TYPE_ROWS) {
      expect(
        [name, en, zh].every((text) => text.trim() === text && text !== ''),
        name,
      ).toBe(true)
      expect(SERVICE_ROWS, `service of ${name}`).toHaveProperty(service)
    }
  })

  it('every service has a type', () => {
    const used = new Set(RESOURCE_TYPE_ROWS.map(({ service }) => service))
    expect(Object.keys(SERVICE_ROWS).filter((service) => !used.has(service))).toEqual([])
  })

  it('every name and alias resolves to the type of its row, and no two rows share one', () => {
    for (const row of RESOURCE_TYPE_ROWS) {
      for (const name of namesOf(row)) expect([name, types.named(name)]).toEqual([name, row.name])
    }
  })

  it.each([
    ['private_image', 'images'],
    ['ims.images', 'images'],
    ['gaussdb', 'instances'],
    ['ecs.cloudservers', 'ecs'],
    ['cloudservers', 'ecs'],
    ['evs', 'disk'],
    ['evs.volumes', 'disk'],
    ['vpcs', 'vpc'],
    ['publicips', 'eip'],
    ['DNS_public_zone', 'DNS-public_zone'],
  ])('%s is a name of the type %s', (name, type) => {
    expect(types.named(name)).toBe(type)
    expect(toResourceType(types, name, 'resource_type')).toBe(type)
  })

  it('a name of another cloud is a type of its own', () => {
    for (const name of ['aws_instance', 'AWS::EC2::Instance', 'Microsoft.Compute/virtualMachines', 'apps/Deployment']) {
      expect(types.named(name)).toBe(name)
      expect(types.row(name as 'images')).toBeUndefined()
    }
  })

  it.each(['image', 'Images', 'IMAGES', 'ECS', 'private-image', 'security_Groups', 'dns_PRIVATE-zone'])(
    '%s is refused as a misspelling of a registered name',
    (name) => {
      expect(types.named(name)).toBeUndefined()
      expect(types.named(types.spelledAs(name) as string)).toBeDefined()
      expect(() => toResourceType(types, name, 'resource_type')).toThrow(
        expect.objectContaining({
          facts: expect.objectContaining({ rule: { name: 'resource-type', similar: types.spelledAs(name) } }),
        }),
      )
    },
  )

  it.each(['', ' ecs', '-x', 'a b', 'é', 'x\u200by', `a${'x'.repeat(128)}`])(
    '%j cannot be the name of a type',
    (name) => {
      expect(types.named(name)).toBeUndefined()
      expect(() => toResourceType(types, name, 'resource_type')).toThrow(
        expect.objectContaining({ code: 'request-invalid' }),
      )
    },
  )

  it('a name that is too long is refused with its length', () => {
    expect(() => toResourceType(types, 'x'.repeat(129), 'resource_type')).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({ rule: { name: 'characters-max', limit: 128, actual: 129 } }),
      }),
    )
  })

  it('names of built-in objects are ordinary names', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
      expect([types.named(name), types.registered(name)]).toEqual([name, undefined])
    }
  })

  it('added rows have names, services and rules like the others', () => {
    const row = {
      name: 'robot',
      aliases: ['robots'],
      service: 'factory',
      en: 'Robot',
      zh: '机器人',
      shape: 'long',
    } as const
    const more = types.with([row])
    expect([more.named('robots'), more.named('images'), more.service('factory')]).toEqual([
      'robot',
      'images',
      { en: 'factory', zh: 'factory' },
    ])
    const { keyCharactersMax, tagsPerResourceMax } = profileOf('huawei', more).tagRulesOf('robot' as 'images')
    expect([keyCharactersMax, tagsPerResourceMax]).toEqual([128, 20])
    expect(types.row('robot' as 'images')).toBeUndefined()
  })

  it('a row has lengths of its own where it names them', () => {
    const row = { name: 'robot', service: 'x', en: 'X', zh: 'X', shape: 'short', keyCharactersMax: 7 } as const
    const { keyCharactersMax, valueCharactersMax } = profileOf('huawei', types.with([row])).tagRulesOf(
      'robot' as 'images',
    )
    expect([keyCharactersMax, valueCharactersMax]).toEqual([7, 43])
  })

  it('a registry with no more rows is the same one', () => {
    expect(types.with([])).toBe(types)
  })

  it('a row whose name is a spelling of a name of another row is refused', () => {
    const row = { service: 'x', en: 'X', zh: 'X', shape: 'short' } as const
    expect(() => types.with([{ ...row, name: 'Cloud_Servers' }])).toThrow('differs from the name "cloudservers"')
    expect(types.with([{ ...row, name: 'robot', aliases: ['Robots'] }]).named('Robots')).toBe('robot')
  })

  it('another program names a type by any of its names, in any spelling', () => {
    expect(['ecs.cloudservers', 'CloudServers', 'aws_instance'].map((name) => types.canonical(name))).toEqual([
      'ecs',
      'ecs',
      'aws_instance',
    ])
  })

  it('a name that is not known suggests the most similar one', () => {
    expect(unknownTypeRule(types, 'cloudserverz')).toEqual({ name: 'resource-type', similar: 'cloudservers' })
    expect(unknownTypeRule(types, 'robots-of-a-factory')).toEqual({ name: 'resource-type', similar: undefined })
  })

  it('a row that takes a name of another row, or has an invalid one, is refused with both names', () => {
    const row = { service: 'x', en: 'X', zh: 'X', shape: 'short' } as const
    expect(() => types.with([{ ...row, name: 'cloudservers' }])).toThrow(InvalidTypeRows)
    expect(() => types.with([{ ...row, name: 'cloudservers' }])).toThrow('of the type "ecs" too')
    expect(() => types.with([{ ...row, name: 'a b' }])).toThrow('the name "a b" may only hold')
  })
})
