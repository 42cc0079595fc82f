import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { DOCS_ASSETS } from '../http/docs-page.ts'
import { MIGRATIONS } from '../postgres/migrate.ts'
import { FUNCTION_NAMES, type FunctionName } from './functions.ts'
import { lean } from './lean.ts'

export type Bundle = {
  readonly name: FunctionName
  /** Holds `index.mjs`, and what else the function reads. */
  readonly directory: string
  /** Of `index.mjs`. */
  readonly bytes: number
  /** The source files that it is made of, from the root of the project. */
  readonly inputs: ReadonlyArray<string>
}

const ROOT = join(import.meta.dirname, '../..')

/** `nodejs24.x` loads ESM; dependencies that are CommonJS ask for Node's own modules by `require`. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

/** What lies beside a bundle: the SQL of migrations, and the page that shows the API. */
const copyAssets = async (outDir: string): Promise<void> => {
  await cp(MIGRATIONS, join(outDir, 'migrate/migrations'), { recursive: true })
  for (const file of DOCS_ASSETS) await cp(join(swaggerUi, file), join(outDir, 'query-api/docs', file))
}

/** Bundles every function into a folder of its own below `outDir`, for any CPU; rejects when one does not build. */
export const bundleFunctions = async (outDir: string): Promise<ReadonlyArray<Bundle>> => {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: FUNCTION_NAMES.map((name) => ({ in: join(import.meta.dirname, `${name}.ts`), out: `${name}/index` })),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    external: ['pg-native'],
    plugins: [lean],
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'silent',
  })
  await copyAssets(outDir)
  const outputs = Object.entries(metafile.outputs)
  return FUNCTION_NAMES.map((name) => {
    const output = outputs.find(([path]) => path.endsWith(`${name}/index.mjs`))?.[1]
    if (output === undefined) throw new Error(`esbuild made no bundle of ${name}`)
    return { name, directory: join(outDir, name), bytes: output.bytes, inputs: Object.keys(output.inputs) }
  })
}
