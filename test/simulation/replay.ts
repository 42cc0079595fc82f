/** Which runs: all that a seed leads to, or the one at `path` below it. */
export type Replay = { readonly seed: number | undefined; readonly path: string | undefined; readonly runs: number }

/** Without a word from the environment. Some 11 ms of CPU a run. */
const DEFAULT_RUNS = 2_000

const VARIABLES = {
  seed: 'DAYBOOK_SIMULATION_SEED',
  path: 'DAYBOOK_SIMULATION_PATH',
  runs: 'DAYBOOK_SIMULATION_RUNS',
} as const

const integer = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  if (/^-?\d{1,10}$/.test(text)) return Number(text)
  throw new Error(`${name} must be an integer, not ${text}`)
}

/** Throws on a variable that is no integer. */
export const readReplay = (env: NodeJS.ProcessEnv): Replay => ({
  seed: integer(VARIABLES.seed, env[VARIABLES.seed]),
  path: env[VARIABLES.path],
  runs: integer(VARIABLES.runs, env[VARIABLES.runs]) ?? DEFAULT_RUNS,
})

/** The environment that `readReplay` reads back. */
export const writeReplay = (
  replay: { readonly [variable in keyof Replay]?: string | undefined },
): NodeJS.ProcessEnv => ({
  [VARIABLES.seed]: replay.seed,
  [VARIABLES.path]: replay.path,
  [VARIABLES.runs]: replay.runs,
})

/** What a failure tells whoever has to find out why. */
export const replayCommand = ({
  seed,
  counterexamplePath,
}: {
  readonly seed: number
  readonly counterexamplePath: string | null
}): string => `npm run simulate -- --seed ${seed}${counterexamplePath === null ? '' : ` --path ${counterexamplePath}`}`
