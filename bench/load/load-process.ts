import { type LoadPlan, runLoad } from './load.ts'

// Runs load in a separate process that can be pinned to one core. Receives a plan as a message and sends back the result.

process.on('message', (plan) => {
  runLoad(plan as LoadPlan).then(
    (result) => process.send?.({ result }),
    (error) => process.send?.({ error: String((error as Error).message) }),
  )
})
process.on('disconnect', () => process.exit())
