import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { FUNCTION_NAMES, type FunctionName } from './functions.ts'

export type Bundle = {
  readonly name: FunctionName
  /** Holds `index.mjs`, and what else the function reads. */
  readonly directory: string
  /** Of `index.mjs`. */
  readonly bytes: number
}

/** `nodejs24.x` loads ESM; dependencies that are CommonJS ask for Node's own modules by `require`. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`

const sourceOf = (name: FunctionName): string => join(import.meta.dirname, `${name}.ts`)

const bytesOf = ({ outputs }: Metafile, name: FunctionName): number =>
  Object.entries(outputs).find(([path]) => path.endsWith(`${name}/index.mjs`))?.[1].bytes ?? 0

/** Bundles every function into a folder of its own below `outDir`, for any CPU; rejects when one does not build. */
export const bundleFunctions = async (outDir: string): Promise<ReadonlyArray<Bundle>> => {
  const names = FUNCTION_NAMES.filter((name) => existsSync(sourceOf(name)))
  const { metafile } = await build({
    entryPoints: names.map((name) => ({ in: sourceOf(name), out: `${name}/index` })),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    external: ['pg-native'],
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'silent',
  })
  return names.map((name) => ({ name, directory: join(outDir, name), bytes: bytesOf(metafile, name) }))
}
