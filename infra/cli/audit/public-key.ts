import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pemOf, publicKeyFile } from '../../audit/file-keys.ts'
import { Failure, reasonOf } from '../failure.ts'
import { stageTrail } from '../stage-engines.ts'
import type { VerifyOptions } from './options.ts'

const pemIn = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Failure(`the public key cannot be read: ${reasonOf(error)}`)
  }
}

const firstLine = async (file: string): Promise<string> => {
  const lines = createInterface({ input: createReadStream(file) })
  for await (const line of lines) {
    lines.close()
    return line
  }
  return ''
}

/** The key that an export brings along, as PEM. Trusting it proves that nothing was altered since, but not by whom it was made. */
const keyOfExport = async (dir: string): Promise<string> => {
  try {
    return pemOf(String(JSON.parse(await firstLine(join(dir, 'keys.jsonl'))).body.publicKey))
  } catch (error) {
    throw new Failure(`${dir} holds no key history, so it is no export: ${reasonOf(error)}`)
  }
}

/** What KMS says is the public half of the key that signs in a stage now. */
const keyOfStage = async (name: string): Promise<string> => {
  const { store, trail } = await stageTrail(name)
  const { publicKey } = await trail.keys.signer().finally(() => store.client.destroy())
  return pemOf(Buffer.from(publicKey).toString('base64'))
}

/**
 * The key to trust: the given one, else that of the stage or of the instance under the data directory, else with a warning the export's
 * own.
 */
export const trustedKey = async (
  dir: string | undefined,
  { publicKey, dataDir, stage }: VerifyOptions,
): Promise<string> => {
  if (publicKey !== undefined) return pemIn(publicKey)
  if (stage !== undefined) return keyOfStage(stage)
  const own = publicKeyFile(dataDir)
  if (existsSync(own)) return pemIn(own)
  if (dir === undefined) throw new Failure(`there is no ${own}: name the trail's public key with --public-key`)
  process.stderr.write(
    'warning: no public key was given, so the one within the export is trusted: this does not prove who made it (--public-key FILE)\n',
  )
  return keyOfExport(dir)
}
