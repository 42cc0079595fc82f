import type { Sizes } from './capacity/sizes.ts'
import type { Settings } from './settings.ts'

export const STAGES = ['dev', 'staging', 'production', 'emulated'] as const
export type Stage = (typeof STAGES)[number]

/** What every stage is told from outside: it has no value that would serve all who deploy Daybook. */
type Told = 'repository' | 'alertEmail'

/** What is said of a stage; its sizes follow from its load, unless they are said, too. */
export type Stated = Omit<Settings, Told | keyof Sizes> & Partial<Sizes>

const dev: Stated = {
  release: 'unreleased',
  transactionsADay: 10_000,
  peakFactor: 5,
  budgetDollarsAMonth: 400,
  keepsData: false,
  trailLockedDays: 1,
  signingKeys: 1,
  logDays: 14,
  availabilityZones: 2,
  searchInstance: 't3.small.search',
  searchGiB: 10,
  requestsOfOneAddress: 10_000,
  canaryDeployment: false,
  mfaRequired: false,
  automaticInvoicingSince: 'never',
  automaticInvoicingAfterHours: 24,
  automaticInvoicingTenants: 'all',
  replicaBucketArn: 'none',
  replicaKeyArn: 'none',
}

const staging: Stated = {
  ...dev,
  transactionsADay: 1_000_000,
  budgetDollarsAMonth: 1_200,
  keepsData: true,
  logDays: 30,
  searchInstance: 'm7g.medium.search',
  searchGiB: 50,
  requestsOfOneAddress: 100_000,
  canaryDeployment: true,
  mfaRequired: true,
}

const production: Stated = {
  ...staging,
  transactionsADay: 10_000_000,
  budgetDollarsAMonth: 6_000,
  // Seven years: books of account, UK Companies Act 2006 section 388 asks for six.
  trailLockedDays: 2_557,
  logDays: 90,
  availabilityZones: 3,
  searchInstance: 'r7g.large.search',
  searchGiB: 100,
}

export const SETTINGS_OF_STAGES: { readonly [S in Stage]: Stated } = {
  dev,
  staging,
  production,
  emulated: dev,
}
