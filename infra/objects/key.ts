import { InvalidObjectKey } from './port.ts'

/** S3: 1,024 bytes a key. */
const KEY_LIMIT = 1024

/** No dot in front, so no way up a directory; at most 255 bytes, as file systems have it. All of them are safe in S3 and URLs. */
const SEGMENT = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,254}$/

/** The segments of a key; throws `InvalidObjectKey`. */
export const segmentsOf = (key: string): ReadonlyArray<string> => {
  const segments = key.split('/')
  if (key.length > KEY_LIMIT || !segments.every((segment) => SEGMENT.test(segment))) {
    throw new InvalidObjectKey(`not a key of object storage: ${JSON.stringify(key.slice(0, KEY_LIMIT))}`)
  }
  return segments
}
