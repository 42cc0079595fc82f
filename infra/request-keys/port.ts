/** What is known of an idempotency key when a request claims it. */
export type Claim = 'first' | 'same-request' | 'other-request'

/**
 * Binds a tenant's idempotency key to the first request that used it, for ever. It does not remember answers: those are in the
 * streams, where the commit of the command with this id is found again.
 */
export type RequestKeys = {
  readonly claim: (tenant: string, key: string, fingerprint: string) => Promise<Claim>
}
