import { createServer } from 'node:http'

// The yardstick: a bare HTTP server with one answer that is ready. `node yardstick-process.ts <status> <bytes>`. A body
// that comes is read and parsed, as any service would have to.

const [status = '200', bytes = '0'] = process.argv.slice(2)
const body = Buffer.alloc(Number(bytes), 'x')
const headers =
  status === '204' ? {} : { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }

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
