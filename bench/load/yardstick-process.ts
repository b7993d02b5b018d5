import { createServer } from 'node:http'

// The reference server: a bare HTTP server with one precomputed response. `node yardstick-process.ts <status> <bytes>`.
// Request bodies are read and parsed, as any service must.

const [status = '200', bytes = '0'] = process.argv.slice(2)
/**
 * Up to this size a string is sent in one packet with the head, which is faster than a buffer; above it a buffer is
 * faster.
 */
const TEXT_BYTES_MAX = 16_384
const text = 'x'.repeat(Number(bytes))
const body = text.length <= TEXT_BYTES_MAX ? text : Buffer.from(text)
const headers =
  status === '204' ? {} : { 'content-type': 'application/json; charset=utf-8', 'content-length': text.length }

const server = createServer((request, response) => {
  const answer = () => {
    response.writeHead(Number(status), headers)
    response.end(status === '204' ? undefined : body)
  }
  if (request.method === 'GET') return answer()
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    JSON.parse((parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString())
    answer()
  })
})
server.keepAliveTimeout = 3_600_000
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port))
process.on('disconnect', () => process.exit())
