import { Type } from 'typebox'
import { aliasOf, RESOURCE_TYPES, type ResourceType } from '../../core/resource-type.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { PROVIDER_PAGE_LIMITS } from './limits.ts'

const LOCALES = ['en-us', 'zh-cn'] as const
type Names = Readonly<Record<(typeof LOCALES)[number], string>>

/** The services with taggable resources, by resource type. */
const PROVIDERS: Readonly<Record<ResourceType, { readonly id: string; readonly names: Names; readonly type: Names }>> =
  {
    images: {
      id: 'ims',
      names: { 'en-us': 'Image Management Service', 'zh-cn': '镜像服务' },
      type: { 'en-us': 'Private image', 'zh-cn': '私有镜像' },
    },
    instances: {
      id: 'gaussdb',
      names: { 'en-us': 'TaurusDB', 'zh-cn': '云数据库 TaurusDB' },
      type: { 'en-us': 'DB instance', 'zh-cn': '数据库实例' },
    },
  }

const { limitDefault, limitMax } = PROVIDER_PAGE_LIMITS

/** Lists the services whose resources can be tagged (contract 5, T5). */
export function listProviders(settings: { readonly region: string }): Route {
  return defineRoute({
    id: 'ListProviders',
    method: 'GET',
    path: '/v1.0/tms/providers',
    summary: 'List the services whose resources can be tagged',
    access: 'domain',
    action: 'tms:providers:list',
    query: listQuery({
      locale: oneOf(LOCALES, { default: 'en-us', description: 'Language of the display names.' }),
      limit: Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
      offset: Type.Integer({ minimum: 0, default: 0, 'x-error': 'offset-invalid' }),
      provider: Type.Optional(Type.String({ description: 'The name of one service, such as ims.' })),
    }),
    responses: {
      200: Type.Object({
        providers: Type.Array(
          Type.Object({
            provider: Type.String(),
            provider_i18n_display_name: Type.String(),
            resource_types: Type.Array(
              Type.Object({
                resource_type: Type.String(),
                resource_type_i18n_display_name: Type.String(),
                regions: Type.Array(Type.String()),
                global: Type.Boolean(),
              }),
            ),
          }),
        ),
        total_count: Type.Integer(),
      }),
    },
    handle: async ({ query: { locale, limit, offset, provider } }) => {
      const found = RESOURCE_TYPES.filter((type) => provider === undefined || PROVIDERS[type].id === provider)
      const providers = found.slice(offset, offset + limit).map((type) => providerView(type, locale, settings.region))
      return { status: 200, body: { providers, total_count: found.length } }
    },
  })
}

function providerView(type: ResourceType, locale: keyof Names, region: string) {
  const { id, names, type: typeNames } = PROVIDERS[type]
  const resourceType = {
    resource_type: aliasOf(type),
    resource_type_i18n_display_name: typeNames[locale],
    regions: [region],
    global: false,
  }
  return { provider: id, provider_i18n_display_name: names[locale], resource_types: [resourceType] }
}
