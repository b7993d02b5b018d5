import type { ErrorCode } from '../../../src/core/errors.ts'

/** Codes that only Tagwerk's own API has. */
type OwnErrorCode =
  | 'project-not-found'
  | 'user-not-found'
  | 'role-not-found'
  | 'access-key-not-found'
  | 'password-wrong'
  | 'filter-invalid'
  | 'precondition-failed'
  | 'near-duplicates-not-found'
  | 'tag-policy-not-found'
  | 'tag-policy-limit-reached'
  | 'plan-not-found'
  | 'plan-state'
  | 'plan-conflicts'
  | 'plan-limit-reached'
  | 'idempotency-key-reused'
  | 'work-limit-reached'
  | 'total-work-limit-reached'

/** The errors of the service in Chinese, which it says in English alone. */
const CHINESE: Readonly<Record<ErrorCode | OwnErrorCode, string>> = {
  'route-not-found': '没有这个调用。',
  'method-not-allowed': '此路径不支持该方法。',
  'url-invalid': '请求地址无效。',
  'url-too-long': '请求地址过长。',
  'headers-too-large': '请求头过大。',
  'body-too-large': '请求内容过大。',
  'media-type-unsupported': '不支持这种内容类型。',
  'token-missing': '您没有登录。',
  'token-unreadable': '会话无效，请重新登录。',
  'token-expired': '会话已过期，请重新登录。',
  'token-revoked': '会话已结束，请重新登录。',
  'signature-malformed': '无法读取请求的签名。',
  'signature-wrong': '请求的签名不正确。',
  'signature-expired': '请求的签名已过期，或时钟不一致。',
  'access-key-unknown': '没有这个访问密钥。',
  'access-key-locked': '该访问密钥因多次失败被锁定，请稍后再试。',
  'credentials-wrong': '用户名或密码不正确。',
  'scope-forbidden': '您在这里没有任何角色。',
  'action-forbidden': '您的角色不允许此操作。',
  'body-missing': '请求没有内容。',
  'body-malformed': '无法读取请求的内容。',
  'request-invalid': '输入的内容不符合规则。',
  'action-unknown': '没有这个操作。',
  'limit-invalid': '条数限制无效。',
  'offset-invalid': '起始位置无效。',
  'marker-invalid': '分页位置无效。',
  'tag-invalid': '标签的键或值不符合规则。',
  'tag-key-repeated': '同一个键出现了两次。',
  'tag-quota-exceeded': '资源的标签数将超过上限。',
  'project-quota-exceeded': '项目已达到配额上限。',
  'tag-policy-violated': '标签策略拒绝了此更改。',
  'tag-not-found': '资源没有这个标签。',
  'resource-not-found': '没有这个资源。',
  'resource-exists': '该资源已存在。',
  'revision-unknown': '项目还没有这个修订。',
  'revision-gone': '项目的历史没有保留到那么早。',
  throttled: '调用过于频繁，请稍后再试。',
  overloaded: '服务繁忙，请稍后再试。',
  unavailable: '服务暂时不可用，请稍后再试。',
  'timed-out': '请求超时。',
  internal: '服务内部出错；可凭请求 ID 在服务日志中查看详情。',
  'name-taken': '该名称已被使用。',
  'password-weak': '密码不符合规则。',
  'policy-invalid': '角色的策略无效。',
  'account-quota-exceeded': '该用户的访问密钥已达到上限。',
  'domain-quota-exceeded': '账号已达到上限。',
  'role-quota-exceeded': '该用户在此处的自定义角色已达到上限。',
  'role-in-use': '仍有用户拥有此角色。',
  'project-in-use': '项目中仍有资源。',
  'last-administrator': '账号必须至少保留一个管理员。',
  'project-not-found': '没有您可以使用的这个项目。',
  'user-not-found': '没有这个用户。',
  'role-not-found': '没有这个角色。',
  'access-key-not-found': '没有这个访问密钥。',
  'password-wrong': '当前密码不正确。',
  'filter-invalid': '筛选表达式无效。',
  'precondition-failed': '项目在此期间已有变更。',
  'near-duplicates-not-found': '没有这组相似的写法。',
  'tag-policy-not-found': '没有这个标签策略。',
  'tag-policy-limit-reached': '标签策略的数量已达到上限。',
  'plan-not-found': '没有这个变更计划。',
  'plan-state': '变更计划当前的状态不允许此操作。',
  'plan-conflicts': '没有更改任何内容，因为制定计划之后有资源发生了变更。',
  'plan-limit-reached': '项目的变更计划数量已达到上限。',
  'idempotency-key-reused': '该请求的键已用于另一个请求。',
  'work-limit-reached': '您同时运行的此类操作过多，请稍后再试。',
  'total-work-limit-reached': '正在运行的此类操作过多，请稍后再试。',
}

/** What an error means, by its code; undefined for a code of a later service. */
export function chineseError(code: string): string | undefined {
  return Object.hasOwn(CHINESE, code) ? CHINESE[code as keyof typeof CHINESE] : undefined
}
