import { bare } from './bare.ts'
import { castore } from './castore.ts'
import type { Contender } from './contender.ts'
import { daybook } from './daybook.ts'
import { equinox } from './equinox.ts'

/** All arms, in the order in which they take turns. */
export const contenders: ReadonlyArray<Contender> = [bare, daybook, castore, equinox]
