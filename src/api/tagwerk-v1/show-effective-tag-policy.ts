import { Type } from 'typebox'
import type { PolicyRule } from '../../core/policy/effective-policy.ts'
import { defineRoute, type Route } from '../route.ts'
import { ignoredWarning, type TagPolicyParts } from './tag-policy-parts.ts'

const rule = Type.Object({
  tag_key: Type.String({ description: 'The key in the spelling that complies.' }),
  tag_value: Type.Optional(
    Type.Array(Type.String(), { description: 'Values that comply, with at most one `*` each; missing for any value.' }),
  ),
  enforced_for: Type.Array(Type.String(), {
    description: 'Types as this service names them; `<service>:*` for those with that beginning.',
  }),
  report_required_tag_for: Type.Array(Type.String()),
  required_on_create: Type.Boolean(),
})

const ignored = Type.Object({
  level: Type.String({ description: '`domain` or `project`.' }),
  policy: Type.String(),
  field: Type.String({ description: 'Path in the policy.' }),
  message: Type.String(),
})

/** Shows what the policies of a project and of its domain ask for together (contract 10.24). */
export function showEffectiveTagPolicy({ accounts }: TagPolicyParts): Route {
  return defineRoute({
    id: 'ShowEffectiveTagPolicy',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/policies/effective',
    summary: 'Show what the tag policies of a project and its domain ask for together',
    access: 'project',
    action: 'tagwerk:policies:get',
    params: Type.Object({ project_id: Type.String() }),
    responses: { 200: Type.Object({ rules: Type.Array(rule), ignored: Type.Array(ignored) }) },
    handle: async ({ params: { project_id: project }, caller }) => {
      const { tagPolicies } = accounts
      const { rules } = await tagPolicies.effective(project)
      const settings = await tagPolicies.ignored(caller.principal.user.domain.id, project)
      const ignored = settings.map((setting) => {
        const { level, policy } = setting
        return { level, policy, ...ignoredWarning(setting) }
      })
      return { status: 200, body: { rules: rules.map(toBody), ignored } }
    },
  })
}

function toBody({ key, values, enforcedFor, requiredFor, requiredOnCreate }: PolicyRule) {
  return {
    tag_key: key,
    ...(values !== undefined && { tag_value: values }),
    enforced_for: enforcedFor,
    report_required_tag_for: requiredFor,
    required_on_create: requiredOnCreate,
  }
}
