import type { ApiRequest, Client } from '../../../src/cli/client.ts'
import { ApiError } from '../../../src/cli/error-answer.ts'

/** A client of project `p` whose answers are given by path; a code is an error. It notes its requests. */
export function fakeClient(answers: Readonly<Record<string, unknown>>): {
  readonly client: Client
  readonly requests: readonly ApiRequest[]
} {
  const requests: ApiRequest[] = []
  const json = async (request: ApiRequest) => {
    requests.push(request)
    const answer = answers[request.path.replace('/tagwerk/v1/p/', '')]
    if (typeof answer === 'string') throw new ApiError(answer, 400, undefined, answer)
    return { body: answer, revision: '1' }
  }
  return { client: { projectId: 'p', json } as unknown as Client, requests }
}
