import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What happens to bytes on their way to the server. */
export type Fate =
  | 'passed'
  /** The connection is cut, and the bytes do not arrive. */
  | 'cut'
  /** The bytes arrive, and the connection is cut before anything comes back. */
  | 'passed-and-cut'
  /** Nothing arrives from here on, in either direction, and nothing is cut. */
  | 'swallowed'

/** Something between a client and a server that can do to connections what networks do. */
export type TcpProxy = {
  /** The server's URL with the proxy in its place. */
  readonly url: string
  /** Decides about bytes from now on; those of a new connection are asked about as an empty text first. */
  decide(fate: (text: string) => Fate): void
  stop(): Promise<void>
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let decide: (text: string) => Fate = () => 'passed'
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let isSwallowed = decide('') === 'swallowed'
    const cut = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', cut)
      socket.on('close', () => {
        sockets.delete(socket)
        if (!isSwallowed) cut()
      })
    }
    client.on('data', (chunk) => {
      const fate = isSwallowed ? 'swallowed' : decide(chunk.toString('latin1'))
      if (fate === 'swallowed') isSwallowed = true
      else if (fate === 'cut') cut()
      else if (fate === 'passed') upstream.write(chunk)
      else {
        upstream.write(chunk)
        upstream.once('data', cut)
        client.destroy()
      }
    })
    upstream.on('data', (chunk) => {
      if (!isSwallowed && decide('') !== 'swallowed' && client.writable) client.write(chunk)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    decide: (fate) => {
      decide = fate
    },
    stop: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
