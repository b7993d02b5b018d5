/** True for an error of the operating system, such as too many open files: no evidence against the file that was read. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
