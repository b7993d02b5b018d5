import { Type } from 'typebox'
import { convertConfigAssignment } from '../../core/policy/convert-config.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { policyBody, type TagPolicyParts, warnings } from './tag-policy-parts.ts'

/** Converts a rule of another service into a tag policy, which is not put (contract 10.24). */
export function convertTagPolicy({ profile }: TagPolicyParts): Route {
  return defineRoute({
    id: 'ConvertTagPolicy',
    method: 'POST',
    path: '/tagwerk/v1/domain/policies/convert',
    summary: 'Convert an assignment of required-tag-check of Config into a tag policy',
    access: 'domain',
    action: 'tagwerk:policies:get',
    body: Type.Object({
      from: oneOf(['huawei-config']),
      assignment: Type.Record(Type.String(), Type.Unknown(), {
        description: 'The policy assignment as Config shows it.',
      }),
    }),
    responses: { 200: Type.Object({ policy: policyBody, warnings }) },
    handle: async ({ body: { assignment } }) => ({
      status: 200,
      body: convertConfigAssignment(assignment, profile.types),
    }),
  })
}
