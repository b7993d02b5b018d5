import { useLanguage } from '../text/language.ts'
import type { DomainRole } from './types.ts'

/** Names and descriptions of the system roles, which the service has in English only. */
const SYSTEM_IN_CHINESE: Readonly<Record<string, readonly [name: string, description: string]>> = {
  te_admin: ['租户管理员', '可以在其范围内执行所有操作。'],
  readonly: ['租户访客', '可以在其范围内查看所有内容。'],
}

type Named = Pick<DomainRole, 'name' | 'display_name'>

/** Gives the function that names a role: a system role in the reader's language, a custom one as it was named. */
export function useRoleName(): (role: Named) => string {
  const language = useLanguage()
  return ({ name, display_name }) => (language === 'zh-CN' ? SYSTEM_IN_CHINESE[name]?.[0] : undefined) ?? display_name
}

/** Gives the function that describes a role in the reader's language, as far as it is described in it. */
export function useRoleDescription(): (role: DomainRole) => string {
  const language = useLanguage()
  return ({ name, description, description_cn }) => {
    if (language !== 'zh-CN') return description
    return SYSTEM_IN_CHINESE[name]?.[1] ?? (description_cn === '' ? description : description_cn)
  }
}
