import { expect } from 'vitest'

// Errors of the contract: the vendor's text, followed by a detail that contains all given fragments. The texts are
// copied from the contract (2.6, 3.4, 6.1, 6.3), not imported from the source.

type Expected = { readonly status: number; readonly body: unknown }

const IMS: Readonly<Record<string, string>> = {
  'IMG.0001': 'The request message format is invalid.',
  'IMG.0007': 'The request body is empty.',
  'IMG.0017': 'The URL format is incorrect.',
  'IMG.0024': 'The image type in the request is incorrect.',
  'IMG.0026':
    'The role is invalid. You need to apply for the required permissions or pass the real-name authentication.',
  'IMG.0027': 'The image ID in the request does not exist.',
  'IMG.0030': 'The project ID and token in the request are invalid.',
  'IMG.0031': 'The resource ID in the request is incorrect.',
  'IMG.0035': 'An attribute conflict occurred during the modification.',
  'IMG.0046': 'The image is unavailable.',
  'IMG.0047': 'This operation can be performed only by the image owner.',
  'IMG.0060': 'The number of tasks exceeds the flow control limit.',
  'IMG.0061': 'Unknown system error.',
  'IMG.0066': 'The image ID is incorrect.',
  'IMG.0105': 'The operation is not supported.',
  'IMG.0115': 'The image tag is invalid.',
  'IMG.0116': 'The number of image tags exceeds the quota.',
}

const DBS: Readonly<Record<string, readonly [english: string, chinese: string]>> = {
  'DBS.200001': ['Parameter error.', '参数错误。'],
  'DBS.200006': ['The request is null. Enter a request parameter.', '请求为空，请输入请求参数。'],
  'DBS.200010': [
    'The DB instance ID or user ID may be null, or the operation is not authorized.',
    '实例ID和用户ID可能为空，或者操作越权。',
  ],
  'DBS.200044': ['Resource not found or permission denied.', '访问资源不存在，或者无访问权限。'],
  'DBS.200045': ['The DB instance does not exist.', '实例不存在或已删除。'],
  'DBS.200087': [
    'The number of tags added for the DB instance has reached the quota.',
    '单个实例标签数量达到最大配额。',
  ],
  'DBS.280272': ['The tag key must be unique.', '新增tag存在重复的key。'],
  'DBS.280404': ['Invalid DB instance ID or node ID format.', '实例ID非法。'],
  'DBS.280439': ['Invalid records. Enter a positive integer less than 100.', '限制查询数量不正确'],
  'DBS.290001': ['Invalid parameter letter case.', '参数大小写错误。'],
  'DBS.290013': ['Resource not found.', '未找到资源。'],
}

/** Codes whose messages always name the missing or malformed object, by a fragment in English and one in Chinese. */
const NAMED: Readonly<Record<string, readonly [english: string, chinese: string]>> = {
  'IMG.0027': ['id: does not exist (got "', ''],
  'IMG.0031': [': does not exist (got "', ''],
  'DBS.200045': ['id: does not exist (got "', 'id：不存在（实际为 "'],
  'DBS.280404': ['id: must be 32 letters and digits followed by in07 (got "', 'id：必须为'],
  'DBS.290013': ['id: does not exist (got "', 'id：不存在（实际为 "'],
}

/** Codes of refusals, which may say which scope or action the caller lacks. */
const REFUSALS = ['IMG.0026', 'IMG.0030', 'DBS.200010', 'DBS.200044']

/** Matches the vendor's text of a refusal, alone or followed by what the caller lacks. */
export function saysRefusal(text: string, ...fragments: readonly string[]): unknown {
  if (fragments.length > 0) return says(text, ...fragments)
  return expect.stringMatching(
    new RegExp(`^${escaped(text)}($| The call needs | Only | Tokens | Users | An admin| 此接口)`),
  )
}

