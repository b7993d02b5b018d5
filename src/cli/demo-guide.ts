import { IMAGES, INSTANCES } from '../core/resource-types.ts'
import { quotedForShell as quoted } from './client-variables.ts'
import type { DemoLine } from './demo-catalogue.ts'
import { PROGRAM } from './io.ts'

/** Facts about a running demo. */
export type DemoFacts = {
  readonly endpoint: string
  readonly user: string
  readonly domain: string
  readonly password: string
  readonly project: string
  readonly projectId: string
  readonly token: string
  /** An access key, for SDKs and Terraform providers. */
  readonly credential: { readonly access: string; readonly secret: string }
  /** File that contains the token. */
  readonly tokenFile: string
  readonly catalogue: readonly DemoLine[]
}

/** The access data as JSON, in the names of the APIs. */
export function accessData(facts: DemoFacts): object {
  const { endpoint, user, domain, password, project, projectId, token, tokenFile, credential } = facts
  return {
    console: consoleOf(endpoint),
    endpoint,
    user,
    domain,
    password,
    project,
    project_id: projectId,
    token,
    token_file: tokenFile,
    access_key: credential.access,
    secret_key: credential.secret,
  }
}

function consoleOf(endpoint: string): string {
  return `${endpoint}/console/`
}

/** The text that the demo prints: the console, access data, calls to paste, commands, and how to stop. */
export function demoGuide(facts: DemoFacts): string {
  const { endpoint, user, domain, password, project, projectId, token, tokenFile, credential, catalogue } = facts
  const images = catalogue.filter(({ resource_type }) => resource_type === IMAGES)
  const instances = catalogue.filter(({ resource_type }) => resource_type === INSTANCES)
  // An image below its tag limit, so that the printed call can add one.
  const image = images.find(({ tags }) => tags.length > 0 && tags.length < 10)?.resource_id ?? ''
  const instance = instances.find(({ tags }) => tags.length > 0)?.resource_id ?? ''
  const auth = `-H "X-Auth-Token: $(cat ${quoted(tokenFile)})"`
  const type = `-H 'Content-Type: application/json'`
  const ims = `${endpoint}/v2/${projectId}/images`
  const taurusdb = `${endpoint}/v3/${projectId}`
  return `Tagwerk demo: ${images.length} images and ${instances.length} database instances, in a temporary folder.

  console     ${consoleOf(endpoint)}
  user        ${user} (domain ${domain})
  password    ${password}

  URL         ${endpoint}
  project     ${project}, id ${projectId}
  token       ${token}
              (of the same user, for project ${project}; also in ${tokenFile})
  access key  ${credential.access}
  its secret  ${credential.secret}
              (for SDKs and Terraform, with ${endpoint} as the address of every service)

Calls to paste into another terminal, one at a time:

  # images with Ubuntu in production, in all spellings of the environment
  curl -s ${ims}/resource_instances/action ${auth} ${type} \\
    -d '{"action":"filter","limit":"3","tags":[{"key":"os","values":["Ubuntu"]}],"tags_any":[{"key":"env","values":["prod","production","Prod","PROD"]},{"key":"环境","values":["生产"]}]}'

  # add a tag to an image
  curl -s -w 'status %{http_code}\\n' ${ims}/${image}/tags ${auth} ${type} \\
    -d '{"tag":{"key":"reviewed","value":"yes"}}'

  # the tags of that image
  curl -s ${ims}/${image}/tags ${auth}

  # the tags in use on the database instances of the project
  curl -s '${taurusdb}/tags?limit=5' ${auth}

  # the tags of one database instance
  curl -s ${taurusdb}/instances/${instance}/tags ${auth}

The command line:

  export TAGWERK_ENDPOINT=${endpoint}
  export TAGWERK_PASSWORD=${quoted(password)}
  export TAGWERK_PROJECT=${project}
  export TAGWERK_ACCESS_KEY=${credential.access}
  export TAGWERK_ACCESS_KEY_SECRET=${credential.secret}
  ${PROGRAM} query --tag env=prod --not-any hardened
  ${PROGRAM} tags ${image}
  eval "$(${PROGRAM} env --secrets)"    # for SDKs, Terraform providers and the OpenStack client

Ctrl-C stops the demo and removes its data.`
}
