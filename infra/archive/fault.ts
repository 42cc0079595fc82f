/** The archive is not what was written. `object` is the key of the object at fault. */
export class CorruptArchive extends Error {
  override readonly name = 'CorruptArchive'
  readonly object: string
  constructor(object: string, reason: string) {
    super(`object ${object} of the archive ${reason}`)
    this.object = object
  }
}
