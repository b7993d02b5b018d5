import { type TagServiceRow, withoutQuery } from './row.ts'

/** The services whose calls have forms of their own [NS, TF; contract 12.5]. */
export const OWN_ROWS: readonly TagServiceRow[] = [
  withoutQuery('cdn', '/v1.0/cdn', { configuration: 'cdn' }, [], { form: 'id-in-body' }),
  withoutQuery(
    'iam',
    '/v5',
    {
      user: 'iam-user',
      agency: 'iam-agency',
      oidc_provider: 'iam-oidc-provider',
      saml_provider: 'iam-saml-provider',
    },
    [],
    { form: 'prefixed' },
  ),
  withoutQuery('iotda', '/v5/iot/{project_id}', { tags: 'iotda' }, [], { form: 'bound' }),
]
