import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { publicKeyFile } from '../../audit/file-keys.ts'
import { Failure, reasonOf } from '../failure.ts'
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
    const publicKey = String(JSON.parse(await firstLine(join(dir, 'keys.jsonl'))).body.publicKey)
    return `-----BEGIN PUBLIC KEY-----\n${publicKey}\n-----END PUBLIC KEY-----\n`
  } catch (error) {
    throw new Failure(`${dir} holds no key history, so it is no export: ${reasonOf(error)}`)
  }
}

/** The key to trust: the given one, else that of the instance under the data directory, else with a warning the export's own. */
export const trustedKey = async (dir: string | undefined, { publicKey, dataDir }: VerifyOptions): Promise<string> => {
  if (publicKey !== undefined) return pemIn(publicKey)
  const own = publicKeyFile(dataDir)
  if (existsSync(own)) return pemIn(own)
  if (dir === undefined) throw new Failure(`there is no ${own}: name the trail's public key with --public-key`)
  process.stderr.write(
    'warning: no public key was given, so the one within the export is trusted: this does not prove who made it (--public-key FILE)\n',
  )
  return keyOfExport(dir)
}
