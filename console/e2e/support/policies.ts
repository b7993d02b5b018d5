import { expect } from 'vitest'
import type { TestService } from '../../../test/support/service.ts'

// What the tests of policies have: a policy, and resources that follow it and some that do not.

export const POLICY = {
  tags: {
    owner: {
      tag_key: { '@@assign': 'owner' },
      tag_value: { '@@assign': ['web', 'data'] },
      enforced_for: { '@@assign': ['images'] },
      report_required_tag_for: { '@@assign': ['images', 'rds'] },
    },
  },
}

/** 200 images: 196 comply, one lacks the owner, two have a wrong value, one a wrong case. Ten databases without an owner. */
export function estate() {
  const images = Array.from({ length: 200 }, (_, i) => {
    const tag =
      i === 0
        ? []
        : i < 3
          ? [['owner', 'Web']]
          : i === 3
            ? [['Owner', 'web']]
            : [['owner', i % 2 === 0 ? 'web' : 'data']]
    return {
      resource_type: 'images',
      resource_id: `img-${i}`,
      resource_name: `image-${i}`,
      tags: tag.map(([key, value]) => ({ key, value })),
    }
  })
  const databases = Array.from({ length: 10 }, (_, i) => ({
    resource_type: 'rds',
    resource_id: `db-${i}`,
    resource_name: `database-${i}`,
    tags: [{ key: 'engine', value: 'postgres' }],
  }))
  return [...images, ...databases]
}

/** Puts a policy of the project. */
export async function putPolicy(on: TestService, name: string, policy: unknown = POLICY): Promise<void> {
  const path = `/tagwerk/v1/${on.project}/policies/${name}`
  const { status, text } = await on.call('PUT', path, { body: policy })
  expect(status, text).toBe(200)
}

/** Deletes all policies of the project. */
export async function deletePolicies(on: TestService): Promise<void> {
  const path = `/tagwerk/v1/${on.project}/policies`
  const { body } = await on.call('GET', path)
  for (const { name } of body.policies) await on.call('DELETE', `${path}/${name}`)
}
