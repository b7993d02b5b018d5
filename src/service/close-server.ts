import type { Socket } from 'node:net'

type ClosableServer = {
  close(): PromiseLike<unknown>
  readonly server: { closeIdleConnections(): void; closeAllConnections(): void }
}

/** Closes the server after its requests in flight, or at the timeout by closing their connections. */
export async function closeServer(app: ClosableServer, sockets: ReadonlySet<Socket>, timeoutMs: number): Promise<void> {
  // Node does not treat a connection that never sent a request as idle, so close() would wait for it.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const timer = setTimeout(() => app.server.closeAllConnections(), timeoutMs)
  await app.close()
  clearTimeout(timer)
}
