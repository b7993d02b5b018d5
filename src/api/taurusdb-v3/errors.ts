import { Type } from 'typebox'
import { GATEWAY_ERRORS } from '../gateway-errors.ts'
import type { ErrorEntry, ErrorTable } from '../route.ts'
import type { TaurusdbErrorCode } from './error-codes.ts'

/** Errors of the database service in both languages (contract 3.4, D14, and the decisions cited per entry). */
export const TAURUSDB_ERRORS: ErrorTable<TaurusdbErrorCode> = {
  ...GATEWAY_ERRORS,
  'url-invalid': entry(400, 'DBS.200001', 'Parameter error.', '参数错误。'),
  'media-type-unsupported': entry(415, 'DBS.200001', 'Parameter error.', '参数错误。'),
  'credentials-wrong': entry(403, 'DBS.280056', 'Invalid token.', 'Token非法。'),
  'scope-forbidden': entry(
    403,
    'DBS.200044',
    'Resource not found or permission denied.',
    '访问资源不存在，或者无访问权限。',
  ), // D15
  'action-forbidden': entry(
    403,
    'DBS.200010',
    'The DB instance ID or user ID may be null, or the operation is not authorized.',
    '实例ID和用户ID可能为空，或者操作越权。',
  ),
  'body-missing': entry(
    400,
    'DBS.200006',
    'The request is null. Enter a request parameter.',
    '请求为空，请输入请求参数。',
  ), // D25
  'body-malformed': entry(400, 'DBS.200001', 'Parameter error.', '参数错误。'), // D25
  'request-invalid': entry(400, 'DBS.200001', 'Parameter error.', '参数错误。'),
  'action-unknown': entry(400, 'DBS.200001', 'Parameter error.', '参数错误。'), // D24
  'action-letter-case': entry(400, 'DBS.290001', 'Invalid parameter letter case.', '参数大小写错误。'), // D24
  'limit-invalid': entry(
    400,
    'DBS.280439',
    'Invalid records. Enter a positive integer less than 100.',
    '限制查询数量不正确',
  ), // D19
  'offset-invalid': entry(400, 'DBS.200001', 'Parameter error.', '参数错误。'), // D19
  'marker-invalid': entry(400, 'DBS.200001', 'Parameter error.', '参数错误。'),
  'tag-invalid': entry(400, 'DBS.200001', 'Parameter error.', '参数错误。'), // D7
  'tag-policy-violated': entry(400, 'DBS.200001', 'Parameter error.', '参数错误。'),
  'project-quota-exceeded': entry(
    413,
    'DBS.200046',
    'The number of DB instances has reached the quota.',
    '实例数量达到配额。',
  ),
  'tag-quota-exceeded': entry(
    400,
    'DBS.200087',
    'The number of tags added for the DB instance has reached the quota.',
    '单个实例标签数量达到最大配额。',
  ), // D8
  'tag-key-repeated': entry(400, 'DBS.280272', 'The tag key must be unique.', '新增tag存在重复的key。'), // D20
  'tag-not-found': entry(404, 'DBS.290013', 'Resource not found.', '未找到资源。'),
  'resource-id-malformed': entry(400, 'DBS.280404', 'Invalid DB instance ID or node ID format.', '实例ID非法。'), // D22
  'resource-not-found': entry(404, 'DBS.200045', 'The DB instance does not exist.', '实例不存在或已删除。'), // D14, D22
  'revision-unknown': entry(400, 'DBS.200001', 'Parameter error.', '参数错误。'),
  'revision-gone': entry(410, 'DBS.200001', 'Parameter error.', '参数错误。'),
  'resource-exists': entry(400, 'DBS.280204', 'Invalid parameter.', '输入参数不合法。'),
  'job-not-found': entry(404, 'DBS.290013', 'Resource not found.', '未找到资源。'),
  overloaded: entry(503, 'DBS.213002', 'Failed to process the request.', '请求处理失败。'),
  unavailable: entry(503, 'DBS.213002', 'Failed to process the request.', '请求处理失败。'),
  'timed-out': entry(503, 'DBS.213002', 'Failed to process the request.', '请求处理失败。'),
  internal: entry(500, 'DBS.108000', 'Server failure.', '服务器错误。'),
}

export const taurusdbErrorSchema = Type.Object({ error_code: Type.String(), error_msg: Type.String() })

export function renderTaurusdbError({ code }: ErrorEntry, message: string): unknown {
  return { error_code: code, error_msg: message }
}

function entry(status: number, code: string, message: string, messageZh: string): ErrorEntry {
  return { status, code, message, messageZh }
}
