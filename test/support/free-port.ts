import { once } from 'node:events'
import { createServer } from 'node:net'
import { Random } from './random.ts'

/** Below the ports that systems give to outgoing connections and to servers that leave the choice to them. */
const [FIRST, LAST] = [12_000, 32_000]
const random = new Random(process.pid)

/** Gives a port of this machine that nobody has, and that nobody gets by chance while its owner is away. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + random.below(LAST - FIRST)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
