import type { PolicyDocument } from './document.ts'

export const TEMPLATES = ['values', 'required', 'blank'] as const
export type Template = (typeof TEMPLATES)[number]

/** A policy to begin with, for the types that a project has. Nothing of it is enforced. */
export function templateOf(template: Template, types: readonly string[]): PolicyDocument {
  const required = types.length === 0 ? {} : { report_required_tag_for: { '@@assign': types } }
  switch (template) {
    case 'values':
      return {
        tags: {
          env: {
            tag_key: { '@@assign': 'env' },
            tag_value: { '@@assign': ['prod', 'staging', 'test', 'dev'] },
            ...required,
          },
        },
      }
    case 'required':
      return { tags: { owner: { tag_key: { '@@assign': 'owner' }, ...required } } }
    case 'blank':
      return { tags: {} }
  }
}

/** A policy for one key. */
export function policyFor(key: string): PolicyDocument {
  return { tags: { [key]: { tag_key: { '@@assign': key } } } }
}
