import { Type } from 'typebox'
import type { CatalogueService } from '../catalogue-service.ts'
import { listLinks, listLinksSchema, selfLinkSchema } from './links.ts'

export type CatalogueSettings = {
  readonly region: string
  /** Services besides those of this file. */
  readonly services?: readonly CatalogueService[]
}

/** The services that have a family of their own. Clients look them up by type. */
const SERVICES: readonly CatalogueService[] = [
  { type: 'iam', name: 'iam', description: 'Identity and Access Management', path: '/v3.0', isGlobal: true },
  {
    type: 'identity',
    name: 'keystone',
    description: 'Identity (Keystone v3)',
    path: '/v3',
    isGlobal: true,
    // COMPAT: openstackclient with a region set searches the identity service in that region only.
    isAlsoRegional: true,
  },
  // COMPAT: openstackclient requests the version list at the root of this address (contract 7).
  { type: 'image', name: 'glance', description: 'Image Management Service', path: '' },
  { type: 'gaussdb', name: 'gaussdb', description: 'GaussDB for MySQL and TaurusDB', path: '/v3/{project_id}' },
  // COMPAT: python-otcextensions looks up this type (contract D37).
  {
    type: 'gaussdb-mysql',
    name: 'gaussdb-mysql',
    description: 'GaussDB for MySQL and TaurusDB, for python-otcextensions',
    path: '/v3/{project_id}',
  },
  // COMPAT: the OTC Go SDK replaces the first `v2` of this address by `mysql/v3` (contract D37). There are no volumes.
  {
    type: 'volumev2',
    name: 'volumev2',
    description: 'GaussDB for MySQL and TaurusDB, for the OTC Go SDK; there are no volumes',
    path: '/v2/{project_id}',
  },
  // COMPAT: python-otcextensions selects the endpoint whose address contains both `tms` and the region (contract 7).
  // Like the Go SDKs it appends `/predefine_tags`, so the version is part of the address.
  { type: 'tms', name: 'tms', description: 'Tag Management Service', path: '/tms/{region}/v1.0', isGlobal: true },
]

const INTERFACE = 'public'

/** Placeholder of the project id in endpoint addresses. */
const PROJECT_PLACEHOLDER = '$(project_id)s'

/** The base URL and region of the addresses in a catalogue. */
export type CatalogueLocation = CatalogueSettings & { readonly origin: string }

/** Renders the catalogue of a token: the global services, and for a project token also those of the region. */
export function catalogueView(projectId: string | undefined, location: CatalogueLocation) {
  return servicesOf(location)
    .filter(({ isGlobal }) => isGlobal || projectId !== undefined)
    .map((service) => {
      const endpoints = endpointsOf(service, location, projectId ?? '').map(
        ({ service_id: _, ...endpoint }) => endpoint,
      )
      return { type: service.type, id: service.name, name: service.name, endpoints }
    })
}

/** Renders the list of services. */
export function serviceViews(location: CatalogueLocation) {
  const { origin } = location
  return servicesOf(location).map(({ type, name, description }) => ({
    id: name,
    name,
    type,
    description,
    enabled: true,
    links: listLinks(`${origin}/v3/services/${name}`),
  }))
}

/** Renders the list of endpoints. */
export function endpointViews(location: CatalogueLocation) {
  return servicesOf(location)
    .flatMap((service) => endpointsOf(service, location, PROJECT_PLACEHOLDER))
    .map((endpoint) => ({
      ...endpoint,
      enabled: true,
      links: listLinks(`${location.origin}/v3/endpoints/${endpoint.id}`),
    }))
}

/** Renders the region; there is only one. */
export function regionView({ origin, region }: CatalogueLocation) {
  return {
    id: region,
    type: 'public',
    description: '',
    parent_region_id: null,
    locales: { 'en-us': region, 'zh-cn': region },
    links: { self: `${origin}/v3/regions/${region}` },
  }
}

function servicesOf({ services = [] }: CatalogueSettings): readonly CatalogueService[] {
  return [...SERVICES, ...services]
}

/** An origin whose host is an IP address, which has no labels. */
const OF_ADDRESS = /^\w+:\/\/(?:\[|[\d.]+(?:[:/]|$))/

/**
 * Puts the label of a service before the host of an origin, in place of the label of another one; an IP address stays as it
 * is (contract 12.2).
 */
function withLabel(origin: string, label: string | undefined, services: readonly CatalogueService[]): string {
  if (label === undefined || OF_ADDRESS.test(origin)) return origin
  const labels = services.flatMap(({ host, name }) => (host === undefined ? [] : [host, name]))
  return origin.replace(/^(\w+:\/\/)([^.:/]+\.)?/, (_, scheme: string, first = '') => {
    const isLabel = labels.includes(first.slice(0, -1).toLowerCase())
    return `${scheme}${label}.${isLabel ? '' : first}`
  })
}

function endpointsOf(
  { name, path, host, isGlobal, isAlsoRegional }: CatalogueService,
  { origin, region, services = [] }: CatalogueLocation,
  projectId: string,
) {
  const url =
    withLabel(origin, host, services) + path.replace('{project_id}', () => projectId).replace('{region}', () => region)
  const endpointIn = (regionName: string, id: string) => ({
    id,
    service_id: name,
    interface: INTERFACE,
    region: regionName,
    region_id: regionName,
    url,
  })
  const id = `${name}-${INTERFACE}`
  return [endpointIn(isGlobal ? '*' : region, id), ...(isAlsoRegional ? [endpointIn(region, `${id}-${region}`)] : [])]
}

const text = Type.String()

export const catalogueSchema = Type.Array(
  Type.Object({
    type: text,
    id: text,
    name: text,
    endpoints: Type.Array(Type.Object({ id: text, interface: text, region: text, region_id: text, url: text })),
  }),
)

export const serviceSchema = Type.Object({
  id: text,
  name: text,
  type: text,
  description: text,
  enabled: Type.Boolean(),
  links: listLinksSchema,
})

export const endpointSchema = Type.Object({
  id: text,
  service_id: text,
  interface: text,
  region: text,
  region_id: text,
  url: text,
  enabled: Type.Boolean(),
  links: listLinksSchema,
})

export const regionSchema = Type.Object({
  id: text,
  type: text,
  description: text,
  parent_region_id: Type.Null(),
  locales: Type.Object({ 'en-us': text, 'zh-cn': text }),
  links: selfLinkSchema,
})
