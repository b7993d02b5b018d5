/** Settings of a service over PostgreSQL for a busy machine, where the default would take a database for unreachable. */
export const PATIENT_STORE = {
  'store-connect-timeout-ms': '30000',
  'store-acquire-timeout-ms': '30000',
  'store-statement-timeout-ms': '60000',
}
