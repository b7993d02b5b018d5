import type { Facts, FoundCharacter, Rule } from '../core/errors.ts'
import { toVisible, toVisibleCharacter } from '../core/visible-text.ts'

export type Language = 'en-us' | 'zh-cn'

const VALUE_CHARACTERS_MAX = 64
const FIELD_CHARACTERS_MAX = 128

/**
 * Describes what a caller lacks, or field, rule and offending value of an error, with invisible characters as `\u200b`.
 * Empty when the facts have none of them.
 */
export function describeFacts(facts: Facts, language: Language): string {
  return toVisible(describe(facts, language))
}

function describe(facts: Facts, language: Language): string {
  if (facts.action !== undefined || facts.neededScope !== undefined) return describeRights(facts, language)
  if (facts.rule === undefined || facts.field === undefined) return ''
  const field = shortenedField(facts.field)
  const rule = RULES[language](facts.rule)
  if (facts.value === undefined) return language === 'zh-cn' ? `${field}：${rule}。` : `${field}: ${rule}.`
  const value = shortened(facts.value, language)
  return language === 'zh-cn' ? `${field}：${rule}（实际为 ${value}）。` : `${field}: ${rule} (got ${value}).`
}

/** Describes the action or the scope that a caller lacks, and how to get that scope. */
function describeRights(facts: Facts, language: Language): string {
  return [describeScope(facts, language), describeAction(facts, language)].filter((text) => text !== '').join(' ')
}

function describeAction({ action, isDenied }: Facts, language: Language): string {
  if (action === undefined) return ''
  if (language === 'zh-cn')
    return `此接口需要授权项 ${action}，${isDenied ? '用户的策略在此拒绝它' : '用户在此没有该权限'}。`
  const why = isDenied ? 'a policy of the user denies here' : 'no role of the user allows here'
  return `The call needs the action ${action}, which ${why}.`
}

function describeScope({ neededScope, domainName = '' }: Facts, language: Language): string {
  if (neededScope === undefined) return ''
  const scope = neededScope === 'domain' ? { domain: { name: domainName } } : { project: { name: '...' } }
  const request = `"scope":${JSON.stringify(scope)}`
  const header = neededScope === 'domain' ? 'X-Domain-Id' : 'X-Project-Id'
  if (language === 'zh-cn') {
    const kind = neededScope === 'domain' ? '账号（domain）' : '项目（project）'
    return `此接口需要${kind}级别的 Token：请以 ${request} 获取 Token，或在签名请求中发送 ${header}。`
  }
  return `The call needs a token of a ${neededScope}: get one with ${request}, or send ${header} in a signed request.`
}

/** Truncates the path of a field for a message, because it can contain long member names of the request. */
export function shortenedField(field: string): string {
  return field.length <= FIELD_CHARACTERS_MAX
    ? field
    : `${field.slice(0, FIELD_CHARACTERS_MAX).replace(/[\ud800-\udbff]$/, '')}…`
}

/** Formats a value as JSON, truncated for a message. */
function shortened(value: unknown, language: Language): string {
  if (Array.isArray(value)) return language === 'zh-cn' ? `${value.length} 项的数组` : `an array of ${value.length}`
  if (typeof value === 'object' && value !== null) return language === 'zh-cn' ? '对象' : 'an object'
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, VALUE_CHARACTERS_MAX * 4) : value)
  const characters = [...text]
  return characters.length <= VALUE_CHARACTERS_MAX ? text : `${characters.slice(0, VALUE_CHARACTERS_MAX).join('')}…`
}

/** Formats one character as JSON. */
function quotedCharacter(character: string): string {
  return character === '"' || character === '\\' ? JSON.stringify(character) : `"${toVisibleCharacter(character)}"`
}

function found(place: FoundCharacter | undefined, describePlace: (text: string, position: number) => string): string {
  return place === undefined ? '' : describePlace(quotedCharacter(place.character), place.position)
}

const RULES: Record<Language, (rule: Rule) => string> = { 'en-us': ruleInEnglish, 'zh-cn': ruleInChinese }

