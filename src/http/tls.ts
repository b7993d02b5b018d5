import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Server } from 'node:https'
import type { Logger } from 'pino'

/** Files in PEM form: a certificate, followed by those of intermediate authorities, and its private key. */
export type TlsFiles = { readonly certFile: string; readonly keyFile: string }

/** Configuration of a TLS server. */
export type TlsContext = {
  readonly cert: Buffer
  readonly key: Buffer
  readonly minVersion: 'TLSv1.2'
  readonly ciphers: string
}

/** Suites with forward secrecy and authenticated encryption (OWASP ASVS 5.0, 12.1.2). Those of TLS 1.3 all are. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':')

/** Files are polled, because certificate managers replace them by renaming or by changing a symbolic link. */
const POLL_INTERVAL_MS = 5000

const EXPIRY_WARNING_MS = 14 * 86_400_000

/** Reads certificate and key. Throws an error that names the file and the fault. */
export function readTls({ certFile, keyFile }: TlsFiles): TlsContext & { readonly expiresAtMs: number } {
  const cert = readPem('--tls-cert', certFile)
  const key = readPem('--tls-key', keyFile)
  const certificate = parsePem('--tls-cert', certFile, 'a certificate', () => new X509Certificate(cert))
  const privateKey = parsePem('--tls-key', keyFile, 'a private key without a passphrase', () => createPrivateKey(key))
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new Error(`--tls-key: the key in ${keyFile} does not belong to the certificate in ${certFile}`)
  }
  return { cert, key, minVersion: 'TLSv1.2', ciphers: CIPHERS, expiresAtMs: Date.parse(certificate.validTo) }
}

/**
 * Loads certificate and key again whenever one of the files changes; connections that are open keep theirs. While the
 * files do not fit together, the last good pair stays in use. Gives the function that ends the polling.
 */
export function reloadTls(
  server: Pick<Server, 'setSecureContext'>,
  files: TlsFiles,
  log: Pick<Logger, 'info' | 'warn'>,
  intervalMs: number = POLL_INTERVAL_MS,
): () => void {
  const reload = () => {
    try {
      const { expiresAtMs, ...context } = readTls(files)
      server.setSecureContext(context)
      log.info({ expires: new Date(expiresAtMs).toISOString() }, 'TLS certificate reloaded')
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'TLS certificate not reloaded, the previous one stays in use')
    }
  }
  const names = [files.certFile, files.keyFile]
  for (const name of names) watchFile(name, { interval: intervalMs, persistent: false }, reload)
  return () => {
    for (const name of names) unwatchFile(name, reload)
  }
}

/** A warning about a certificate that has expired or soon will; undefined otherwise. */
export function expiryWarning(expiresAtMs: number, nowMs: number): string | undefined {
  if (expiresAtMs - nowMs > EXPIRY_WARNING_MS) return undefined
  const verb = expiresAtMs > nowMs ? 'expires' : 'expired'
  return `the certificate of --tls-cert ${verb} at ${new Date(expiresAtMs).toISOString()}`
}

function readPem(flag: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Error(`${flag}: cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`)
  }
}

function parsePem<T>(flag: string, file: string, what: string, parse: () => T): T {
  try {
    return parse()
  } catch {
    throw new Error(`${flag}: ${file} must hold ${what} in PEM form`)
  }
}
