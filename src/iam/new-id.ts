import { randomUUID } from 'node:crypto'

/** Gives a random id: 32 hexadecimal digits, as the vendor's account API writes ids. */
export function newId(): string {
  return randomUUID().replaceAll('-', '')
}
