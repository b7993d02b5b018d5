import type { ErrorCode } from '../core/errors.ts'
import type { ErrorEntry } from './route.ts'

/** What the gateway in front of the services answers itself, in every service but IAM (contract 6.3, D26). */
export type GatewayCode = Extract<
  ErrorCode,
  | 'route-not-found'
  | 'url-too-long'
  | 'headers-too-large'
  | 'body-too-large'
  | 'token-missing'
  | 'signature-unsupported'
  | 'token-unreadable'
  | 'token-expired'
  | 'token-revoked'
>

const AUTHENTICATION = 'Incorrect IAM authentication information:'

/** Codes with the older prefix `APIGW.`, which reports of real answers show. */
export const GATEWAY_ERRORS: Readonly<Record<GatewayCode, ErrorEntry>> = {
  'route-not-found': gateway(404, 'APIGW.0101', 'The API does not exist or has not been published in the environment.'),
  'url-too-long': gateway(414, 'APIGW.0201', 'Request URI too large.'),
  'headers-too-large': gateway(431, 'APIGW.0201', 'Request header too large.'),
  'body-too-large': gateway(413, 'APIGW.0201', 'Request entity too large.'),
  'token-missing': gateway(401, 'APIGW.0301', `${AUTHENTICATION} x-auth-token not found`),
  'signature-unsupported': gateway(
    401,
    'APIGW.0301',
    `${AUTHENTICATION} signed requests are not accepted by this service yet, send X-Auth-Token`,
  ),
  'token-unreadable': gateway(401, 'APIGW.0301', `${AUTHENTICATION} decrypt token fail`),
  'token-expired': gateway(401, 'APIGW.0301', `${AUTHENTICATION} token expires, expires_at:`),
  'token-revoked': gateway(401, 'APIGW.0307', 'The token must be updated.'),
}

/** The gateway's error body. */
export function renderGatewayError(entry: ErrorEntry, message: string, requestId: string): unknown {
  return { error_msg: message, error_code: entry.code, request_id: requestId }
}

function gateway(status: number, code: string, message: string): ErrorEntry {
  return { status, code, message, envelope: 'gateway' }
}
