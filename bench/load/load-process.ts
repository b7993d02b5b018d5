import { type LoadPlan, runLoad } from './load.ts'

// Puts load on a server, in a process of its own that can be held to one core. A message is a plan, the answer its result.

process.on('message', (plan) => {
  runLoad(plan as LoadPlan).then(
    (result) => process.send?.({ result }),
    (error) => process.send?.({ error: String((error as Error).message) }),
  )
})
process.on('disconnect', () => process.exit())
