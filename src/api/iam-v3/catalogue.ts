import { Type } from 'typebox'
import { listLinks, listLinksSchema, selfLinkSchema } from './links.ts'

export type CatalogueSettings = { readonly region: string }

type Service = {
  readonly type: string
  readonly name: string
  readonly description: string
  readonly path: string
  readonly isGlobal?: true
  /** True for a global service that has an endpoint in the region as well. */
  readonly isAlsoRegional?: true
}

/** The services of this installation. Clients look them up by type. */
const SERVICES: readonly Service[] = [
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
  return SERVICES.filter(({ isGlobal }) => isGlobal || projectId !== undefined).map((service) => {
    const endpoints = endpointsOf(service, location, projectId ?? '').map(({ service_id: _, ...endpoint }) => endpoint)
    return { type: service.type, id: service.name, name: service.name, endpoints }
  })
}

/** Renders the list of services. */
export function serviceViews(origin: string) {
  return SERVICES.map(({ type, name, description }) => ({
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
  return SERVICES.flatMap((service) => endpointsOf(service, location, PROJECT_PLACEHOLDER)).map((endpoint) => ({
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

function endpointsOf(
  { name, path, isGlobal, isAlsoRegional }: Service,
  { origin, region }: CatalogueLocation,
  projectId: string,
) {
  const url = origin + path.replace('{project_id}', () => projectId).replace('{region}', () => region)
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
