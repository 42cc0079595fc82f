import type { Buckets } from './constructs/buckets.ts'
import type { Engines } from './constructs/engines.ts'
import type { EventStore } from './constructs/event-store.ts'
import type { FeatureFlags } from './constructs/feature-flags.ts'
import type { Identity } from './constructs/identity.ts'
import type { IntegrationBus } from './constructs/integration-bus.ts'
import type { Source } from './constructs/mapping.ts'
import type { PersonalData } from './constructs/personal-data.ts'
import type { SigningKeys } from './constructs/signing-keys.ts'

/** What functions may be given to use. */
export type Data = {
  readonly store: EventStore
  readonly personal: PersonalData
  readonly signing: SigningKeys
  readonly buckets: Buckets
  readonly engines: Engines
  readonly identity: Identity
  readonly bus: IntegrationBus
  readonly flags: FeatureFlags
  /** The event table's own stream. */
  readonly changes: Source
  /** The same by Kinesis. */
  readonly commits: Source
}
