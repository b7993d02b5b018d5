// The words of the main story in both languages, as they stand on the pages.

export const STORY_WORDS = {
  en: {
    user: 'User',
    password: 'Password',
    logIn: 'Log in',
    resources: (count: number) => (count === 1 ? '1 resource' : `${count} resources`),
    text: 'Text',
    chips: 'Chips',
    filterText: 'Filter as text',
    resource: (name: string) => `Resource ${name}`,
    close: 'Close',
    now: 'Now',
    weekAgo: 'A week ago',
    youLookAt: 'You look at',
    backToNow: 'Back to now',
    compare: 'Compare',
    differ: (count: number) => `${count} resources differ`,
    entered: (count: number) => `${count} entered`,
    changed: (count: number) => `${count} changed`,
    cleanUp: 'Clean-up',
    inPlan: (names: string) => `In the plan: ${names}`,
    chooseNone: 'Choose none',
    make: 'Make plan and review',
    apply: (count: number) => `Apply ${count} changes`,
    applied: (count: number) => `${count} resources changed`,
    undo: 'Undo',
    policies: 'Policies',
    newPolicy: 'New policy',
    policyName: 'Name of the policy',
    json: 'Policy as JSON',
    rehearse: 'Rehearse',
    sentence: (refused: number) =>
      new RegExp(`^Of \\d+ writes, ${refused} would have been refused: ${refused} by admin\\.$`),
    seeWrites: 'See the writes',
    put: 'Put in force',
    inForce: 'The policy is in force.',
    explore: 'Explore',
    edit: (key: string) => `Change ${key}`,
    valueOf: (key: string) => `Value of ${key}`,
    save: 'Save',
    cancel: 'Cancel',
    saved: (key: string) => `${key} is saved.`,
  },
  'zh-CN': {
    user: '用户',
    password: '密码',
    logIn: '登录',
    resources: (count: number) => `${count} 个资源`,
    text: '文本',
    chips: '条件',
    filterText: '筛选文本',
    resource: (name: string) => `资源 ${name}`,
    close: '关闭',
    now: '现在',
    weekAgo: '一周前',
    youLookAt: '您正在查看',
    backToNow: '返回现在',
    compare: '对比',
    differ: (count: number) => `${count} 个资源有差异`,
    entered: (count: number) => `${count} 个新进入`,
    changed: (count: number) => `${count} 个有变更`,
    cleanUp: '清理',
    inPlan: (names: string) => `加入计划：${names}`,
    chooseNone: '全不选',
    make: '生成计划并查看',
    apply: (count: number) => `执行 ${count} 处变更`,
    applied: (count: number) => `已变更 ${count} 个资源`,
    undo: '撤销',
    policies: '策略',
    newPolicy: '新建策略',
    policyName: '策略名称',
    json: '策略的 JSON',
    rehearse: '预演',
    sentence: (refused: number) => new RegExp(`^\\d+ 次写入中，有 ${refused} 次会被拒绝：admin ${refused} 次。$`),
    seeWrites: '查看写入',
    put: '使其生效',
    inForce: '策略已生效。',
    explore: '浏览',
    edit: (key: string) => `修改 ${key}`,
    valueOf: (key: string) => `${key} 的值`,
    save: '保存',
    cancel: '取消',
    saved: (key: string) => `已保存 ${key}。`,
  },
} as const

export type StoryLanguage = keyof typeof STORY_WORDS
export type StoryWords = (typeof STORY_WORDS)[StoryLanguage]

/** Forty images, three of which spell the key env otherwise. */
export function storyEstate() {
  return Array.from({ length: 40 }, (_, i) =>
    image(i, [
      { key: i < 3 ? 'Env' : 'env', value: i % 2 === 0 ? 'prod' : 'staging' },
      { key: 'team', value: i < 20 ? 'web' : 'data' },
    ]),
  )
}

/** Five more images, which come later. */
export function laterImages() {
  return Array.from({ length: 5 }, (_, i) => image(40 + i, [{ key: 'env', value: 'test' }]))
}

function image(number: number, tags: readonly { readonly key: string; readonly value: string }[]) {
  const name = `image-${String(number).padStart(2, '0')}`
  return { resource_type: 'images', resource_id: `id-of-${name}`, resource_name: name, tags }
}
