import { performance } from 'node:perf_hooks'

export type Step = <A>(name: string, work: () => Promise<A>) => Promise<A>

export type Taken = { readonly step: string; readonly seconds: number }

/** Says each step when it has ended, with its time; `taken` collects them. */
export const stepsTo = (
  write: (line: string) => void,
): { readonly step: Step; readonly taken: ReadonlyArray<Taken> } => {
  const taken: Array<Taken> = []
  const step: Step = async (name, work) => {
    const from = performance.now()
    const end = (outcome: string): void => {
      const seconds = (performance.now() - from) / 1_000
      taken.push({ step: name, seconds: Number(seconds.toFixed(1)) })
      write(`${outcome.padEnd(6)} ${seconds.toFixed(1).padStart(6)} s  ${name}\n`)
    }
    try {
      const result = await work()
      end('ok')
      return result
    } catch (error) {
      end('FAILED')
      throw error
    }
  }
  return { step, taken }
}
