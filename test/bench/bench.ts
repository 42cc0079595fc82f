/** One timed stretch of work: how many operations in how long, and each one's own time where they were timed singly. */
export type Round = {
  readonly operations: number
  readonly milliseconds: number
  readonly latenciesMs: ReadonlyArray<number>
}

/** One way of doing a case's work. */
export type Arm = {
  readonly name: string
  /** Does the work once more, on fresh data. What it prepares first is not in the time that it answers. */
  readonly round: () => Promise<Round>
  /** Calls of an engine (DynamoDB requests, SQL statements) that one operation makes, counted and not guessed. */
  readonly requestsPerOp?: number
  /** DynamoDB write units that one operation costs, indexes included, as the engine reports them on a stretch that is not timed. */
  readonly writeUnitsPerOp?: number
  /** Resident memory, in MiB, of the process under test, where it has a process of its own. */
  readonly rssMb?: () => number | undefined
  /** What a reader of its figures must know and only its rounds can tell, a line each. */
  readonly remarks?: () => ReadonlyArray<string>
}

/** What every other arm of a case is compared with: the least that must be done without Daybook. */
export const BARE = 'bare'

export type Case = {
  readonly name: string
  /** Of the figures: operations a second, so that higher is better. */
  readonly unit: string
  /** Rounds that count, where one takes minutes; default those of the run. */
  readonly rounds?: number
  /** Makes its data and answers its arms, in the order in which they run; what is to be closed again goes to `cleanUp`. */
  readonly prepare: (cleanUp: AsyncDisposableStack) => Promise<ReadonlyArray<Arm>>
}

/** What a suite is given. */
export type Setting = {
  /** Fewer operations and rounds: finishes within a minute. */
  readonly quick: boolean
  /** A directory of its own, removed in the end. */
  readonly dir: string
  /** Stops in the end, last first, whatever was started. */
  readonly cleanUp: AsyncDisposableStack
}

export type Opened = {
  /** Versions of the engines that it measures on. */
  readonly engines: { readonly [name: string]: string }
  readonly cases: ReadonlyArray<Case>
}

/** A suite starts its engines once; all its cases run on them. A new one is a file in `suites/` and a line in program.ts. */
export type Suite = (setting: Setting) => Promise<Opened>
