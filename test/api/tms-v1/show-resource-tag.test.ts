import { afterAll, beforeAll, describe } from 'vitest'
import { image, instance, newImageId, newInstanceId } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { accessScenarios, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsError } from './tms-errors.ts'

// T11: GET /v2.0/resources/{resource_id}/tags (contract 5, D16).

let world: DomainWorld
const fills = { image: newImageId(), bare: newImageId(), instance: newInstanceId(), theirs: '' }
beforeAll(async () => {
  world = await startDomainWorld()
  await world.service.register(
    image(fills.image, 'b=1', 'a=2', 'c='),
    image(fills.bare),
    instance(fills.instance, 'd=1'),
  )
  fills.theirs = world.foreign.image
})
afterAll(() => world.service.stop())

const asked = (path: string, expected: Omit<Scenario, 'name' | 'request'>): Scenario => ({
  name: path,
  request: { method: 'GET', path: `/v2.0/resources/${path}`, token: 'domain' },
  ...expected,
})
const tags = (...pairs: [string, string][]) => ({
  status: 200,
  body: { tags: pairs.map(([key, value]) => ({ key, value })) },
})

describe('lists the tags of a resource', () => {
  const OF_IMAGE = tags(['b', '1'], ['a', '2'], ['c', ''])
  runScenarios(
    () => world.target(fills),
    [
      asked('{image}/tags?resource_type=images&project_id={project}', OF_IMAGE),
      asked('{image}/tags?project_id={project}&resource_type=private_image', OF_IMAGE),
      asked('{bare}/tags?resource_type=images&project_id={project}', tags()),
      asked('{instance}/tags?resource_type=gaussdb&project_id={project}', tags(['d', '1'])),
      asked('{instance}/tags?resource_type=instances&project_id={project}', tags(['d', '1'])),
    ],
  )
})

describe('refuses', () => {
  const project = 'project_id={project}'
  runScenarios(
    () => world.target(fills),
    [
      asked('{image}/tags', tmsError(400, 'TMS.5027', 'resource_type', 'required')),
      asked(`{image}/tags?${project}`, tmsError(400, 'TMS.5027', 'resource_type', 'required')),
      asked(`{image}/tags?${project}&resource_type=`, tmsError(400, 'TMS.5027', 'resource_type')),
      asked(`{image}/tags?${project}&resource_type=robot`, tmsError(400, 'TMS.5027', 'resource_type', '"robot"')),
      asked(
        `{image}/tags?${project}&resource_type=images&resource_type=images`,
        tmsError(400, 'TMS.5027', 'resource_type'),
      ),
      asked('{image}/tags?resource_type=images', tmsError(400, 'TMS.2011', 'project_id', 'required')),
      asked('{image}/tags?resource_type=images&project=x', tmsError(400, 'TMS.0002', 'project', 'parameter')),
      asked('{image}/tags?resource_type=images&project_id=', tmsError(400, 'TMS.2011', 'project_id')),
      asked('{image}/tags?resource_type=images&project_id=none', tmsError(400, 'TMS.2011', '"none"')),
      asked('{image}/tags?resource_type=images&project_id=a&project_id=b', tmsError(400, 'TMS.2011', 'project_id')),
      asked('{theirs}/tags?resource_type=images&project_id={foreign}', tmsError(400, 'TMS.2011', 'project_id')),
      asked(`{theirs}/tags?resource_type=images&${project}`, tmsError(404, 'TMS.0005', 'id: does not exist (got "')),
      asked(`none/tags?resource_type=images&${project}`, tmsError(404, 'TMS.0005', 'id: does not exist (got "')),
      asked(`{image}/tags?resource_type=gaussdb&${project}`, tmsError(404, 'TMS.0005', 'id: does not exist (got "')),
      asked(`a%2Fb%20c/tags?resource_type=images&${project}`, tmsError(404, 'TMS.0005', 'id: does not exist (got "')),
      asked('%zz/tags', tmsError(400, 'TMS.0002', 'URL')),
    ],
  )
})

describe('access control: answers', () => {
  const path = '/v2.0/resources/{image}/tags?resource_type=images&project_id={project}'
  runScenarios(() => world.target(fills), accessScenarios({ method: 'GET', path }, 'reads', { status: 200 }))
})
