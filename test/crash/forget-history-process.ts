import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { register, remove, setTags } from '../conformance/requests.ts'
import { Random } from '../support/random.ts'

// A process that writes and forgets history on a data folder until it is killed. It prints the horizon after each step.

const [folder = '', seed = '0'] = process.argv.slice(2)
const random = new Random(Number(seed))
const store = await openSqliteStore(folder, (error) => {
  throw error
})
const ids = Array.from({ length: 50 }, (_, i) => `r${i}`)
let { lastAtMs: atMs } = await store.getHistoryState('p')

async function write(): Promise<void> {
  for (;;) {
    const requests = Array.from({ length: 20 }, () => {
      const id = random.pick(ids)
      const tag = `k=${random.below(1000)}`
      return { ...random.pick([register(id, tag), setTags(id, tag), remove(id)]), atMs }
    })
    atMs += 10
    await store.commit('p', requests)
  }
}

async function forget(): Promise<void> {
  for (;;) {
    await store.forgetHistory('p', atMs - 300, 40)
    process.stdout.write(`${(await store.getHistoryState('p')).horizon}\n`)
  }
}

await Promise.all([write(), forget()])
