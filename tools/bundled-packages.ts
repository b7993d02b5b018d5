import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package of which the bundle contains modules. */
export type BundledPackage = {
  readonly folder: string
  readonly name: string
  readonly version: string
  /** SPDX expression. */
  readonly license: string
}

type Manifest = { readonly name: string; readonly version: string; readonly license?: string }

/** Gives each package that contains some of these modules once, sorted by name and version. Throws for one without a license. */
export function bundledPackages(modules: readonly string[]): readonly BundledPackage[] {
  const folders = new Set(modules.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []))
  // npm can install one version in several places.
  const packages = new Map<string, BundledPackage>()
  for (const folder of [...folders].toSorted()) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
    if (license === undefined) throw new Error(`the package ${name} has no license in its package.json`)
    packages.set(`${name}@${version}`, packages.get(`${name}@${version}`) ?? { folder, name, version, license })
  }
  return [...packages].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, bundled]) => bundled)
}
