import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import type { BundledPackage } from './bundled-packages.ts'

type Lock = { readonly packages: Readonly<Record<string, { readonly integrity?: string }>> }

/**
 * Gives the software bill of materials in CycloneDX's JSON: the program, and the packages that its bundle contains, with
 * the SHA-512 sums of the lock file. It has no time and no serial number, so that equal builds are equal.
 */
export function softwareBillOfMaterials(root: string, packages: readonly BundledPackage[]): string {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly version: string
  }
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
  const program = component(Enums.ComponentType.Application, name, version, 'Apache-2.0')
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: program }) })
  for (const { folder, ...bundled } of packages) {
    const library = component(Enums.ComponentType.Library, bundled.name, bundled.version, bundled.license)
    const { integrity } = lock.packages[relative(root, folder)] ?? {}
    if (integrity === undefined) throw new Error(`package-lock.json has no checksum of ${bundled.name}`)
    library.hashes.set(Enums.HashAlgorithm['SHA-512'], hexOf(integrity))
    bom.components.add(library)
    program.dependencies.add(library.bomRef)
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`
}

function component(type: Enums.ComponentType, fullName: string, version: string, license: string): Models.Component {
  const [, scope, name = fullName] = /^(@[^/]+)\/(.+)$/.exec(fullName) ?? []
  const purl = `pkg:npm/${fullName.replace('@', '%40')}@${version}`
  return new Models.Component(type, name, {
    bomRef: purl,
    purl,
    version,
    ...(scope !== undefined && { group: scope }),
    licenses: new Models.LicenseRepository([new Models.LicenseExpression(license)]),
  })
}

/** The hexadecimal form of a checksum such as `sha512-...`. */
function hexOf(integrity: string): string {
  const [, base64] = /^sha512-(.+)$/.exec(integrity) ?? []
  if (base64 === undefined) throw new Error(`not a SHA-512 checksum: ${integrity}`)
  return Buffer.from(base64, 'base64').toString('hex')
}