/** The fragments of a message that names an object, and those given. */
function named(code: string, language: 0 | 1, fragments: readonly string[]): readonly string[] {
  const name = NAMED[code]?.[language]
  return name === undefined ? fragments : [name, ...fragments]
}

/** Matches a message: the vendor's text, followed by a detail that contains all fragments. */
export function says(text: string, ...fragments: readonly string[]): unknown {
  if (fragments.length === 0) return text
  return expect.stringMatching(new RegExp(`^${escaped(text)} ${lookaheads(fragments)}`, 's'))
}

/** The message of a code. */
function messageOf(code: string, text: string, language: 0 | 1, fragments: readonly string[]): unknown {
  return REFUSALS.includes(code) ? saysRefusal(text, ...fragments) : says(text, ...named(code, language, fragments))
}

/** IMS: `{"error":{"message","code"}}`. */
export function imsError(status: number, code: string, ...fragments: readonly string[]): Expected {
  return { status, body: { error: { message: messageOf(code, textOf(IMS, code), 0, fragments), code } } }
}

/** Databases: `{"error_code","error_msg"}`. */
export function dbsError(status: number, code: string, ...fragments: readonly string[]): Expected {
  return { status, body: { error_code: code, error_msg: messageOf(code, textOf(DBS, code)[0], 0, fragments) } }
}

/** Databases with `X-Language: zh-cn` (D14). */
export function dbsErrorInChinese(status: number, code: string, ...fragments: readonly string[]): Expected {
  return { status, body: { error_code: code, error_msg: messageOf(code, textOf(DBS, code)[1], 1, fragments) } }
}

/** IAM: `{"error":{"code":401,"message","title"}}`. */
export function iamError(status: number, title: string, message: unknown): Expected {
  return { status, body: { error: { code: status, message, title } } }
}

/** Tagwerk's own API: flat, with our error code. */
export function tagwerkError(status: number, code: string, ...fragments: readonly string[]): Expected {
  return { status, body: { error_code: code, error_msg: containing(fragments) } }
}

/** The gateway: `{"error_msg","error_code","request_id"}`. */
export function gatewayError(status: number, code: string, message: unknown): Expected {
  return { status, body: { error_msg: message, error_code: code, request_id: expect.stringMatching(/^[0-9a-f]{32}$/) } }
}

const NOT_AUTHENTIC = 'Incorrect IAM authentication information:'

export const TOKEN_MISSING = gatewayError(401, 'APIGW.0301', `${NOT_AUTHENTIC} x-auth-token not found`)
export const TOKEN_UNREADABLE = gatewayError(401, 'APIGW.0301', `${NOT_AUTHENTIC} decrypt token fail`)
export const TOKEN_REVOKED = gatewayError(401, 'APIGW.0307', 'The token must be updated.')
export const ROUTE_NOT_FOUND = gatewayError(
  404,
  'APIGW.0101',
  'The API does not exist or has not been published in the environment.',
)

function containing(fragments: readonly string[]): unknown {
  return expect.stringMatching(new RegExp(`^${lookaheads(fragments)}.`, 's'))
}

function lookaheads(fragments: readonly string[]): string {
  return fragments.map((fragment) => `(?=.*${escaped(fragment)})`).join('')
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function textOf<T>(table: Readonly<Record<string, T>>, code: string): T {
  const text = table[code]
  if (text === undefined) throw new Error(`no text for ${code}`)
  return text
}

/**
 * Checks that a gateway's error has the member `error` under the paths of Glance and nowhere else, and gives its body
 * without that member. Gives any other body unchanged.
 */
export function withoutGlanceError<T>(path: string, body: T): T {
  const isGateway = body !== null && typeof body === 'object' && 'error_msg' in body && 'request_id' in body
  if (!isGateway || !/^\/v2\/(images|schemas)/.test(path)) return body
  const { error, ...flat } = body as T & { error?: unknown; error_code?: unknown; error_msg: unknown }
  expect(error).toEqual({ message: flat.error_msg, code: flat.error_code })
  return flat as T
}
