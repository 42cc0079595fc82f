import { mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EngineFault } from '../../infra/local/engines/engine.ts'
import { freePort } from '../../infra/local/engines/free-port.ts'
import { findJava } from '../../infra/local/engines/java.ts'
import { resolveClassPath } from '../../infra/local/engines/maven.ts'
import { spawnProcess } from '../../infra/local/engines/spawn-process.ts'
import { untilReady } from '../../infra/local/engines/until-ready.ts'

const POM = fileURLToPath(new URL('./s3mock/pom.xml', import.meta.url))
const MAIN = 'com.adobe.testing.s3mock.S3MockApplication'
const SETTING = 'com.adobe.testing.s3mock'

export const BUCKET = 'daybook'

export type S3mock = { readonly url: string; readonly stop: () => Promise<void> }

/** It listens on all addresses: its port without TLS cannot be bound to one. */
const run = async (dir: string): Promise<S3mock> => {
  const java = await findJava(17)
  if (java === null) throw new EngineFault('S3Mock needs Java 17 or newer, and none was found')
  const classPath = await resolveClassPath(POM)
  const [port, root, logFile] = [await freePort(), join(dir, 'objects'), join(dir, 's3mock.log')]
  mkdirSync(root, { recursive: true })
  const started = await spawnProcess({
    name: 's3mock',
    file: java.file,
    args: [
      ...['-Xmx256m', '-cp', classPath.join(delimiter), MAIN, '--server.address=127.0.0.1', '--server.port=0'],
      `--${SETTING}.httpPort=${port}`,
      ...[`--${SETTING}.store.root=${root}`, `--${SETTING}.store.initialBuckets=${BUCKET}`],
    ],
    logFile,
  })
  const url = `http://127.0.0.1:${port}`
  await untilReady(started, async (signal) => ((await fetch(url, { signal })).ok ? true : null), {
    logFile,
    deadlineMs: 60_000,
  })
  return { url, stop: started.stop }
}

/**
 * Adobe's S3Mock, an S3 of its own making (Java 17 and Maven), for one test file. Null, said on stderr, where it cannot be had
 * outside CI; in CI it must start.
 */
export const startS3mock = async (dir: string): Promise<S3mock | null> => {
  const withoutJava = process.env['DAYBOOK_WITHOUT_JAVA'] === '1'
  try {
    if (withoutJava) throw new EngineFault('left out by DAYBOOK_WITHOUT_JAVA=1')
    return await run(dir)
  } catch (error) {
    if (!(error instanceof EngineFault) || process.env['CI'] !== undefined) throw error
    process.stderr.write(`WITHOUT s3mock: ${error.message}. What needs it is not tested in this run.\n`)
    return null
  }
}
