import { NO_HASH } from '../../event-store/position.ts'
import type { SignedDigest } from '../digest.ts'
import type { KnownKey } from '../key-history.ts'
import { documentHash } from '../signed.ts'
import { Found } from './finding.ts'
import { assertSigned } from './keys.ts'

/** Follows the digests of a tenant, one after the other; throws `Found` at the first that does not fit. */
export const digestChain = (keys: ReadonlyArray<KnownKey>, tenant: string): ((digest: SignedDigest) => void) => {
  let before: SignedDigest | undefined
  return (digest) => {
    const { sequence, from, to, sealedAt, previousDigest } = digest.body
    const where = `digest ${sequence}`
    if (digest.body.tenant !== tenant)
      throw new Found('digest', where, `is one of tenant ${digest.body.tenant}, not ${tenant}`)
    assertSigned(keys, digest, sealedAt, 'digest', where)
    if (from >= to) throw new Found('digest', where, 'ends before it begins')
    if (before === undefined) {
      if ((sequence === 1) !== (previousDigest === NO_HASH))
        throw new Found('digest', where, 'does not follow another one, or should')
    } else if (sequence !== before.body.sequence + 1 || from !== before.body.to) {
      throw new Found('digest', where, `does not follow digest ${before.body.sequence}`)
    } else if (previousDigest !== documentHash(before.body)) {
      throw new Found('digest', where, `does not name the hash of digest ${before.body.sequence}`)
    }
    before = digest
  }
}
