import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { build } from './build.ts'
import type { BundledPackage } from './bundled-packages.ts'

// Asks the registry for known vulnerabilities of the packages in the bundle. All packages are development dependencies,
// because the published package needs none, so `npm audit --omit=dev` alone would check nothing.

const root = join(import.meta.dirname, '..')

type Lock = { readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly version?: string }>> }

/** Writes a manifest and a lock file in which the bundled packages, and no others, are dependencies for production. */
export function writeAuditedManifest(folder: string, packages: readonly BundledPackage[]): void {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
  const bundled = new Set(packages.map(({ folder: place }) => relative(root, place)))
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]))
  const own = { name: 'audited', version: '0.0.0', dependencies }
  const locked = Object.entries(lock.packages).flatMap(([place, { dev: _dev, ...entry }]) =>
    bundled.has(place) ? [[place, entry] as const] : [],
  )
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...own, private: true, type: 'module' }))
  const audited = { ...lock, ...own, packages: { '': own, ...Object.fromEntries(locked) } }
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(audited))
}

if (process.argv[1] === import.meta.filename) {
  const folder = mkdtempSync(join(tmpdir(), 'tagwerk-audit-'))
  try {
    writeAuditedManifest(folder, await build(join(root, 'dist')))
    const { status } = spawnSync('npm', ['audit', ...process.argv.slice(2)], { cwd: folder, stdio: 'inherit' })
    process.exitCode = status ?? 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
