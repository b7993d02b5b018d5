import type { CommonErrorCode } from '../core/errors.ts'
import type { ErrorEntry } from './route.ts'

/** Codes that the vendor's gateway answers before a request reaches a service; not used by IAM (contract 6.3, D26). */
export type GatewayCode = Extract<
  CommonErrorCode,
  | 'route-not-found'
  | 'method-not-allowed'
  | 'url-too-long'
  | 'headers-too-large'
  | 'body-too-large'
  | 'token-missing'
  | 'token-unreadable'
  | 'token-expired'
  | 'token-revoked'
  | 'signature-malformed'
  | 'signature-wrong'
  | 'signature-expired'
  | 'access-key-unknown'
  | 'access-key-locked'
  | 'throttled'
>

const AUTHENTICATION = 'Incorrect IAM authentication information:'

/** COMPAT: codes have the older prefix `APIGW.`, as in reports of real answers. */
export const GATEWAY_ERRORS: Readonly<Record<GatewayCode, ErrorEntry>> = {
  'route-not-found': gateway(404, 'APIGW.0101', 'The API does not exist or has not been published in the environment.'),
  // COMPAT: the gateway has no code for a wrong method. An API is published by path and method.
  'method-not-allowed': gateway(
    405,
    'APIGW.0101',
    'The API does not exist or has not been published in the environment.',
  ),
  'url-too-long': gateway(414, 'APIGW.0201', 'Request URI too large.'),
  'headers-too-large': gateway(431, 'APIGW.0201', 'Request header too large.'),
  'body-too-large': gateway(413, 'APIGW.0201', 'Request entity too large.'),
  'token-missing': gateway(401, 'APIGW.0301', `${AUTHENTICATION} x-auth-token not found`),
  'token-unreadable': gateway(401, 'APIGW.0301', `${AUTHENTICATION} decrypt token fail`),
  'token-expired': gateway(401, 'APIGW.0301', `${AUTHENTICATION} token expires, expires_at:`),
  'token-revoked': gateway(401, 'APIGW.0307', 'The token must be updated.'),
  'signature-malformed': gateway(401, 'APIGW.0301', `${AUTHENTICATION} verify aksk signature fail,`),
  'signature-wrong': gateway(401, 'APIGW.0301', `${AUTHENTICATION} verify aksk signature fail,`),
  'signature-expired': gateway(401, 'APIGW.0301', `${AUTHENTICATION} calc ak sk signature fail:signature expired`),
  'access-key-unknown': gateway(401, 'APIGW.0301', `${AUTHENTICATION}`),
  'access-key-locked': gateway(401, 'APIGW.0301', `${AUTHENTICATION} AK access failed to reach the limit,forbidden.`),
  throttled: gateway(429, 'APIGW.0308', 'The throttling threshold has been reached.'),
}

/** The identity of a request in an error body. */
export type RequestIdentity = {
  readonly id: string
  /** Path and query of the request; undefined when they could not be read. */
  readonly url?: string
}

/** Paths of Glance, which OpenStack clients call. */
const GLANCE_PATHS = /^\/v2\/(images|schemas|tasks|info|stores|metadefs)(?=[/?]|$)/

/**
 * Renders the gateway's error body. COMPAT: openstackclient and openstacksdk print nothing but `error.message`, so
 * bodies under Glance's paths have that member too (openstacksdk, `exceptions.py`; keystoneauth, `http.py`).
 */
export function renderGatewayError({ code }: ErrorEntry, message: string, { id, url = '' }: RequestIdentity): unknown {
  const body = { error_msg: message, error_code: code, request_id: id }
  return GLANCE_PATHS.test(url) ? { ...body, error: { message, code } } : body
}

function gateway(status: number, code: string, message: string): ErrorEntry {
  return { status, code, message, envelope: 'gateway' }
}
