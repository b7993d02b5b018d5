import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import type { Io } from '../io.ts'

/** A file from which a plan is made. */
export type PlanFile = { readonly bytes: Uint8Array; readonly contentType: string }

/** Reads a file, or standard input for `-`. A plan file begins with an object, anything else is CSV. */
export async function readPlanFile(name: string, io: Io): Promise<PlanFile> {
  const bytes = await readAll(name, io)
  const start = bytes.subarray(0, 64).toString().trimStart()
  return { bytes, contentType: start.startsWith('{') ? 'application/x-ndjson' : 'text/csv' }
}

async function readAll(name: string, io: Io): Promise<Buffer> {
  try {
    return await buffer(name === '-' ? io.stdin : createReadStream(name))
  } catch (error) {
    throw new Error(`cannot read ${name}: ${(error as Error).message}`, { cause: error })
  }
}
