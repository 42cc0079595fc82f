/** What the trail keeps (digests, keys, leaves) is not what was written, or the store is not what was sealed. */
export class CorruptTrail extends Error {
  override readonly name = 'CorruptTrail'
}
