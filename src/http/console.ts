import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RequestMetrics } from '../telemetry/requests.ts'
import { consoleLoader, INDEX_FILE, type LoadedFile, type Packing, SUFFIXES } from './console-files.ts'

/** Where the console is. */
const ROOT = '/console/'
/** Missing files below this path do not exist; any other path is one of the console's own. */
const ASSETS = 'assets/'
/** The build leaves this in the page in place of the nonce. */
const NONCE = '%CSP_NONCE%'
const NONCE_BYTES = 16
const IMMUTABLE = 'public, max-age=31536000, immutable'
const NOT_BUILT =
  'The console is not built. Run "npm run console:build" in the folder of Tagwerk, and load this page again.\n'
/** One label for all requests: the metrics would grow with every file. */
const OPERATION = { family: 'console', operation: 'showConsole', method: 'GET', path: '/console/{path}' } as const

/** The console as the server knows it. */
export type Console = {
  /** Redirects a browser that asks for the page of the service, and says whether it did. */
  leadBrowser(request: FastifyRequest, reply: FastifyReply): boolean
  register(app: FastifyInstance): void
}

/** Serves the console of a folder from the memory of the process. */
export function consoleOf(folder: string, metrics: RequestMetrics): Console {
  const observe = metrics.observer(OPERATION)
  const load = consoleLoader(folder)
  const answer = async (request: FastifyRequest, reply: FastifyReply, handle: Handle) => {
    const observed = observe(request.headers)
    try {
      reply.headers(securityHeaders())
      return isRead(request) ? await handle(request, reply) : refuseMethod(reply)
    } catch (error) {
      reply.code(500)
      throw error
    } finally {
      observed.end(reply.statusCode, undefined)
    }
  }
  const routes: Readonly<Record<string, Handle>> = {
    [ROOT.slice(0, -1)]: async (_request, reply) => redirect(reply),
    [`${ROOT}*`]: async (request, reply) => {
      const files = await load()
      if (files === undefined) return sendText(reply, 503, NOT_BUILT)
      const { '*': path } = request.params as { readonly '*': string }
      const file = files.get(path)
      if (file !== undefined && path !== INDEX_FILE) return sendFile(file, request, reply)
      if (path.startsWith(ASSETS)) return sendText(reply, 404, 'There is no such file.\n')
      return sendIndex(files.get(INDEX_FILE) as LoadedFile, reply)
    },
  }
  return {
    leadBrowser: (request, reply) => {
      if (!asksForPage(request)) return false
      redirect(reply)
      observe(request.headers).end(reply.statusCode, undefined)
      return true
    },
    register: (app) => {
      for (const [url, handle] of Object.entries(routes)) {
        app.route({
          url,
          method: [...app.supportedMethods],
          schema: { operationId: OPERATION.operation } as object,
          handler: (request, reply) => answer(request, reply, handle),
        })
      }
    },
  }
}

type Handle = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** True for a browser that asks for the address alone. Other clients get the answer of the tag service there. */
function asksForPage({ originalUrl, method, headers }: FastifyRequest): boolean {
  // Most requests end at this comparison.
  if (originalUrl.length > 1 && originalUrl[1] !== '?') return false
  return (method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html') === true
}

function redirect(reply: FastifyReply): FastifyReply {
  return reply.code(302).headers({ location: ROOT, vary: 'Accept' }).send()
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

function refuseMethod(reply: FastifyReply): FastifyReply {
  reply.header('allow', 'GET, HEAD')
  return sendText(reply, 405, 'The console can only be read.\n')
}

/** The page is made for each request, so it has no form for caches. */
function sendIndex({ content, mediaType }: LoadedFile, reply: FastifyReply): FastifyReply {
  const nonce = randomBytes(NONCE_BYTES).toString('base64')
  const page = Buffer.from(content.toString('utf8').replaceAll(NONCE, nonce))
  reply.headers({ ...securityHeaders(nonce), 'cache-control': 'no-cache' })
  return sendBytes(reply, mediaType, page)
}

function sendFile(file: LoadedFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const packing = acceptedPacking(file.packed, request.headers['accept-encoding'])
  const content = packing === undefined ? file.content : (file.packed.get(packing) as Buffer)
  const tag = packing === undefined ? `"${file.sum}"` : `"${file.sum}${SUFFIXES[packing]}"`
  reply.headers({ etag: tag, 'cache-control': file.isHashed ? IMMUTABLE : 'no-cache' })
  if (file.packed.size > 0) reply.header('vary', 'Accept-Encoding')
  if (isKnown(tag, request.headers['if-none-match'])) return reply.code(304).send()
  if (packing !== undefined) reply.header('content-encoding', packing)
  return sendBytes(reply, file.mediaType, content)
}

function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return sendBytes(reply.code(status), 'text/plain; charset=utf-8', Buffer.from(text))
}

/** Names the length, because Fastify leaves it out of answers to HEAD. */
function sendBytes(reply: FastifyReply, mediaType: string, content: Buffer): FastifyReply {
  return reply.type(mediaType).header('content-length', content.length).send(content)
}

/** Gives the first packed form that the client accepts (RFC 9110, 12.5.3); undefined to send the file as it is. */
function acceptedPacking(packed: LoadedFile['packed'], header: string | string[] = ''): Packing | undefined {
  const weights = new Map(String(header).split(',').map(toWeight))
  const accepts = (packing: Packing) => (weights.get(packing) ?? weights.get('*') ?? 0) > 0
  return [...packed.keys()].find(accepts)
}

/** Reads `gzip;q=0.5`. */
function toWeight(item: string): readonly [name: string, weight: number] {
  const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((each) => each.startsWith('q='))
  return [name, weight === undefined ? 1 : Number(weight.slice(2))]
}

function isKnown(tag: string, header: string | undefined): boolean {
  if (header === undefined) return false
  return header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === tag)
}

/** Lets pages load from this service only. `nonce` is that of the style sheets that scripts of the page may add. */
function securityHeaders(nonce?: string): Record<string, string> {
  const styles = nonce === undefined ? "'self'" : `'self' 'nonce-${nonce}'`
  const policy =
    `default-src 'none'; script-src 'self'; style-src ${styles}; img-src 'self' data:; connect-src 'self'; ` +
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  return {
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  }
}
