import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname } from 'node:path'
import * as t from 'io-ts'

const Manifest = t.type({ version: t.string })

export type InstalledPackage = { readonly dir: string; readonly version: string }

/** Where an npm package is installed; null when it is not (an optional package of another platform). */
export const packageOf = (name: string): InstalledPackage | null => {
  try {
    const file = findPackageJSON(name, import.meta.url)
    if (file === undefined) return null
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return { dir: dirname(file), version: Manifest.is(manifest) ? manifest.version : 'unknown' }
  } catch {
    return null
  }
}
