/** A rebuild that does not go on, for a reason that its caller has to know; nothing that serves has changed. */
export class RebuildRefused extends Error {
  override readonly name = 'RebuildRefused'
}
