import { toVisible } from '../core/visible-text.ts'
import { UsageError } from './command.ts'

/** An environment variable of a client. */
export type Variable = readonly [name: string, value: string]

/** The two halves of an access key. */
export type KeyHalves = { readonly access: string; readonly secret: string }

/** Where a client finds the service, and as whom. Ids are undefined if nobody has logged in to find them. */
export type ClientFacts = {
  readonly endpoint: string
  readonly region: string
  readonly user: string
  readonly domain: string
  readonly domainId: string | undefined
  readonly project: string
  readonly projectId: string | undefined
}

/** The services whose SDK clients read their address from a variable. */
const SDK_SERVICES = ['IAM', 'IMS', 'GAUSSDB', 'TMS']

// COMPAT: The names are those of huaweicloud/terraform-provider-huaweicloud (huaweicloud/provider.go),
// opentelekomcloud/terraform-provider-opentelekomcloud (opentelekomcloud/provider.go), the credentials and regions of
// huaweicloud-sdk-python-v3 and -go-v3 (core), and openstackclient. Both providers read some OS_ variables.

/** The variables that say where the service is, without secrets. */
export function placeVariables(facts: ClientFacts): readonly Variable[] {
  const { endpoint, region, user, domain, domainId, project, projectId } = facts
  const authUrl = `${endpoint}/v3`
  const suffix = region.toUpperCase().replaceAll('-', '_')
  return [
    ['OS_AUTH_URL', authUrl],
    ['OS_IDENTITY_API_VERSION', '3'],
    ['OS_REGION_NAME', region],
    ['OS_USERNAME', user],
    ['OS_USER_DOMAIN_NAME', domain],
    ['OS_PROJECT_NAME', project],
    ['OS_PROJECT_DOMAIN_NAME', domain],
    ['HW_AUTH_URL', authUrl],
    ['HW_REGION_NAME', region],
    ['HW_DOMAIN_NAME', domain],
    ['HW_PROJECT_NAME', project],
    ...(projectId === undefined ? [] : [['HUAWEICLOUD_SDK_PROJECT_ID', projectId] as const]),
    ...(domainId === undefined ? [] : [['HUAWEICLOUD_SDK_DOMAIN_ID', domainId] as const]),
    ['HUAWEICLOUD_SDK_IAM_ENDPOINT', endpoint],
    // A region that is no part of the name of a variable is left to the program that makes the client.
    ...(/^\w+$/.test(suffix)
      ? SDK_SERVICES.map((service) => [`HUAWEICLOUD_SDK_REGION_${service}_${suffix}`, endpoint] as const)
      : []),
  ]
}

/** The variables with an access key. */
export function keyVariables({ access, secret }: KeyHalves): readonly Variable[] {
  return [
    ['HUAWEICLOUD_SDK_AK', access],
    ['HUAWEICLOUD_SDK_SK', secret],
    ['HW_ACCESS_KEY', access],
    ['HW_SECRET_KEY', secret],
    ['OS_ACCESS_KEY', access],
    ['OS_SECRET_KEY', secret],
  ]
}

/** How variables are printed. */
export type VariableFormat = 'shell' | 'powershell' | 'json'

/** Prints variables so that a shell or a program can take them over. Throws a UsageError for a value that it cannot show. */
export function printVariables(variables: readonly Variable[], format: VariableFormat): string {
  if (format === 'json') return JSON.stringify(Object.fromEntries(variables), null, 2)
  for (const [name, value] of variables) {
    if (toVisible(value) === value) continue
    throw new UsageError(`the value of ${name} has invisible characters, which only --json prints`)
  }
  const print = format === 'shell' ? shellLine : powershellLine
  return variables.map(print).join('\n')
}

function shellLine([name, value]: Variable): string {
  return `export ${name}=${quotedForShell(value)}`
}

/** Quotes a text for a POSIX shell, if it needs quotes. */
export function quotedForShell(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

// PowerShell takes several kinds of quotation marks for the end of a text.
function powershellLine([name, value]: Variable): string {
  return `$env:${name} = '${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`
}
