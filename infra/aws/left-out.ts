/**
 * What the `emulated` stage leaves out of `dev`, part by part, and why: the one place where it is listed. Its engines are given
 * (`externalEngines`), so that it has no network, database or search domain either.
 */
export const LEFT_OUT_OF_EMULATED = {
  network: 'the engines that are given are not in a network of its own',
  database: 'its Aurora has no database behind it: Postgres is given',
  search: 'OpenSearch is given',
  firewall: 'its WAF enforces no rule',
  gradualDeployment: 'it has no CodeDeploy: an alias moves at once',
  canary: 'it has no CloudWatch Synthetics',
  budget: 'it costs nothing',
  continuousIntegration: 'nobody signs in to it from elsewhere',
} as const

export type Part = keyof typeof LEFT_OUT_OF_EMULATED
