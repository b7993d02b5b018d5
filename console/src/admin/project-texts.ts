import { defineTexts } from '../text/texts.ts'

export const projectTexts = defineTexts(
  {
    about: 'A project holds resources with their tags. Users get roles in one project or in the whole domain.',
    create: 'New project',
    none: 'No project',
    noneHint: 'Create one, or ask an administrator for a role in one.',
    resources: 'Resources',
    isHere: 'You are in this project. Open another one first.',
    hasResources: (count: string, isOne: boolean) =>
      `The project has ${count} ${isOne ? 'resource' : 'resources'}. Only an empty project can be deleted.`,
    disableHint: 'A disabled project keeps its resources. Its tokens are revoked, and nobody can open it.',
    deleteTitle: (name: string) => `Delete project ${name}?`,
    deleteHint: 'The roles that users have in it are deleted too. This cannot be undone.',
    who: 'Who may do what',
    noRoles: 'No user has a role in the project.',
    inDomain: 'in the whole domain',
    toLimits: 'Limits of the project',
    toUser: (name: string) => `Open user ${name}`,
  },
  {
    about: '项目包含资源及其标签。用户的角色可以属于某个项目或整个账号。',
    create: '新建项目',
    none: '没有项目',
    noneHint: '请新建项目，或请管理员授予项目角色。',
    resources: '资源数',
    isHere: '您正在此项目中，请先打开其他项目。',
    hasResources: (count: string, _isOne: boolean) => `项目中有 ${count} 个资源。只有空项目可以删除。`,
    disableHint: '停用的项目保留其资源；其令牌将失效，任何人都无法打开它。',
    deleteTitle: (name: string) => `删除项目 ${name}？`,
    deleteHint: '用户在该项目中的角色也会被删除。此操作无法撤销。',
    who: '权限',
    noRoles: '没有用户在此项目中拥有角色。',
    inDomain: '整个账号',
    toLimits: '项目限额',
    toUser: (name: string) => `打开用户 ${name}`,
  },
)
