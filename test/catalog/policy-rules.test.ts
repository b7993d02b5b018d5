import { expect, it } from 'vitest'
import { withPolicy } from '../../src/catalog/policy-rules.ts'
import { IMAGES, INSTANCES } from '../../src/core/resource-types.ts'
import { effectiveOf } from '../core/policy/policies.ts'

const rulesOf = () => ({ tagsPerResourceMax: 10 })
const reading = (tags: Readonly<Record<string, unknown>>) => ({ getEffectivePolicy: async () => effectiveOf(tags) })

it('the rules of a project without policies are those of its types', async () => {
  expect(await withPolicy(reading({}), 'p', rulesOf)).toBe(rulesOf)
})

it('the rules of a type have what the policies of the project say about it', async () => {
  const held = await withPolicy(reading({ env: { enforced_for: { '@@assign': ['ims:image'] } } }), 'p', rulesOf)
  expect(held(IMAGES)).toMatchObject({ tagsPerResourceMax: 10, policy: { requiredOnCreate: [] } })
  expect(held(IMAGES)).toBe(held(IMAGES))
  expect(held(INSTANCES)).toEqual({ tagsPerResourceMax: 10, policy: undefined })
})
