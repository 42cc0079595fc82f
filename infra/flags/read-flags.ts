import * as E from 'fp-ts/lib/Either.js'
import { decode } from '../../schemas/decode.ts'
import { FlagValues } from '../../schemas/flags.ts'

/** What a document of flags says; or all that is wrong with it, on one line. */
export const readFlags = (text: string): E.Either<string, FlagValues> => {
  const json = E.tryCatch((): unknown => JSON.parse(text), E.toError)
  if (E.isLeft(json)) return E.left(`they are not JSON: ${json.left.message}`)
  const flags = decode(FlagValues, json.right)
  if (E.isRight(flags)) return flags
  return E.left(flags.left.map(({ pointer, message }) => `${pointer || 'the document'} ${message}`).join('; '))
}
