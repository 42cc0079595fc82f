import type * as t from 'io-ts'
import { strict } from '../../schemas/strict.ts'
import {
  BucketArn,
  Count,
  Email,
  Flag,
  Hours,
  InstantOrNever,
  KeyArn,
  Release,
  Repository,
  SearchInstance,
  TenantsOrAll,
} from './codecs.ts'

/** What makes a stage; each by the name under which a context may override it. */
export const SETTINGS = {
  /** `owner/name` on GitHub: its workflows may deploy, and it holds the runbooks. */
  repository: Repository,
  /** Who is told of alarms and of the budget. */
  alertEmail: Email,
  /** What is deployed, a tag or a commit; `/health/live` tells it. */
  release: Release,
  budgetDollarsAMonth: Count(1, 1_000_000),
  /** Keeps data when a stack is deleted, and forbids to delete tables, database and user pool. */
  keepsData: Flag,
  /** How long nobody, not even the account's owner, may delete what the trail holds. */
  trailLockedDays: Count(1, 36_500),
  /** One more makes a new key for the trail, which signs from then on; never fewer than there were. */
  signingKeys: Count(1, 100),
  logDays: Count(1, 3_653),
  availabilityZones: Count(2, 3),
  /** Halves of an Aurora capacity unit; a unit is about 2 GiB. */
  databaseMinHalfUnits: Count(1, 512),
  databaseMaxHalfUnits: Count(2, 512),
  searchInstance: SearchInstance,
  searchNodes: Count(2, 80),
  /** Of each node. */
  searchGiB: Count(10, 3_000),
  kinesisShards: Count(1, 1_000),
  requestsPerSecond: Count(1, 10_000),
  requestBurst: Count(1, 5_000),
  /** Requests that one address may send in five minutes. */
  requestsOfOneAddress: Count(10, 2_000_000),
  /** A new version of a function first gets a tenth of the requests. */
  canaryDeployment: Flag,
  mfaRequired: Flag,
  /** The flag automatic-invoicing: orders of which time on are invoiced by themselves, after how many hours, and whose. */
  automaticInvoicingSince: InstantOrNever,
  automaticInvoicingAfterHours: Hours,
  automaticInvoicingTenants: TenantsOrAll,
  /** In another region, where all that the trail's bucket holds is copied to. */
  replicaBucketArn: BucketArn,
  /** Of that region, for the copies. */
  replicaKeyArn: KeyArn,
}
export const Settings = strict(SETTINGS)
export type Settings = t.TypeOf<typeof Settings>
