import { Type } from 'typebox'
import type { ResourceTypeRow } from '../../core/resource-type-rows.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { PROVIDER_PAGE_LIMITS } from './limits.ts'

const LOCALES = ['en-us', 'zh-cn'] as const
type Locale = (typeof LOCALES)[number]

const { limitDefault, limitMax } = PROVIDER_PAGE_LIMITS

/** Lists the services whose resources can be tagged (contract 5, T5). */
export function listProviders(settings: { readonly region: string }, types: ResourceTypes): Route {
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
      const services = [...Map.groupBy(types.rows, ({ service }) => service)]
      const found = services.filter(([service]) => provider === undefined || service === provider)
      const providers = found.slice(offset, offset + limit).map(([service, rows]) => ({
        provider: service,
        provider_i18n_display_name: displayName(types.service(service), locale),
        resource_types: rows.map((row) => typeView(row, locale, settings.region)),
      }))
      return { status: 200, body: { providers, total_count: found.length } }
    },
  })
}

function displayName({ en, zh }: { readonly en: string; readonly zh: string }, locale: Locale): string {
  return locale === 'zh-cn' ? zh : en
}

function typeView(row: ResourceTypeRow, locale: Locale, region: string) {
  const isGlobal = row.isGlobal === true
  return {
    resource_type: row.tmsName ?? row.name,
    resource_type_i18n_display_name: displayName(row, locale),
    // COMPAT: global types have no regions (contract 5, T5).
    regions: isGlobal ? [] : [region],
    global: isGlobal,
  }
}
