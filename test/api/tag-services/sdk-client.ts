import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js'
import { GlobalCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/GlobalCredentials.js'
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js'
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js'
import { Logger4jInstance } from '@huaweicloud/huaweicloud-sdk-core/logger/log4jLogger.js'
import type { TagServiceRow } from '../../../src/api/tag-services/row.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { type AccessKey, makeAccessKey } from '../../support/signing.ts'
import { type Unit, unitsOf } from './units.ts'

/** A service, and the vendor's SDK client that signs and sends calls to it. */
export class SdkClient {
  readonly service: TestService
  readonly domainId: string
  readonly #regional: HcClient
  readonly #global: HcClient

  private constructor(service: TestService, domainId: string, { access, secret }: AccessKey) {
    this.service = service
    this.domainId = domainId
    const client = (credentials: BasicCredentials | GlobalCredentials) =>
      new HcClient(new DefaultHttpClient({}, [service.url]), {})
        .withEndpoints([service.url])
        .withCredential(credentials.withAk(access).withSk(secret))
    this.#regional = client(new BasicCredentials().withProjectId(service.project))
    this.#global = client(new GlobalCredentials().withDomainId(domainId))
  }

  static async start(): Promise<SdkClient> {
    // It would print every error that it is made to meet.
    Logger4jInstance.level = 'off'
    const service = await startTestService()
    const token = await service.tokenFor(undefined)
    const { body } = await service.call('GET', '/v3/auth/tokens', { token, headers: { 'x-subject-token': token } })
    const { user } = body.token
    return new SdkClient(service, user.domain.id, await makeAccessKey(service.call, user.id))
  }

  /** The units of rows. */
  units(rows: readonly TagServiceRow[]): readonly Unit[] {
    return unitsOf(rows, this.service.project, this.domainId)
  }

  /** Sends a call, with the Host header of the row's service. Gives status and body of the answer, or of the error. */
  async send(row: Pick<TagServiceRow, 'hosts' | 'base'>, method: string, url: string, data?: object) {
    const client = row.base.includes('{project_id}') ? this.#regional : this.#global
    const [host] = row.hosts ?? []
    const [path = '', query = ''] = url.split('?')
    try {
      const answer = await client.sendRequest({
        ...{ method, url: path, pathParams: {}, queryParams: Object.fromEntries(new URLSearchParams(query)) },
        contentType: 'application/json',
        headers: host === undefined ? {} : { host: `${host}.eu-de.example` },
        ...(data === undefined ? {} : { data }),
      })
      // biome-ignore lint/suspicious/noExplicitAny: the test says what it expects
      return { status: answer.httpStatusCode as number, body: answer as any, code: undefined }
    } catch (error) {
      const { httpStatusCode, errorCode } = error as { httpStatusCode: number; errorCode: string }
      return { status: httpStatusCode, body: undefined, code: errorCode }
    }
  }
}
