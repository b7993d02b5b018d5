import { hash } from 'node:crypto'
import type { EffectivePolicy } from '../../core/policy/effective-policy.ts'

/** The content of an effective policy as it is stored, and its hash; undefined for one without rules. */
export type EffectiveContent = { readonly policyHash: string; readonly content: string }

/** Gives the stored form of an effective policy. */
export function toContent(effective: EffectivePolicy): EffectiveContent | undefined {
  if (effective.rules.length === 0) return undefined
  const content = JSON.stringify(effective)
  return { policyHash: hash('sha256', content, 'base64url'), content }
}

/** Reads the stored form of an effective policy. */
export function toEffective(content: string): EffectivePolicy {
  return JSON.parse(content) as EffectivePolicy
}
