import type { ServiceProcess } from '../service/service-process.ts'

/** A call, once or several times at once. */
export type Asked = {
  readonly what: string
  readonly status?: number
  readonly atOnce?: number
  readonly ask: () => Promise<number>
}

/** The calls that read many resources: every list, count, query and export with its costliest parameters. */
export function callsOf(service: ServiceProcess, domainToken: string, size: number): readonly Asked[] {
  const p = service.project
  const ask = async (token: string, method: string, path: string, body?: unknown): Promise<number> => {
    const response = await fetch(service.url + path, {
      method,
      headers: { 'x-auth-token': token, ...(body !== undefined && { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    })
    await response.body?.pipeTo(new WritableStream())
    return response.status
  }
  const get = (path: string) => ({ what: `GET ${path.replace(p, '{p}')}`, ask: () => ask(service.token, 'GET', path) })
  const post = (path: string, body: object, what = JSON.stringify(body)) => ({
    what: `POST ${path.replace(p, '{p}')} ${what}`,
    ask: () => ask(service.token, 'POST', path, body),
  })
  const tms = (path: string) => ({ what: `GET ${path}`, ask: () => ask(domainToken, 'GET', path.replace('{p}', p)) })
  const tmsPost = (path: string, body: object) => ({
    what: `POST ${path} ${JSON.stringify(body)}`,
    ask: () => ask(domainToken, 'POST', path, body),
  })
  const images = `/v2/${p}/images/resource_instances/action`
  // The last thousand images, see `lines`.
  const lastImages = (size * 3) / 4 - 1000
  const tags = (count: number) =>
    ['env', 'region', 'os', 'arch', 'owner', 'build-id'].slice(0, count).map((key) => ({ key, values: [] }))
  const allTags = get('/v1/cloudimages/tags')
  const sorted = get('/v2/images?sort_key=name&limit=1000')
  return [
    allTags,
    { ...allTags, what: `${allTags.what} (16 at once)`, atOnce: 16 },
    get('/v1/cloudimages/tags?status=active'),
    get('/v1/cloudimages/tags?limit=10&page=1000'),
    get(`/v2/${p}/images/tags`),
    get(`/v3/${p}/tags?limit=100`),
    get('/v2/cloudimages'),
    get('/v2/cloudimages?limit=1000'),
    get('/v2/cloudimages?limit=1000&sort_dir=asc'),
    get('/v2/cloudimages?status=queued'),
    get('/v2/cloudimages?min_disk=99'),
    get('/v2/cloudimages?size_min=1'),
    get('/v2/cloudimages?name=absent'),
    get('/v2/cloudimages?created_at=lt:2001-01-01T00:00:00Z'),
    get('/v2/cloudimages?sort_key=status&sort_dir=asc'),
    get('/v2/cloudimages?sort_key=size&sort_dir=desc&limit=1000'),
    sorted,
    { ...sorted, what: `${sorted.what} (16 at once)`, atOnce: 16 },
    post(images, { action: 'filter', limit: '1000' }),
    post(images, { action: 'filter', limit: '1000', offset: String(lastImages) }),
    post(images, { action: 'count', matches: [{ key: 'resource_name', value: 'e' }] }),
    post(images, { action: 'filter', matches: [{ key: 'resource_name', value: 'absent' }] }),
    post(images, { action: 'filter', limit: '1000', not_tags: tags(6) }),
    post(images, { action: 'filter', limit: '1000', tags_any: tags(6) }),
    post(images, { action: 'filter', without_any_tag: true }),
    get(`/v3/${p}/instances?limit=100`),
    get(`/v3/${p}/instances?id=*absent`),
    get(`/v3/${p}/instances?vpc_id=vpc-7&limit=100`),
    get(`/v3/${p}/instances?private_ip=10.0.0.7`),
    get(`/v3/${p}/instances?type=Single`),
    get(`/v3/${p}/instances?name=*e`),
    tms('/v1.0/tag-keys'),
    tms('/v1.0/tag-values?key=build-id'),
    tms('/v1.0/tags?resource_types=images,instances&tag_types=resource&project_id={p}'),
    tmsPost('/v1.0/resource-instances/filter', { resource_types: ['images', 'instances'], without_any_tag: true }),
    tmsPost('/v1.0/resource-instances/filter', { resource_types: ['images', 'instances'], tags: tags(6) }),
    post(`/tagwerk/v1/${p}/resources/query`, { limit: 1000 }),
    post(`/tagwerk/v1/${p}/resources/query`, { limit: 1000, offset: lastImages }),
    post(`/tagwerk/v1/${p}/resources/query`, { limit: 1000, not_tags: tags(6) }),
    get('/tagwerk/v1/export'),
    get('/v3/projects'),
    ...callsOfOwnApi(get, post, tms, p),
  ]
}

type Call = (path: string) => Asked
type CallWithBody = (path: string, body: object, what?: string) => Asked

/** The searches, counts and reports of Tagwerk's own API, each over all resources. */
function callsOfOwnApi(get: Call, post: CallWithBody, getInDomain: Call, p: string): readonly Asked[] {
  const own = `/tagwerk/v1/${p}`
  const pattern = Object.fromEntries(
    ['env', 'region', 'os', 'arch', 'owner'].map((key) => [
      key,
      {
        tag_key: { '@@assign': key },
        tag_value: { '@@assign': ['a*', 'prod'] },
        report_required_tag_for: { '@@assign': ['ims:*'] },
      },
    ]),
  )
  return [
    post(`${own}/resources/search`, { limit: 1000 }),
    post(`${own}/resources/search`, { filter: 'name.contains("absent")', limit: 1000 }),
    post(`${own}/resources/search`, {
      filter: '!tags["build-id"].contains("7")',
      facets: [{ keys: true }],
      explain: true,
    }),
    post(`${own}/resources/search`, {
      limit: 0,
      facets: [
        { key: 'build-id', limit: 1000 },
        { keys: true, limit: 1000 },
      ],
    }),
    get(`${own}/tag-keys?limit=1000`),
    get(`${own}/tag-values?key=build-id&limit=1000`),
    getInDomain('/tagwerk/v1/domain/tag-values?key=build-id&limit=1000'),
    get(`${own}/near-duplicates`),
    get(`${own}/coverage`),
    post(`${own}/compliance`, { policy: { tags: pattern } }),
    post(`${own}/compliance/resources`, { policy: { tags: pattern }, limit: 1000, facets: [{ key: 'env' }] }),
    post(`${own}/policies/rehearse`, { policy: { tags: pattern }, since: '-1d' }),
    get(`${own}/changes?limit=1000`),
    get(`${own}/diff?from=0&format=summary`),
    get(`${own}/permissions`),
    {
      ...post(
        `${own}/plans`,
        {
          select: { tags: [{ key: 'env', values: [] }] },
          actions: [{ rename_key: { from: 'env', to: 'environment' } }],
        },
        'rename env',
      ),
      status: 201,
    },
  ]
}