function ruleInEnglish(rule: Rule): string {
  switch (rule.name) {
    case 'required':
      return 'is required'
    case 'resource-type':
      return `must be a resource type that is known or in use${rule.similar === undefined ? '' : `, use ${JSON.stringify(rule.similar)}`}`
    case 'unknown-member':
      return `is not a known member${rule.similar === undefined ? '' : `, use ${JSON.stringify(rule.similar)}`}`
    case 'unknown-parameter':
      return `is not a known parameter, ${hintInEnglish(rule)}`
    case 'type':
      return `must be ${rule.expected}`
    case 'one-of':
      return `must be one of ${rule.allowed.map((value) => JSON.stringify(value)).join(', ')}`
    case 'not-blank':
      return 'must not be empty or blank'
    case 'characters':
      return `may only hold ${rule.allowed}${found(rule.found, (text, at) => `; has ${text} at character ${at}`)}`
    case 'characters-min':
      return `must have at least ${rule.limit} ${rule.limit === 1 ? 'character' : 'characters'}`
    case 'characters-max':
      return `must have at most ${rule.limit} characters, has ${rule.actual}`
    case 'bytes-max':
      return `must have at most ${rule.limit} bytes`
    case 'number-min':
      return `must not be below ${rule.limit}`
    case 'number-max':
      return `must not be above ${rule.limit}`
    case 'items-min':
      return `must have at least ${rule.limit} ${rule.limit === 1 ? 'item' : 'items'}`
    case 'items-max':
      return `must have at most ${rule.limit} items`
    case 'depth-max':
      return `must not be nested deeper than ${rule.limit} levels`
    case 'unique':
      return rule.earlierLine === undefined
        ? 'must not occur twice'
        : `must not occur twice: line ${rule.earlierLine} has other data for it, and last_wins=true lets the last line count`
    case 'unique-key':
      return `repeats the key ${JSON.stringify(rule.key)} of ${JSON.stringify(rule.first)}; remove one of the two tags first`
    case 'exists':
      return 'does not exist'
    case 'supported':
      return `only ${rule.supported} is understood${rule.given === undefined ? '' : ` (got ${JSON.stringify(rule.given)})`}`
    case 'expression':
      return `must have ${rule.expected} at character ${rule.position}`
    case 'well-formed':
      return `must be ${rule.what}`
    case 'policy-requires':
      return 'a tag policy requires this key for a new resource'
    case 'policy-spells':
      return `a tag policy spells the key ${JSON.stringify(rule.key)}, use that`
    case 'policy-allows':
      return `a tag policy allows only ${first(rule.values, ', ')}`
  }
}

type UnknownParameter = Extract<Rule, { readonly name: 'unknown-parameter' }>

function hintInEnglish({ similar, known }: UnknownParameter): string {
  if (similar !== undefined) return `use ${JSON.stringify(similar)}`
  return known.length === 0 ? 'there are none' : `known are ${quoted(known, ', ')}`
}

function hintInChinese({ similar, known }: UnknownParameter): string {
  if (similar !== undefined) return `请使用 ${JSON.stringify(similar)}`
  return known.length === 0 ? '该接口没有参数' : `可用参数为 ${quoted(known, '、')}`
}

function quoted(texts: readonly string[], separator: string): string {
  return texts.map((text) => JSON.stringify(text)).join(separator)
}

const VALUES_NAMED_MAX = 10

/** The first of the values that a policy allows. */
function first(values: readonly string[], separator: string): string {
  const named = quoted(values.slice(0, VALUES_NAMED_MAX), separator)
  return values.length > VALUES_NAMED_MAX ? `${named}${separator}…` : named
}

function ruleInChinese(rule: Rule): string {
  switch (rule.name) {
    case 'required':
      return '必填'
    case 'resource-type':
      return `必须为已知或在用的资源类型${rule.similar === undefined ? '' : `，请使用 ${JSON.stringify(rule.similar)}`}`
    case 'unknown-member':
      return `未知的参数${rule.similar === undefined ? '' : `，请使用 ${JSON.stringify(rule.similar)}`}`
    case 'unknown-parameter':
      return `未知的参数，${hintInChinese(rule)}`
    case 'type':
      return `类型必须为 ${rule.expected}`
    case 'one-of':
      return `取值必须为 ${rule.allowed.map((value) => JSON.stringify(value)).join('、')} 之一`
    case 'not-blank':
      return '不能为空或空白'
    case 'characters':
      return `只能包含 ${rule.allowed}${found(rule.found, (text, at) => `；第 ${at} 个字符为 ${text}`)}`
    case 'characters-min':
      return `至少 ${rule.limit} 个字符`
    case 'characters-max':
      return `最多 ${rule.limit} 个字符，实际 ${rule.actual} 个`
    case 'bytes-max':
      return `最多 ${rule.limit} 字节`
    case 'number-min':
      return `不能小于 ${rule.limit}`
    case 'number-max':
      return `不能大于 ${rule.limit}`
    case 'items-min':
      return `至少 ${rule.limit} 项`
    case 'items-max':
      return `最多 ${rule.limit} 项`
    case 'depth-max':
      return `嵌套不能超过 ${rule.limit} 层`
    case 'unique':
      return rule.earlierLine === undefined
        ? '不能重复'
        : `不能重复：第 ${rule.earlierLine} 行有不同的数据，last_wins=true 时以最后一行为准`
    case 'unique-key':
      return `键 ${JSON.stringify(rule.key)} 与 ${JSON.stringify(rule.first)} 重复，请先删除其中一个标签`
    case 'exists':
      return '不存在'
    case 'supported':
      return `仅支持 ${rule.supported}${rule.given === undefined ? '' : `（实际为 ${JSON.stringify(rule.given)}）`}`
    case 'expression':
      return `第 ${rule.position} 个字符处应为 ${rule.expected}`
    case 'well-formed':
      return `必须为 ${rule.what}`
    case 'policy-requires':
      return '标签策略要求新资源带有该键'
    case 'policy-spells':
      return `标签策略规定该键写作 ${JSON.stringify(rule.key)}，请使用该写法`
    case 'policy-allows':
      return `标签策略只允许 ${first(rule.values, '、')}`
  }
}
