import { gunzipSync, gzipSync } from 'node:zlib'
import { EVENTS_LIMIT } from './limits.ts'

/** Gzipped UTF-8; the same text gives the same bytes. The fastest level: of JSON the others save a hundredth more. */
export const pack = (text: string): Uint8Array => gzipSync(text, { level: 1 })

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'

/** The text that was packed. Throws on bytes that are no gzip, are cut off, or unpack to more than a command may hold. */
export const unpack = (packed: Uint8Array): string => {
  try {
    return gunzipSync(packed, { maxOutputLength: EVENTS_LIMIT }).toString('utf8')
  } catch (error) {
    throw isTooLarge(error) ? new Error(`they unpack to more than ${EVENTS_LIMIT} bytes`) : error
  }
}
