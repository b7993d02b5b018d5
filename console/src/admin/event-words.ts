import { defineTexts, useTexts } from '../text/texts.ts'

const eventTexts = defineTexts(
  {
    'domain.created': 'Domain created',
    'domain.updated': 'Domain changed',
    'domain.deleted': 'Domain deleted',
    'user.created': 'User created',
    'user.updated': 'User changed',
    'user.deleted': 'User deleted',
    'role.assigned': 'Role granted',
    'role.unassigned': 'Role taken away',
    'policy.created': 'Role created',
    'policy.updated': 'Role changed',
    'policy.deleted': 'Role deleted',
    'project.created': 'Project created',
    'project.updated': 'Project changed',
    'project.deleted': 'Project deleted',
    'access-key.created': 'Access key created',
    'access-key.updated': 'Access key changed',
    'access-key.deleted': 'Access key deleted',
    'signing-key.rotated': 'Signing key rotated',
    'tag-policy.updated': 'Tag policy changed',
    'tag-policy.deleted': 'Tag policy deleted',
    'service.reset': 'Service reset',
  },
  {
    'domain.created': '创建账号',
    'domain.updated': '修改账号',
    'domain.deleted': '删除账号',
    'user.created': '创建用户',
    'user.updated': '修改用户',
    'user.deleted': '删除用户',
    'role.assigned': '授予角色',
    'role.unassigned': '收回角色',
    'policy.created': '创建角色',
    'policy.updated': '修改角色',
    'policy.deleted': '删除角色',
    'project.created': '创建项目',
    'project.updated': '修改项目',
    'project.deleted': '删除项目',
    'access-key.created': '创建访问密钥',
    'access-key.updated': '修改访问密钥',
    'access-key.deleted': '删除访问密钥',
    'signing-key.rotated': '轮换签名密钥',
    'tag-policy.updated': '修改标签策略',
    'tag-policy.deleted': '删除标签策略',
    'service.reset': '重置服务',
  },
)

/** Gives the function that names an event of the account log; one that is not known has its own name. */
export function useEventWords(): (event: string) => string {
  const texts: Readonly<Record<string, string>> = useTexts(eventTexts)
  return (event) => texts[event] ?? event
}
