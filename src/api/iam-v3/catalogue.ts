import { Type } from 'typebox'
import { listLinks, listLinksSchema, selfLinkSchema } from './links.ts'

/** What the service is known by in its own catalogue. */
export type CatalogueSettings = { readonly region: string }

type Service = {
  readonly type: string
  readonly name: string
  readonly description: string
  readonly path: string
  readonly isGlobal?: true
  /** A global service that is also shown in the region. */
  readonly isAlsoRegional?: true
}

/** The services that are here, by the type under which clients look them up. */
const SERVICES: readonly Service[] = [
  { type: 'iam', name: 'iam', description: 'Identity and Access Management', path: '/v3.0', isGlobal: true },
  {
    ...{ type: 'identity', name: 'keystone', description: 'Identity (Keystone v3)', path: '/v3', isGlobal: true },
    // COMPAT: openstackclient with a region set looks for the identity service in that region only.
    isAlsoRegional: true,
  },
  // COMPAT: openstackclient asks for the versions at the root of this address (contract 7).
  { type: 'image', name: 'glance', description: 'Image Management Service', path: '' },
  { type: 'gaussdb', name: 'gaussdb', description: 'GaussDB for MySQL and TaurusDB', path: '/v3/{project_id}' },
  // COMPAT: python-otcextensions takes the endpoint whose address holds both `tms` and the region (contract 7), and like
  // the Go SDKs appends `/predefine_tags` to it: the version is part of the address.
  { type: 'tms', name: 'tms', description: 'Tag Management Service', path: '/tms/{region}/v1.0', isGlobal: true },
]

const INTERFACE = 'public'

/** What stands in an endpoint's address for the project, where none is known. */
const PROJECT_PLACEHOLDER = '$(project_id)s'

type Place = { readonly origin: string; readonly region: string }

/** The catalogue of a token: global services for every one, the services of a region for a project's. */
export function catalogueView(projectId: string | undefined, place: Place) {
  return SERVICES.filter(({ isGlobal }) => isGlobal || projectId !== undefined).map((service) => {
    const endpoints = endpointsOf(service, place, projectId ?? '').map(({ service_id: _, ...endpoint }) => endpoint)
    return { type: service.type, id: service.name, name: service.name, endpoints }
  })
}

/** The services as the calls about services show them. */
export function serviceViews(origin: string) {
  return SERVICES.map(({ type, name, description }) => ({
    ...{ id: name, name, type, description, enabled: true },
    links: listLinks(`${origin}/v3/services/${name}`),
  }))
}

/** The endpoints as the calls about endpoints show them. */
export function endpointViews(place: Place) {
  return SERVICES.flatMap((service) => endpointsOf(service, place, PROJECT_PLACEHOLDER)).map((endpoint) => ({
    ...{ ...endpoint, enabled: true },
    links: listLinks(`${place.origin}/v3/endpoints/${endpoint.id}`),
  }))
}

/** The one region that the service is. */
export function regionView({ origin, region }: Place) {
  return {
    ...{ id: region, type: 'public', description: '', parent_region_id: null },
    locales: { 'en-us': region, 'zh-cn': region },
    links: { self: `${origin}/v3/regions/${region}` },
  }
}

function endpointsOf({ name, path, isGlobal, isAlsoRegional }: Service, { origin, region }: Place, projectId: string) {
  const url = origin + path.replace('{project_id}', () => projectId).replace('{region}', () => region)
  const endpointIn = (shown: string, id: string) => ({
    ...{ id, service_id: name, interface: INTERFACE, region: shown, region_id: shown, url },
  })
  const id = `${name}-${INTERFACE}`
  return [endpointIn(isGlobal ? '*' : region, id), ...(isAlsoRegional ? [endpointIn(region, `${id}-${region}`)] : [])]
}

const text = Type.String()

/** The catalogue of a token. */
export const catalogueSchema = Type.Array(
  Type.Object({
    ...{ type: text, id: text, name: text },
    endpoints: Type.Array(Type.Object({ id: text, interface: text, region: text, region_id: text, url: text })),
  }),
)

export const serviceSchema = Type.Object({
  ...{ id: text, name: text, type: text, description: text, enabled: Type.Boolean() },
  links: listLinksSchema,
})

export const endpointSchema = Type.Object({
  ...{ id: text, service_id: text, interface: text, region: text, region_id: text, url: text },
  ...{ enabled: Type.Boolean(), links: listLinksSchema },
})

export const regionSchema = Type.Object({
  ...{ id: text, type: text, description: text, parent_region_id: Type.Null() },
  locales: Type.Object({ 'en-us': text, 'zh-cn': text }),
  links: selfLinkSchema,
})
