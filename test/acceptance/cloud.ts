import { randomUUID } from 'node:crypto'
import type { Account } from './client.ts'
import { Stage } from './stage.ts'

// The target of the cloud scenario: a real cloud named by the environment, or a Tagwerk service in its place.

/** The services of a cloud that the scenario tests. */
export type Services = { readonly images: boolean; readonly databases: boolean; readonly tagService: boolean }

/** Endpoints of a cloud, the credentials of a user, and resources that may be tagged. */
export type Cloud = {
  /** Identity service and credentials. */
  readonly iam: Account
  /** Name of the project of the image and the instance. */
  readonly project: string
  readonly imsUrl: string
  readonly gaussdbUrl: string
  readonly tmsUrl: string
  /** Id of a private image of the project. */
  readonly image: string
  /** Id of a database instance of the project. */
  readonly instance: string
  close(): Promise<void>
}

const PREFIX = 'TAGWERK_ACCEPTANCE_CLOUD_'
const ALWAYS = ['IAM_URL', 'USER', 'PASSWORD', 'DOMAIN', 'PROJECT']
/** Additional settings that each service requires. */
const NEEDED = {
  images: ['IMS_URL', 'IMAGE'],
  databases: ['GAUSSDB_URL', 'INSTANCE'],
  tagService: ['TMS_URL', 'IMAGE'],
} as const

/**
 * Reads the cloud from the TAGWERK_ACCEPTANCE_CLOUD_... variables, with the services whose settings are complete.
 * Returns undefined if none of the variables is set. Throws if a required one is missing.
 */
export function cloudOfEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): { readonly cloud: Cloud; readonly services: Services } | undefined {
  const get = (name: string) => environment[PREFIX + name] ?? ''
  const isSet = (name: string) => get(name) !== ''
  const all = [...new Set([...ALWAYS, ...Object.values(NEEDED).flat()])]
  if (!all.some(isSet)) return undefined
  const missing = ALWAYS.filter((name) => !isSet(name))
  if (missing.length > 0)
    throw new Error(`to visit a cloud, set ${missing.map((name) => PREFIX + name).join(', ')} too`)
  const services = {
    images: NEEDED.images.every(isSet),
    databases: NEEDED.databases.every(isSet),
    tagService: NEEDED.tagService.every(isSet),
  }
  if (!Object.values(services).some(Boolean)) {
    const choices = Object.values(NEEDED).map((names) => names.map((name) => PREFIX + name).join(' and '))
    throw new Error(`to visit a cloud, name a service of it: set ${choices.join(', or ')}`)
  }
  const url = (name: string) => get(name).replace(/\/+$/, '')
  const iam = { url: url('IAM_URL'), user: get('USER'), password: get('PASSWORD'), domain: get('DOMAIN') }
  const cloud = {
    iam,
    project: get('PROJECT'),
    image: get('IMAGE'),
    instance: get('INSTANCE'),
    imsUrl: url('IMS_URL'),
    gaussdbUrl: url('GAUSSDB_URL'),
    tmsUrl: url('TMS_URL'),
    close: async () => undefined,
  }
  return { cloud, services }
}

/** Sets up a Tagwerk service as a cloud: a new project with a tagged image, a tagged instance and other resources. */
export async function tagwerkAsCloud(): Promise<Cloud> {
  const stage = await Stage.open()
  try {
    const { name, projectId, token } = await stage.project('cloud')
    const make = async (path: string, body: object) => {
      const { status, body: made } = await stage.client.call(token, 'POST', path, body)
      if (status !== 201) throw new Error(`POST ${path}: ${status} ${JSON.stringify(made)}`)
      return made
    }
    const [image] = await Promise.all(
      [['owned=before'], ['owned=other'], []].map((tags) => make('/v2/images', { name: 'acceptance', tags })),
    )
    const { instance } = await make(`/v3/${projectId}/instances`, {
      name: 'acceptance',
      flavor_ref: 'gaussdb.mysql.xlarge.x86.4',
      vpc_id: randomUUID(),
      subnet_id: randomUUID(),
      datastore: { type: 'gaussdb-mysql', version: '8.0' },
      tags: [{ key: 'owned', value: 'before' }],
    })
    const { url, user, password } = stage.target
    return {
      iam: { url, user, password },
      project: name,
      imsUrl: url,
      gaussdbUrl: url,
      tmsUrl: url,
      image: image.id,
      instance: instance.id,
      close: () => stage.close(),
    }
  } catch (error) {
    await stage.close()
    throw error
  }
}
