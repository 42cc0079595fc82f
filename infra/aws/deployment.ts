import type { FunctionName } from '../lambda/functions.ts'
import type { StageConfig } from './config.ts'

/** What is deployed: which stage, and where the bundle of each function lies. */
export type Deployment = {
  readonly config: StageConfig
  readonly bundleOf: (name: FunctionName) => string
}

/** Names are told apart by stage, so that two can share an account. */
export const nameIn = ({ stage }: StageConfig, name: string): string => `${stage}-${name}`

/** What a function is called in its account. */
export const functionNameIn = ({ stage }: StageConfig, name: FunctionName): string => `daybook-${stage}-${name}`
