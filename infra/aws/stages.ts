import type { Settings } from './settings.ts'

export const STAGES = ['dev', 'staging', 'production', 'emulated'] as const
export type Stage = (typeof STAGES)[number]

/** What every stage is told from outside: it has no value that would serve all who deploy Daybook. */
type Told = 'repository' | 'alertEmail'

const dev: Omit<Settings, Told> = {
  release: 'unreleased',
  budgetDollarsAMonth: 300,
  keepsData: false,
  trailLockedDays: 1,
  signingKeys: 1,
  logDays: 14,
  availabilityZones: 2,
  databaseMinHalfUnits: 1,
  databaseMaxHalfUnits: 8,
  searchInstance: 't3.small.search',
  searchNodes: 2,
  searchGiB: 10,
  kinesisShards: 1,
  requestsPerSecond: 200,
  requestBurst: 400,
  requestsOfOneAddress: 10_000,
  canaryDeployment: false,
  mfaRequired: false,
  automaticInvoicingSince: 'never',
  automaticInvoicingAfterHours: 24,
  automaticInvoicingTenants: 'all',
  replicaBucketArn: 'none',
  replicaKeyArn: 'none',
}

const staging: Omit<Settings, Told> = {
  ...dev,
  budgetDollarsAMonth: 900,
  keepsData: true,
  logDays: 30,
  databaseMaxHalfUnits: 32,
  searchInstance: 'm7g.medium.search',
  searchGiB: 50,
  kinesisShards: 2,
  requestsPerSecond: 1_000,
  requestBurst: 2_000,
  requestsOfOneAddress: 100_000,
  canaryDeployment: true,
  mfaRequired: true,
}

const production: Omit<Settings, Told> = {
  ...staging,
  budgetDollarsAMonth: 3_500,
  // Seven years: books of account, UK Companies Act 2006 section 388 asks for six.
  trailLockedDays: 2_557,
  logDays: 90,
  availabilityZones: 3,
  databaseMinHalfUnits: 4,
  databaseMaxHalfUnits: 64,
  searchInstance: 'r7g.large.search',
  searchNodes: 3,
  searchGiB: 100,
  kinesisShards: 4,
  requestsPerSecond: 2_000,
  requestBurst: 4_000,
}

export const SETTINGS_OF_STAGES: { readonly [S in Stage]: Omit<Settings, Told> } = {
  dev,
  staging,
  production,
  emulated: dev,
}
