import { sha256 } from './hash.ts'
import type { StreamName } from './port.ts'

/** A name as a segment of an object's key; by its hash where it has other characters or is long. No plain one begins with '~'. */
const segmentOf = (name: string): string =>
  /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/.test(name) ? name : `~${sha256(name)}`

/**
 * Key of the object that holds the packed events of a commit: tenant, stream, and SHA-256 (hex) of the object's bytes. A retry
 * writes the same object again, and what a lost race leaves behind is nobody else's.
 */
export const objectKeyOf = ({ tenant, type, id }: StreamName, sha256OfBytes: string): string =>
  `${[tenant, type, id].map(segmentOf).join('/')}/${sha256OfBytes}.json.gz`
