import * as E from 'fp-ts/lib/Either.js'
import { readConfig, type StageConfig } from '../../infra/aws/config.ts'
import type { Stage } from '../../infra/aws/stages.ts'
import { number, type Row } from './markdown.ts'

const TOLD = { 'daybook:repository': 'acme/daybook', 'daybook:alertEmail': 'operations@acme.example' }

export const configOf = (stage: Stage): StageConfig => {
  const config = readConfig({ ...TOLD, stage }, {})
  if (E.isLeft(config)) throw new Error(config.left.join('; '))
  return config.right
}

type Cell = string | number

export const stages = (['dev', 'staging', 'production'] as const).map(configOf)
export const ofStages = (what: string, figure: (config: StageConfig) => Cell): Row => [what, ...stages.map(figure)]
export const stageHead: Row = ofStages('stage', ({ stage }) => stage)
export const loadRow = ofStages('**transactions a day**', ({ transactionsADay }) => number(transactionsADay))
